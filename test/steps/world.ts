// What is around a host in these tests: an etcd that speaks the v2 API (shapes as in conformance/recordings/etcd-3.4.23)
// and a server of artifacts, on one loopback port.
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { standIn } from '../../src/lab/artifacts/stand-ins.ts';
import type { NetworkSpec } from '../../src/lab/sandbox/spec.ts';

interface Node {
  key: string;
  value?: string;
  dir?: boolean;
  nodes?: Node[];
}

/** A tar archive of one file. */
export function tarOf(name: string, content: Buffer): Buffer {
  const head = Buffer.alloc(512);
  head.write(name, 0);
  head.write('0000755\0', 100);
  head.write('0000000\0', 108);
  head.write('0000000\0', 116);
  head.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  head.write('00000000000\0', 136);
  head.write('        ', 148);
  head.write('0', 156);
  head.write('ustar\x0000', 257);
  let sum = 0;
  for (const byte of head) sum += byte;
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([head, content, Buffer.alloc(((512 - (content.length % 512)) % 512) + 1024)]);
}

export const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');

const script = (name: string): Buffer => Buffer.from(`#!/bin/sh\n# ${name}\nexit 0\n`);

export const FILES: Record<string, Buffer> = {
  'etcd-v3.3.27-linux-amd64.tar.gz': gzipSync(tarOf('etcd-v3.3.27-linux-amd64/etcd', script('etcd'))),
  calico: script('calico'),
  'calico-ipam': script('calico-ipam'),
  calicoctl: standIn('calicoctl')!.content,
};

export class World {
  readonly keys = new Map<string, string>();
  /** URL paths that were asked, with the method, oldest first. */
  readonly asked: string[] = [];
  clusterId = '48276a8f75b6a87';
  /** Nothing answers while it is set. */
  etcdIsDown = false;
  /** Answers in the place of an artifact, by file name. */
  readonly instead = new Map<string, (response: ServerResponse) => void>();
  peerUrls = ['http://10.0.0.11:2380'];
  readonly #server: Server;
  #url = '';

  constructor() {
    this.#server = createServer((request, response) => void this.#answer(request, response));
    this.#server.unref();
  }

  static async start(): Promise<World> {
    const world = new World();
    await new Promise<void>((resolve) => world.#server.listen(0, '127.0.0.1', resolve));
    world.#url = `http://127.0.0.1:${(world.#server.address() as AddressInfo).port}`;
    return world;
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }

  get url(): string {
    return this.#url;
  }

  network(): NetworkSpec {
    return {
      routes: {
        '10.0.0.11': this.#url,
        '10.0.0.12': this.#url,
        'github.com': this.#url,
        'mirror.example': this.#url,
        'leader.mesos': this.#url,
      },
      srv: { '_etcd-server._tcp.etcd.mesos': ['10.0.0.11:2380'] },
    };
  }

  #node(key: string): Node | undefined {
    const value = this.keys.get(key);
    if (value !== undefined) return { key, value };
    const below = new Map<string, Node>();
    const prefix = key === '/' ? '/' : `${key}/`;
    for (const each of this.keys.keys()) {
      if (!each.startsWith(prefix)) continue;
      const child = prefix + each.slice(prefix.length).split('/')[0];
      below.set(child, this.#node(child)!);
    }
    return below.size || key === '/' ? { key, dir: true, nodes: [...below.values()] } : undefined;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', this.#url);
    this.asked.push(`${request.method} ${pathname}`);
    const json = (status: number, body: unknown) => {
      response.writeHead(status, { 'Content-Type': 'application/json', 'X-Etcd-Cluster-Id': this.clusterId });
      response.end(`${JSON.stringify(body)}\n`);
    };
    const name = pathname.slice(pathname.lastIndexOf('/') + 1);
    const instead = this.instead.get(name);
    if (instead) return instead(response);
    if (FILES[name]) {
      response.writeHead(200, { 'Content-Length': FILES[name].length });
      response.end(FILES[name]);
      return;
    }
    if (pathname.startsWith('/v1/services/')) {
      const hosts = this.peerUrls.map((url) => new URL(url));
      return json(
        200,
        hosts.map(({ hostname, port }) => ({ service: name, host: hostname, ip: hostname, port })),
      );
    }
    if (this.etcdIsDown) return void request.socket.destroy();
    if (pathname === '/version') return json(200, { etcdserver: '3.3.27', etcdcluster: '3.3.0' });
    if (pathname === '/v2/members')
      return json(200, { members: [{ id: '1', name: 'a', peerURLs: this.peerUrls, clientURLs: [] }] });
    if (pathname === '/members') return json(200, []);
    if (!pathname.startsWith('/v2/keys')) return json(404, {});
    const key = decodeURIComponent(pathname.slice('/v2/keys'.length)).replace(/\/+$/, '') || '/';
    const missing = { errorCode: 100, message: 'Key not found', cause: key, index: 1 };
    if (request.method === 'PUT') {
      let body = '';
      for await (const chunk of request) body += String(chunk);
      const value = new URLSearchParams(body).get('value') ?? '';
      if (searchParams.get('prevExist') === 'false' && this.keys.has(key))
        return json(412, { errorCode: 105, message: 'Key already exists', cause: key, index: 1 });
      this.keys.set(key, value);
      return json(201, { action: 'set', node: { key, value } });
    }
    const node = this.#node(key);
    if (!node) return json(404, missing);
    if (request.method === 'DELETE') {
      if (node.dir && searchParams.get('recursive') !== 'true')
        return json(403, { errorCode: 102, message: 'Not a file' });
      for (const each of [...this.keys.keys()])
        if (each === key || each.startsWith(`${key}/`)) this.keys.delete(each);
      return json(200, { action: 'delete', node: { key } });
    }
    const shallow = (each: Node): Node => (each.dir ? { key: each.key, dir: true } : each);
    const nodes = searchParams.get('recursive') === 'true' ? node.nodes : node.nodes?.map(shallow);
    return json(200, { action: 'get', node: node.dir ? { ...node, nodes } : node });
  }
}
