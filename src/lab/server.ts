// The lab's one HTTP port: Admin Router's routes on Fastify, listening on loopback only.
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type Tokens, unauthorized } from './admin-router/auth.ts';
import { page, redirect } from './admin-router/pages.ts';
import type { Route } from './admin-router/routes.ts';
import type { HttpFault, HttpFaults } from './faults.ts';
import type { LabRequest, LabResponse } from './http.ts';

/** Marathon's group with all apps and scripts is below 1 MB; nothing a client sends here is larger. */
const BODY_LIMIT = 16 * 1024 * 1024;

export interface ServerSpec {
  routes: Route[];
  tokens: Tokens;
  enterprise: boolean;
  faults: HttpFaults;
  /** 0: any free one. */
  port?: number;
  tls?: { key: string; cert: string };
  /** Told of every request, before it is answered. */
  onRequest?: (request: { method: string; path: string; route: string }) => void;
}

export interface Server {
  /** `http://127.0.0.1:PORT`, without a final slash. */
  url: string;
  close(): Promise<void>;
}

export async function startServer(spec: ServerSpec): Promise<Server> {
  const { default: fastify } = await import('fastify');
  const app = fastify({
    bodyLimit: BODY_LIMIT,
    exposeHeadRoutes: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 1000 },
    ...(spec.tls ? { https: spec.tls } : {}),
  } as { bodyLimit: number });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));

  const answer = async (request: FastifyRequest, reply: FastifyReply, route: Route | undefined) => {
    const asked = labRequest(request);
    spec.onRequest?.({ method: asked.method, path: asked.path, route: route?.url ?? '(unknown)' });
    const fault = spec.faults.draw(asked.method, asked.path);
    const right = () => rightAnswer(spec, route, asked, request.params as Record<string, string>);
    if (fault) return misbehave(request, reply, fault, right);
    return send(reply, await right());
  };

  for (const route of spec.routes) {
    app.route({
      method: ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'],
      url: route.url,
      handler: (request, reply) => answer(request, reply, route),
    });
  }
  app.setNotFoundHandler((request, reply) => answer(request, reply, undefined));
  const address = await app.listen({ host: '127.0.0.1', port: spec.port ?? 0 });
  return {
    url: address,
    close: () => app.close(),
  };
}

async function rightAnswer(
  spec: ServerSpec,
  route: Route | undefined,
  request: LabRequest,
  params: Record<string, string>,
): Promise<LabResponse> {
  if (!route) return page(404);
  if (!route.open && !spec.tokens.accepts(request.headers.authorization))
    return unauthorized(spec.enterprise);
  return route.handle(request, params);
}

function labRequest(request: FastifyRequest): LabRequest {
  const [path = '/', query = ''] = (request.raw.url ?? '/').split(/\?(.*)/s);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    method: request.method,
    path,
    query: new URLSearchParams(query),
    headers,
    body: typeof request.body === 'string' ? request.body : '',
  };
}

function send(reply: FastifyReply, response: LabResponse): FastifyReply {
  reply.code(response.status).headers({ server: 'openresty', ...response.headers });
  const body = typeof response.body === 'string' ? Buffer.from(response.body) : Buffer.from(response.body);
  // Said even for an empty answer and for HEAD, as the real ones do.
  reply.header('content-length', body.length);
  return body.length > 0 || response.headers['content-type'] ? reply.send(body) : reply.send();
}

async function misbehave(
  request: FastifyRequest,
  reply: FastifyReply,
  fault: HttpFault,
  right: () => Promise<LabResponse>,
): Promise<FastifyReply> {
  switch (fault.kind) {
    case 'status': {
      if (fault.applied) await right();
      const response = page(fault.status ?? 503);
      if (fault.body !== undefined) response.body = fault.body;
      if (fault.contentType) response.headers['content-type'] = fault.contentType;
      return send(reply, response);
    }
    case 'login':
      return send(reply, redirect(302, '/login'));
    case 'content-type': {
      const response = await right();
      response.headers['content-type'] = fault.contentType ?? 'text/html';
      return send(reply, response);
    }
    case 'slow':
      await new Promise((resolve) => setTimeout(resolve, fault.ms ?? 1000).unref());
      return send(reply, await right());
    case 'hang':
      if (fault.applied) await right();
      reply.hijack();
      return reply;
    case 'huge':
      reply.hijack();
      pour(reply, fault.mb ?? 200);
      return reply;
    case 'pass':
      return send(reply, await right());
    case 'reset':
      if (fault.applied) await right();
      reply.hijack();
      request.raw.socket.resetAndDestroy();
      return reply;
    case 'half':
    case 'trickle':
      reply.hijack();
      inPieces(reply, await right(), fault);
      return reply;
  }
}

/** So many megabytes of JSON, as fast as they are taken. */
function pour({ raw }: FastifyReply, mb: number): void {
  const part = Buffer.alloc(1024 * 1024, 'x');
  raw.writeHead(200, { 'content-type': 'application/json' });
  raw.write('{"value": "');
  let left = mb;
  const more = () => {
    while (left-- > 0) {
      if (raw.destroyed) return;
      if (!raw.write(part)) {
        raw.once('drain', more);
        return;
      }
    }
    raw.end('"}');
  };
  more();
}

function inPieces(reply: FastifyReply, response: LabResponse, fault: HttpFault): void {
  const body = Buffer.from(response.body as string);
  const { raw } = reply;
  raw.writeHead(response.status, { ...response.headers, 'content-length': body.length });
  if (fault.kind === 'half') {
    raw.write(body.subarray(0, Math.floor(body.length / 2)), () => raw.destroy());
    return;
  }
  const steps = 20;
  const size = Math.max(1, Math.ceil(body.length / steps));
  const next = (from: number) => {
    if (raw.destroyed) return;
    if (from >= body.length) {
      raw.end();
      return;
    }
    raw.write(body.subarray(from, from + size));
    setTimeout(() => next(from + size), (fault.ms ?? 5000) / steps).unref();
  };
  next(0);
}
