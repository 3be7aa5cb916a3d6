// A server that stands for where a bundle's parts come from: files as GitHub has them, images as a registry has them.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

const digest = (data: Buffer) => `sha256:${createHash('sha256').update(data).digest('hex')}`;

export interface Answer {
  status?: number;
  type?: string;
  body: Buffer | string;
}

export interface SourcesServer {
  url: string;
  /** By path; without one 404. */
  answers: Map<string, Answer>;
  /** Paths that were asked for, in their order. */
  requests: string[];
  stop(): Promise<void>;
}

const DOCKER = 'application/vnd.docker.distribution.manifest';

/** Puts an image there: a list of manifests, of which one is for DC/OS's agents; a layer that stands in it twice. */
export function addImage(
  answers: Map<string, Answer>,
  repository: string,
  tag: string,
  text: string,
): string[] {
  const layers = [`${text} one`, `${text} two`, `${text} one`].map((content) => Buffer.from(content));
  const packed = layers.map((content) => gzipSync(content));
  const config = Buffer.from(
    JSON.stringify({
      os: 'linux',
      architecture: 'amd64',
      rootfs: { type: 'layers', diff_ids: layers.map(digest) },
    }),
  );
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: `${DOCKER}.v2+json`,
      config: { digest: digest(config) },
      layers: packed.map((content) => ({ digest: digest(content) })),
    }),
  );
  const list = {
    schemaVersion: 2,
    mediaType: `${DOCKER}.list.v2+json`,
    manifests: [
      { digest: `sha256:${'0'.repeat(64)}`, platform: { os: 'linux', architecture: 'arm64' } },
      { digest: digest(manifest), platform: { os: 'linux', architecture: 'amd64' } },
    ],
  };
  const at = (path: string) => `/v2/${repository}/${path}`;
  answers.set(at(`manifests/${tag}`), { body: JSON.stringify(list) });
  answers.set(at(`manifests/${digest(manifest)}`), { body: manifest });
  for (const content of [config, ...packed]) answers.set(at(`blobs/${digest(content)}`), { body: content });
  return packed.map(digest);
}

/** A registry as quay.io is: nobody gets anything without the token that everybody gets. */
function refused(request: IncomingMessage, response: ServerResponse, url: string): boolean {
  if (!request.url!.startsWith('/v2/') || request.headers.authorization === 'Bearer for-everybody')
    return false;
  response
    .writeHead(401, {
      'WWW-Authenticate': `Bearer realm="${url}/token",service="quay.io",scope="repository:calico/node:pull"`,
    })
    .end('{}');
  return true;
}

export async function startSources(): Promise<SourcesServer> {
  const answers = new Map<string, Answer>();
  const requests: string[] = [];
  let url = '';
  const server = createServer((request, response) => {
    const [path] = request.url!.split('?');
    requests.push(path!);
    if (path === '/token') return void response.end('{"token":"for-everybody"}');
    if (refused(request, response, url)) return;
    const {
      status = 200,
      type = 'application/octet-stream',
      body,
    } = answers.get(path!) ?? {
      status: 404,
      body: 'no such page',
    };
    response.writeHead(status, { 'Content-Type': type }).end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    answers,
    requests,
    stop: () => new Promise((stopped) => server.close(() => stopped())),
  };
}
