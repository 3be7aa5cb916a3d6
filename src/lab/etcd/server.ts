// The lab's etcd: the API over HTTP on loopback, and what a cluster can suffer.
import type { FastifyInstance } from 'fastify';
import { type Clock, realClock } from '../clock.ts';
import { EtcdApi, type Identity } from './api.ts';
import { EtcdStore } from './store.ts';

/** `down`: connections break. `hang`: nobody answers. `no-leader`: it answers that it has no quorum. */
export type EtcdTrouble = 'down' | 'hang' | 'no-leader';

export interface EtcdServer {
  url: string;
  store: EtcdStore;
  /** What ails it from now on; undefined: nothing. */
  setTrouble(trouble: EtcdTrouble | undefined): void;
  stop(): Promise<void>;
}

export async function startEtcd(
  options: { clock?: Clock; port?: number; identity?: Partial<Identity> } = {},
): Promise<EtcdServer> {
  const { default: fastify } = await import('fastify');
  const store = new EtcdStore(options.clock ?? realClock);
  const api = new EtcdApi(store, {
    clusterId: '48276a8f75b6a87',
    memberId: '2e1259d415f2a040',
    name: 'etcd-server-0',
    peerUrls: ['http://10.0.0.11:2380'],
    clientUrls: ['http://10.0.0.11:2379'],
    version: { etcdserver: '3.4.23', etcdcluster: '3.4.0' },
    ...options.identity,
  });
  let trouble: EtcdTrouble | undefined;
  // Watches stay open for as long as they like; a stop does not wait for them.
  const app: FastifyInstance = fastify({ forceCloseConnections: true, exposeHeadRoutes: false });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_, body, done) => done(null, body));
  const gone = new AbortController();
  app.all('/*', async (request, reply) => {
    if (trouble === 'down') {
      request.raw.socket.destroy();
      return reply.hijack();
    }
    if (trouble === 'hang') return reply.hijack();
    if (trouble === 'no-leader') {
      if (request.url === '/health') {
        return reply.code(503).type('text/plain; charset=utf-8').send('{"health":"false"}');
      }
      return reply
        .code(500)
        .type('application/json')
        .send(
          '{"errorCode":300,"message":"Raft Internal Error","cause":"etcdserver: request timed out","index":0}\n',
        );
    }
    const client = new AbortController();
    // Of this answer: it also closes when it is sent to its end. The socket goes on to the next request.
    reply.raw.once('close', () => client.abort());
    const response = await api.handle({
      method: request.method,
      url: request.raw.url ?? '/',
      body: typeof request.body === 'string' ? request.body : '',
      signal: AbortSignal.any([gone.signal, client.signal]),
    });
    return reply.code(response.status).headers(response.headers).send(Buffer.from(response.body));
  });
  await app.listen({ host: '127.0.0.1', port: options.port ?? 0 });
  const { port } = app.server.address() as { port: number };
  return {
    url: `http://127.0.0.1:${port}`,
    store,
    setTrouble: (next) => {
      trouble = next;
    },
    stop: async () => {
      gone.abort();
      store.close();
      await app.close();
    },
  };
}
