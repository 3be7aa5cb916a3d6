// The lab's web server: what agents download, and what a download can suffer.
import { createHash } from 'node:crypto';
import { standIn } from './stand-ins.ts';

/** What goes wrong with a download, by a part of its path. */
export interface ArtifactFault {
  /** A part of the path, or `*`. */
  path: string;
  /**
   * - `status`: an error page with `status`
   * - `wrong`: other bytes of the same length, as a proxy's page would be
   * - `short`: the right length is announced, half of it comes
   * - `slow`: one byte in `ms`
   * - `hang`: no answer
   * - `login`: a web page with 200, as a captive portal sends it
   */
  kind: 'status' | 'wrong' | 'short' | 'slow' | 'hang' | 'login';
  status?: number;
  ms?: number;
  times?: number;
}

export interface ArtifactServer {
  url: string;
  /** Paths in the order they were asked for, with the host that was asked. */
  requests: { host: string; path: string }[];
  setFaults(faults: readonly ArtifactFault[]): void;
  /** Another file at a path; its SHA-256. */
  add(path: string, content: Buffer, headers?: Record<string, string>): string;
  stop(): Promise<void>;
}

export interface ArtifactServerOptions {
  /** Default: loopback, any free port, plain HTTP. */
  host?: string;
  port?: number;
  tls?: { key: Buffer | string; cert: Buffer | string };
}

export async function startArtifacts(options: ArtifactServerOptions = {}): Promise<ArtifactServer> {
  const { default: fastify } = await import('fastify');
  const { host = '127.0.0.1', tls } = options;
  const app = fastify({ forceCloseConnections: true, ...(tls ? { https: tls } : {}) } as {
    forceCloseConnections: true;
  });
  const added = new Map<string, { content: Buffer; headers?: Record<string, string> }>();
  const requests: ArtifactServer['requests'] = [];
  const timers = new Set<NodeJS.Timeout>();
  let faults: { fault: ArtifactFault; happened: number }[] = [];
  const draw = (path: string): ArtifactFault | undefined => {
    const due = faults.find(
      ({ fault, happened }) =>
        (fault.path === '*' || path.includes(fault.path)) &&
        (fault.times === undefined || happened < fault.times),
    );
    if (due) due.happened++;
    return due?.fault;
  };
  app.get('/*', async (request, reply) => {
    const path = request.url.replace(/\?.*$/, '');
    requests.push({ host: request.headers.host ?? '', path });
    const fault = draw(path);
    if (fault?.kind === 'hang') return reply.hijack();
    if (fault?.kind === 'status') {
      const status = fault.status ?? 503;
      return reply.code(status).type('text/html').send(`<html><body><h1>${status}</h1></body></html>\n`);
    }
    if (fault?.kind === 'login') {
      return reply.type('text/html').send('<html><body>Sign in to use this network</body></html>\n');
    }
    const own = added.get(path);
    const content = own?.content ?? standIn(path)?.content;
    if (own?.headers) reply.headers(own.headers);
    if (!content) return reply.code(404).type('text/plain').send('Not Found');
    const type = own?.headers?.['content-type'] ?? 'application/octet-stream';
    if (fault?.kind === 'wrong') return reply.type(type).send(Buffer.alloc(content.length, 0x2a));
    if (fault?.kind === 'short' || fault?.kind === 'slow') {
      reply.hijack();
      reply.raw.writeHead(200, { 'Content-Type': type, 'Content-Length': content.length });
      if (fault.kind === 'short') {
        reply.raw.write(content.subarray(0, content.length >> 1), () => reply.raw.socket?.destroy());
        return reply;
      }
      let at = 0;
      const timer = setInterval(() => {
        if (reply.raw.destroyed || at >= content.length) {
          clearInterval(timer);
          timers.delete(timer);
          reply.raw.end();
        } else reply.raw.write(content.subarray(at, ++at));
      }, fault.ms ?? 100);
      timers.add(timer);
      return reply;
    }
    return reply.type(type).send(content);
  });
  await app.listen({ host, port: options.port ?? 0 });
  const { port } = app.server.address() as { port: number };
  return {
    url: `${tls ? 'https' : 'http'}://${host}:${port}`,
    requests,
    setFaults: (next) => {
      faults = next.map((fault) => ({ fault, happened: 0 }));
    },
    add: (path, content, headers) => {
      added.set(path, { content, headers });
      return createHash('sha256').update(content).digest('hex');
    },
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      await app.close();
    },
  };
}
