// etcd's HTTP API, version 2, on a store: parameters, answers and headers (etcd 3.4 etcdserver/api/v2http/client.go).
import { CODE, EtcdError } from './errors.ts';
import { type Event, normalKey } from './events.ts';
import type { EtcdStore } from './store.ts';

export interface ApiRequest {
  method: string;
  /** Path and query, as they came. */
  url: string;
  /** The form in the body of PUT and POST. */
  body: string;
  /** Aborted when the client is gone: a watch ends. */
  signal?: AbortSignal;
}

export interface ApiResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export interface Identity {
  clusterId: string;
  memberId: string;
  name: string;
  peerUrls: string[];
  clientUrls: string[];
  version: { etcdserver: string; etcdcluster: string };
}

const CORS = {
  'Access-Control-Allow-Headers': 'accept, content-type, authorization',
  'Access-Control-Allow-Methods': 'POST, GET, OPTIONS, PUT, DELETE',
  'Access-Control-Allow-Origin': '*',
};
const JSON_TYPE = { 'Content-Type': 'application/json' };
const TRUE = ['1', 't', 'T', 'TRUE', 'true', 'True'];
const FALSE = ['0', 'f', 'F', 'FALSE', 'false', 'False'];

export class EtcdApi {
  readonly #store: EtcdStore;
  readonly #identity: Identity;
  #raftIndex = 7;
  readonly #term = 2;

  constructor(store: EtcdStore, identity: Identity) {
    this.#store = store;
    this.#identity = identity;
  }

  async handle(request: ApiRequest): Promise<ApiResponse> {
    const response = await this.#route(request);
    return { ...response, headers: { ...CORS, ...response.headers } };
  }

