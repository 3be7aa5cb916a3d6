// What carries requests: TLS, proxies, kept connections, and a time-out for the connection, which axios does not have
// (its `timeout` begins once the connection stands).
import { readFileSync } from 'node:fs';
import http from 'node:http';
import type https from 'node:https';
import type { Connection } from './connection.ts';

/** The connection did not come about in time. */
export class ConnectTimeOut extends Error {
  readonly code = 'CONNECT_TIME_OUT';
}

export interface Agents {
  readonly httpAgent: http.Agent;
  readonly httpsAgent: https.Agent;
}

export interface Transport {
  /** For reads: connections are kept. */
  kept: Agents;
  /** For writes: each has its own connection, as one that the server has just closed would leave in doubt whether it arrived. */
  fresh: Agents;
  /** axios' `proxy`: `false` without a proxy; otherwise left out, since the agents do it. */
  proxy?: false;
  transport: { request: typeof http.request };
}

export const MOST_CONNECTIONS = 16;

export function transportFor(connection: Connection, connectMs: number): Transport {
  const proxyEnv = proxyEnvironment(connection.proxy);
  const agents = (keepAlive: boolean): Agents => {
    const options = { keepAlive, maxSockets: MOST_CONNECTIONS, ...(proxyEnv ? { proxyEnv } : {}) };
    let secure: https.Agent | undefined;
    return {
      httpAgent: new http.Agent(options),
      // An http cluster can still send to https, on the same host.
      get httpsAgent() {
        secure ??= new (tlsModules().https.Agent)({ ...options, ...tlsOptions(connection.tls) });
        return secure;
      },
    };
  };
  return {
    kept: agents(true),
    fresh: agents(false),
    ...(proxyEnv ? {} : { proxy: false as const }),
    transport: { request: requestWithin(connectMs) },
  };
}

/** Loaded by the first request that is secure: TLS takes as long to load as everything else. */
function tlsModules() {
  return { https: process.getBuiltinModule('node:https'), tls: process.getBuiltinModule('node:tls') };
}

function tlsOptions(tls: Connection['tls']): https.AgentOptions {
  if (!tls.verify) return { rejectUnauthorized: false };
  if (tls.caPath) return { ca: readFileSync(tls.caPath) };
  // Node trusts its own list alone; `dcos` trusts what the system trusts, a company's own authority included.
  const { getCACertificates } = tlsModules().tls;
  return { ca: [...getCACertificates('default'), ...getCACertificates('system')] };
}

/** Loopback is never asked through a proxy, as in Go's client, which `dcos` is. */
function proxyEnvironment(proxy: Connection['proxy']): NodeJS.ProcessEnv | undefined {
  if (!proxy.http && !proxy.https) return undefined;
  const no = [proxy.no, 'localhost', '127.0.0.1', '::1'].filter(Boolean).join(',');
  return { HTTP_PROXY: proxy.http, HTTPS_PROXY: proxy.https, NO_PROXY: no };
}

function requestWithin(connectMs: number): typeof http.request {
  return ((options: https.RequestOptions, onResponse: (response: http.IncomingMessage) => void) => {
    const secure = options.protocol === 'https:';
    const request = (secure ? tlsModules().https : http).request(options, onResponse);
    const timer = setTimeout(
      () => request.destroy(new ConnectTimeOut(`not connected after ${connectMs} ms`)),
      connectMs,
    );
    const clear = () => clearTimeout(timer);
    request.once('socket', (socket) => {
      if (request.reusedSocket) clear();
      else socket.once(secure ? 'secureConnect' : 'connect', clear);
    });
    request.once('response', clear);
    request.once('close', clear);
    return request;
  }) as typeof http.request;
}
