// A real HTTP server on a real port, that answers what a test says and remembers what it was asked.
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import { type Connection, connectionFromEnvironment } from '../../src/dcos/connection.ts';
import { Http, type HttpSettings } from '../../src/dcos/http.ts';

export interface Asked {
  method: string;
  url: string;
  headers: http.IncomingHttpHeaders;
  body: string;
}

export type Reply = (asked: Asked, response: http.ServerResponse) => void;

export interface TestServer {
  url: string;
  port: number;
  asked: Asked[];
  close(): Promise<void>;
}

/** Serves until the test is over. */
export async function serve(
  t: TestContext,
  reply: Reply,
  tls?: { key: string; cert: string },
): Promise<TestServer> {
  const asked: Asked[] = [];
  const onRequest = (request: http.IncomingMessage, response: http.ServerResponse) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      const one = { method: request.method!, url: request.url!, headers: request.headers, body };
      asked.push(one);
      reply(one, response);
    });
  };
  const server = tls ? https.createServer(tls, onRequest) : http.createServer(onRequest);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((done) => {
      server.close(() => done());
      server.closeAllConnections();
    });
  t.after(close);
  return { url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`, port, asked, close };
}

export function json(response: http.ServerResponse, body: unknown, status = 200, headers = {}): void {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers });
  response.end(JSON.stringify(body));
}

/** As Admin Router says it: nginx' page. */
export function html(response: http.ServerResponse, status: number, headers = {}): void {
  response.writeHead(status, { 'Content-Type': 'text/html', ...headers });
  response.end(`<html>\r\n<head><title>${status}</title></head>\r\n<body>openresty</body>\r\n</html>\r\n`);
}

export const TOKEN = 'eyJhbGciOiJIUzI1NiJ9.c2VjcmV0.c2lnbmF0dXJl';

export function connectionTo(url: string, env: Record<string, string> = {}): Connection {
  return connectionFromEnvironment({ DCOS_URL: url, DCOS_ACS_TOKEN: TOKEN, ...env });
}

/** Retries at once; what is not said is as in the product. */
export function httpTo(url: string, settings: HttpSettings = {}, env: Record<string, string> = {}): Http {
  return new Http(connectionTo(url, env), { wait: async () => {}, ...settings });
}
