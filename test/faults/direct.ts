// A cluster that is asked without a wire: the same client, whose requests go to the lab's routes as function calls. It costs a
// tenth of a real connection, and every request passes one gate, which can hold it, or end its client before or after it.

import { AgentFiles } from '../../src/dcos/agent-files.ts';
import type { Answer } from '../../src/dcos/answer.ts';
import { Cluster } from '../../src/dcos/cluster.ts';
import { type Connection, connectionFromEnvironment } from '../../src/dcos/connection.ts';
import { type Ask, GIVEN_UP, Http } from '../../src/dcos/http.ts';
import { Marathon } from '../../src/dcos/marathon.ts';
import { Mesos } from '../../src/dcos/mesos.ts';
import { MesosDns } from '../../src/dcos/mesos-dns.ts';
import { type Route, routes } from '../../src/lab/admin-router/routes.ts';
import type { LabRequest } from '../../src/lab/http.ts';
import type { Lab } from '../../src/lab/lab.ts';

export interface Asked {
  method: string;
  path: string;
}

export interface Gate {
  /** Before the lab sees it. Throws to keep it from the lab. */
  before?(asked: Asked): Promise<void> | void;
  /** Makes another answer of the right one. */
  change?(asked: Asked, answer: Answer): Answer;
  /** After the lab has done it. Throws to keep its answer from the client. */
  after?(asked: Asked): Promise<void> | void;
}

/** The lab's routes as a function. */
export function answering(lab: Lab): (request: LabRequest) => Promise<Answer> {
  const table = routes({
    master: lab.master,
    marathon: lab.marathon,
    tokens: lab.tokens,
    security: 'open',
    clusterId: 'c1',
    srv: {
      '_etcd-server._tcp.etcd.mesos': [{ host: 'etcd-server-1.etcd.mesos.', ip: '10.0.1.11', port: 2380 }],
    },
    url: () => lab.url,
  });
  return async (request) => {
    const found = match(table, request.path);
    if (!found) throw new Error(`the lab has no route for ${request.path}`);
    const { status, headers: said, body } = await found.route.handle(request, found.params);
    const headers = Object.fromEntries(
      Object.entries(said).map(([name, value]) => [name.toLowerCase(), value]),
    );
    const text = typeof body === 'string' ? body : Buffer.from(body).toString();
    const isJson = /^application\/json/.test(headers['content-type'] ?? '') && text !== '';
    return { status, headers, isJson, json: isJson ? JSON.parse(text) : undefined };
  };
}

function match(table: Route[], path: string): { route: Route; params: Record<string, string> } | undefined {
  const parts = path.split('/');
  for (const route of table) {
    const pattern = route.url.split('/');
    const params: Record<string, string> = {};
    const fits = pattern.every((part, index) => {
      if (part === '*') return true;
      if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(parts[index] ?? '');
      return part.startsWith(':') ? parts[index] !== undefined : part === parts[index];
    });
    if (fits && (pattern.at(-1) === '*' || pattern.length === parts.length)) return { route, params };
  }
  return undefined;
}

class DirectHttp extends Http {
  readonly #answer: (request: LabRequest) => Promise<Answer>;
  readonly #gate: Gate;
  #closed = false;

  constructor(connection: Connection, answer: (request: LabRequest) => Promise<Answer>, gate: Gate) {
    super(connection);
    this.#answer = answer;
    this.#gate = gate;
  }

  override close(): void {
    this.#closed = true;
    super.close();
  }

  override async send({ method = 'GET', path, query = [], body, signal }: Ask): Promise<Answer> {
    const asked = { method, path };
    this.#alive(signal);
    await this.#gate.before?.(asked);
    this.#alive(signal);
    const answer = await this.#answer({
      method,
      path,
      query: new URLSearchParams(query.map(([name, value]) => [name, String(value)])),
      headers: { accept: 'application/json' },
      body: body === undefined ? '' : JSON.stringify(body),
    });
    await this.#gate.after?.(asked);
    this.#alive(signal);
    return this.#gate.change?.(asked, answer) ?? answer;
  }

  #alive(signal: AbortSignal | undefined): void {
    if (this.#closed) throw Object.assign(new Error('the client is gone'), { code: GIVEN_UP });
    signal?.throwIfAborted();
  }
}

export class DirectCluster extends Cluster {
  constructor(lab: Lab, token: string, gate: Gate = {}) {
    const connection = connectionFromEnvironment({ DCOS_URL: lab.url, DCOS_ACS_TOKEN: token });
    super(connection);
    const http = new DirectHttp(connection, answering(lab), gate);
    Object.assign(this, {
      http,
      marathon: new Marathon(http),
      mesos: new Mesos(http, (ms) => lab.sleep(ms)),
      files: new AgentFiles(http),
      dns: new MesosDns(http),
    });
  }
}
