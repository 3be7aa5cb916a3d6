// A cluster that answers the few requests of `status` from a `ClusterRead`, on a real port. Shapes: the recordings.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ClusterRead } from '../../src/status/build.ts';

export interface Canned {
  url: string;
  /** Requests by what they ask: `agents`, `group`, `info`, `file`, `other`. */
  asked: Record<string, number>;
  /** What was asked, in its order. */
  paths: string[];
  /** Sent in bodies. */
  bytes: number;
  /** Most file reads that were under way at once. */
  mostAtOnce: number;
  /** What is answered from now on. */
  become(read: ClusterRead): void;
  /** Answers `status` to everything, from now on; 0: as usual. */
  fail(status: number): void;
  close(): Promise<void>;
}

export async function startCanned(first: ClusterRead): Promise<Canned> {
  let bodies = bodiesOf(first);
  let failing = 0;
  let underWay = 0;
  const server = createServer((request, response) => {
    const what = kindOf(request);
    canned.paths.push(request.url ?? '');
    canned.asked[what] = (canned.asked[what] ?? 0) + 1;
    if (failing) return html(response, failing);
    if (what === 'file') {
      canned.mostAtOnce = Math.max(canned.mostAtOnce, ++underWay);
      // Not at once: on a network reads overlap, and a test counts how many do.
      setTimeout(() => {
        underWay--;
        const file = bodies.files.get(taskOf(request));
        if (file === undefined) response.writeHead(404).end();
        else send(response, JSON.stringify({ data: file, offset: 0 }));
      }, 5);
      return;
    }
    const body = bodies[what as 'agents'];
    if (body === undefined)
      return send(response, JSON.stringify({ message: "Group '/calico' does not exist" }), 404);
    send(response, body);
  });
  const send = (response: ServerResponse, body: string | Buffer, status = 200) => {
    canned.bytes += Buffer.byteLength(body);
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(body);
  };
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const canned: Canned = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: {},
    paths: [],
    bytes: 0,
    mostAtOnce: 0,
    become(read) {
      bodies = bodiesOf(read);
    },
    fail(status) {
      failing = status;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
  return canned;
}

function bodiesOf({ agents, group, marathon, reports }: ClusterRead) {
  const info = {
    name: 'marathon',
    version: marathon.version,
    frameworkId: 'F-0000',
    leader: '10.0.0.1:8080',
  };
  return {
    agents: Buffer.from(JSON.stringify({ slaves: agents, recovered_slaves: [] })),
    group: group && Buffer.from(JSON.stringify(group)),
    info: Buffer.from(JSON.stringify(info)),
    files: new Map([...reports].map(([id, report]) => [id, JSON.stringify(report)])),
  };
}

function kindOf({ url = '' }: IncomingMessage): string {
  if (url.startsWith('/mesos/slaves')) return 'agents';
  if (url.startsWith('/service/marathon/v2/groups/calico?')) return 'group';
  if (url.startsWith('/service/marathon/v2/info')) return 'info';
  if (url.startsWith('/agent/')) return 'file';
  return 'other';
}

function taskOf({ url = '' }: IncomingMessage): string {
  const path = new URL(url, 'http://localhost').searchParams.get('path') ?? '';
  return /\/executors\/(.+)\/runs\/latest\/status\.json$/.exec(path)?.[1] ?? '';
}

function html(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'Content-Type': 'text/html' }).end(`<html><h1>${status}</h1></html>`);
}