  async #route(request: ApiRequest): Promise<ApiResponse> {
    const mark = request.url.indexOf('?');
    const path = mark < 0 ? request.url : request.url.slice(0, mark);
    const query = mark < 0 ? '' : request.url.slice(mark + 1);
    if (request.method === 'OPTIONS') return { status: 200, headers: {}, body: '' };
    if (path === '/version' || path === '/health' || path === '/v2/members' || path === '/members') {
      if (request.method !== 'GET' && request.method !== 'HEAD') return notAllowed('GET');
      if (path === '/version') {
        return { status: 200, headers: JSON_TYPE, body: JSON.stringify(this.#identity.version) };
      }
      if (path === '/health') {
        return {
          status: 200,
          headers: { 'Content-Type': 'text/plain; charset=utf-8' },
          body: '{"health":"true"}',
        };
      }
      const { memberId: id, name, peerUrls: peerURLs, clientUrls: clientURLs, clusterId } = this.#identity;
      const headers = { ...JSON_TYPE, 'X-Etcd-Cluster-Id': clusterId };
      // What members tell each other, at the peer URL (etcdserver/api/etcdhttp/peer.go): a bare list, numeric ids.
      if (path === '/members') {
        const numeric = BigInt(`0x${id}`);
        const member = JSON.stringify({ peerURLs, name, clientURLs });
        return { status: 200, headers, body: `[{"id":${numeric},${member.slice(1)}]\n` };
      }
      const members = [{ id, name, peerURLs, clientURLs }];
      return { status: 200, headers, body: `${JSON.stringify({ members })}\n` };
    }
    if (path !== '/v2/keys' && !path.startsWith('/v2/keys/')) {
      return {
        status: 404,
        headers: { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
        body: '404 page not found\n',
      };
    }
    const known = { ...JSON_TYPE, 'X-Etcd-Cluster-Id': this.#identity.clusterId };
    if (!['GET', 'HEAD', 'PUT', 'POST', 'DELETE'].includes(request.method)) {
      return notAllowed('HEAD,GET,PUT,POST,DELETE');
    }
    let key: string;
    try {
      key = normalKey(decodeURIComponent(path.slice('/v2/keys'.length)));
    } catch {
      return { status: 400, headers: {}, body: '' };
    }
    // As Go's ParseForm: the body's fields come before the query's of the same name.
    const form = new URLSearchParams(
      request.method === 'PUT' || request.method === 'POST' ? request.body : '',
    );
    for (const [name, value] of new URLSearchParams(query)) if (!form.has(name)) form.append(name, value);
    try {
      const started = this.#store.index;
      const event = await this.#keys(request, key, form);
      const waited = form.get('wait') !== null && event.action !== 'get';
      this.#raftIndex++;
      return {
        status:
          event.action === 'create' || (event.action === 'set' && !event.prevNode && !waited) ? 201 : 200,
        headers: {
          ...known,
          'X-Etcd-Index': String(waited ? started : this.#store.index),
          'X-Raft-Index': String(this.#raftIndex),
          'X-Raft-Term': String(this.#term),
        },
        body: request.method === 'HEAD' ? '' : `${JSON.stringify(event)}\n`,
      };
    } catch (error) {
      if (!(error instanceof EtcdError)) throw error;
      return {
        status: error.status,
        headers: { ...known, 'X-Etcd-Index': String(error.body.index) },
        body: `${JSON.stringify(error.body)}\n`,
      };
    }
  }

  async #keys(request: ApiRequest, key: string, form: URLSearchParams): Promise<Event> {
    const flag = (name: string, quoted = true): boolean | undefined => {
      const value = form.get(name);
      if (value === null) return undefined;
      if (TRUE.includes(value)) return true;
      if (FALSE.includes(value)) return false;
      throw new EtcdError(CODE.invalidField, `invalid value for ${quoted ? `"${name}"` : name}`, 0);
    };
    const number = (name: string, code: number): number | undefined => {
      const value = form.get(name);
      if (value === null || value === '') return undefined;
      if (!/^\d+$/.test(value)) throw new EtcdError(code, `invalid value for "${name}"`, 0);
      return Number(value);
    };
    const prevIndex = number('prevIndex', CODE.indexNotANumber);
    const since = number('waitIndex', CODE.indexNotANumber);
    const recursive = flag('recursive');
    const sorted = flag('sorted');
    const wait = flag('wait');
    const dir = flag('dir');
    flag('quorum');
    flag('stream');
    if (wait && request.method !== 'GET') {
      throw new EtcdError(CODE.invalidField, '"wait" can only be used with GET requests', 0);
    }
    const prevValue = form.get('prevValue') ?? undefined;
    if (prevValue === '') throw new EtcdError(CODE.prevValueRequired, '"prevValue" cannot be empty', 0);
    const ttl = number('ttl', CODE.ttlNotANumber);
    const prevExist = flag('prevExist', false);
    const refresh = flag('refresh');
    if (refresh && form.has('value'))
      throw new EtcdError(CODE.refreshValue, 'A value was provided on a refresh', 0);
    if (refresh && ttl === undefined) {
      throw new EtcdError(CODE.refreshTtlRequired, 'No TTL value set', 0);
    }
    const write = { value: form.get('value') ?? '', dir, ttl, refresh };
    const compare = { prevValue, prevIndex };
    const compares = prevValue !== undefined || (prevIndex ?? 0) > 0;
    switch (request.method) {
      case 'POST':
        return this.#store.create(key, write, true);
      case 'PUT':
        if (prevExist === false) return this.#store.create(key, write);
        if (compares) return this.#store.compareAndSwap(key, compare, write);
        if (prevExist) return this.#store.update(key, write);
        return this.#store.set(key, write);
      case 'DELETE':
        if (compares) return this.#store.compareAndDelete(key, compare);
        return this.#store.delete(key, { dir, recursive });
      default:
        if (!wait) return this.#store.get(key, { recursive, sorted });
        return new Promise((resolve, reject) => {
          let end = (): void => {};
          const done = (event: Event): void => {
            // It may be told before `watch` returns, from the history.
            queueMicrotask(() => end());
            resolve(event);
          };
          end = this.#store.watch(key, { recursive, since }, done);
          request.signal?.addEventListener('abort', () => {
            end();
            reject(new EtcdError(CODE.raftInternal, 'the client is gone', this.#store.index));
          });
        });
    }
  }
}

function notAllowed(allow: string): ApiResponse {
  return {
    status: 405,
    headers: {
      Allow: allow,
      'Content-Type': 'text/plain; charset=utf-8',
      'X-Content-Type-Options': 'nosniff',
    },
    body: 'Method Not Allowed\n',
  };
}
