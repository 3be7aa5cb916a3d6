// What a host reaches: services on itself by port, and other hosts by the lab's routes. Nothing else answers.
import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { NetworkSpec } from '../spec.ts';

export interface Request {
  method: string;
  headers: Record<string, string>;
  body?: Buffer;
  signal?: AbortSignal;
}

export interface Response {
  status: number;
  headers: IncomingHttpHeaders;
  /** The body, piece by piece; throws if the server closes early. */
  body: AsyncIterable<Buffer>;
}

/** Something on the host that answers HTTP at a port or a socket. `owner` is the process as `ss` names it. */
export interface Service {
  owner: string;
  answer?(path: string, request: Request): Promise<Response>;
}

export type Failure = 'unresolved' | 'refused' | 'timeout' | 'empty' | 'reset';

export class Unreachable extends Error {
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(failure);
    this.failure = failure;
  }
}

export function whole(status: number, body: string, headers: IncomingHttpHeaders = {}): Response {
  return {
    status,
    headers,
    body: (async function* () {
      yield Buffer.from(body);
    })(),
  };
}

export async function text(response: Response): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response.body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** A body as a client receives it: what came before a break counts, which an IncomingMessage would drop. */
function received(response: IncomingMessage): AsyncIterable<Buffer> {
  const chunks: Buffer[] = [];
  let over = false;
  let broken: unknown;
  let wake = (): void => {};
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    wake();
  });
  response.on('error', (error) => {
    broken = error;
  });
  response.on('close', () => {
    over = true;
    if (!response.complete) broken ??= new Unreachable('reset');
    wake();
  });
  return {
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const chunk = chunks.shift();
        if (chunk) yield chunk;
        else if (over) {
          if (broken) throw broken;
          return;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    },
  };
}

/** Forwards a request to a server on this machine. */
export function forward(base: string, path: string, request: Request): Promise<Response> {
  return new Promise((resolve, reject) => {
    const url = new URL(base);
    const outgoing = httpRequest(
      {
        host: url.hostname,
        port: url.port,
        path: url.pathname === '/' ? path : url.pathname.replace(/\/$/, '') + path,
        method: request.method,
        headers: request.body
          ? { ...request.headers, 'Content-Length': String(request.body.length) }
          : request.headers,
        signal: request.signal,
        // A kept connection would hold the lab's servers open after the host is gone.
        agent: false,
      },
      (response) => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: received(response) });
      },
    );
    outgoing.on('error', (error: NodeJS.ErrnoException) => {
      if (error.name === 'AbortError') reject(error);
      else if (error.code === 'ECONNREFUSED') reject(new Unreachable('refused'));
      else if (error.code === 'ECONNRESET') reject(new Unreachable('empty'));
      else reject(new Unreachable('reset'));
    });
    outgoing.end(request.body);
  });
}

const MESOS_DNS_PORT = 8123;
const MASTERS = ['leader.mesos', 'master.mesos'];

export class Reach {
  readonly address: string;
  /** Ports in use on the host. */
  readonly ports = new Map<number, Service>();
  /** Unix sockets by path on the host. */
  readonly sockets = new Map<string, Service>();
  #spec: NetworkSpec;

  constructor(address: string, spec: NetworkSpec) {
    this.address = address;
    this.#spec = spec;
  }

  set(spec: NetworkSpec): void {
    this.#spec = spec;
  }

  srv(name: string): string[] | undefined {
    return this.#spec.srv?.[name];
  }

  /** The route to a host and port, for `getent` and the programs that ask without HTTP. */
  route(host: string, port: number): string | undefined {
    const routes = this.#spec.routes ?? {};
    return routes[`${host}:${port}`] ?? routes[host] ?? routes['*'];
  }

  isHere(host: string): boolean {
    return host === 'localhost' || host === '127.0.0.1' || host === this.address;
  }

  /** Asks a URL as a program on this host. Throws `Unreachable`. */
  async request(url: string, request: Request): Promise<Response> {
    const { hostname, port, protocol, pathname, search } = new URL(url);
    const number = port ? Number(port) : protocol === 'https:' ? 443 : 80;
    const headers = { Host: port ? `${hostname}:${port}` : hostname, ...request.headers };
    if (this.isHere(hostname)) {
      const service = this.ports.get(number);
      if (!service) throw new Unreachable('refused');
      if (!service.answer) throw new Unreachable('empty');
      return service.answer(pathname + search, { ...request, headers });
    }
    const route = this.route(hostname, number);
    if (!route && number === MESOS_DNS_PORT && MASTERS.includes(hostname)) return this.#mesosDns(pathname);
    if (!route) throw new Unreachable(isIP(hostname) ? 'refused' : 'unresolved');
    return forward(route, pathname + search, { ...request, headers });
  }

  /** Mesos-DNS' HTTP API on a master: one empty entry where there is no record. */
  #mesosDns(path: string): Response {
    const name = decodeURIComponent(path.replace(/^\/v1\/services\//, ''));
    const entries = (this.srv(name) ?? []).map((target) => {
      const [ip, port] = target.split(':');
      return { service: name, host: `etcd-server-${ip!.replaceAll('.', '-')}.etcd.slave.mesos.`, ip, port };
    });
    if (!entries.length) entries.push({ service: '', host: '', ip: '', port: '' });
    // Go's server dates its answers; a host takes the time of the master from there.
    return whole(200, JSON.stringify(entries), {
      'content-type': 'application/json; charset=utf-8',
      date: new Date().toUTCString(),
    });
  }

  async requestSocket(path: string, pathAndQuery: string, request: Request): Promise<Response> {
    const service = this.sockets.get(path);
    if (!service?.answer) throw new Unreachable('refused');
    return service.answer(pathAndQuery, request);
  }
}
