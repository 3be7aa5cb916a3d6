// One request function for everything that is asked of a cluster. What goes wrong leaves it as a UserError; the token never leaves it.
import axios, { type AxiosResponse } from 'axios';
import { plainText } from '../view/plain-text.ts';
import { type Answer, decoded } from './answer.ts';
import { answerFailure, unexpectedAnswer } from './answer-failures.ts';
import type { Connection } from './connection.ts';
import type { Keep } from './json-kept.ts';
import { redirectFailure, redirectTarget } from './redirects.ts';
import { isRetryable, pause, retryDelayMs } from './retries.ts';
import { Misshapen, type Shape } from './shape.ts';
import { type Transport, transportFor } from './transport.ts';
import { transportFailure } from './transport-failures.ts';

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

export interface Ask {
  method?: Method;
  /** Below the cluster's URL, with its first slash, already encoded. */
  path: string;
  query?: readonly (readonly [name: string, value: string | number | boolean])[];
  /** Sent as JSON. */
  body?: unknown;
  signal?: AbortSignal | undefined;
  /** Whether to send the token; true unless said otherwise. */
  authenticate?: boolean;
}

/** One line of the request log (`-v`). Holds neither token nor body. */
export interface RequestNote {
  method: Method;
  path: string;
  /** HTTP status, or the code of what went wrong. */
  outcome: number | string;
  ms: number;
  bytes: number;
  attempt: number;
  /** Whether the token was sent. */
  authenticated: boolean;
}

export interface HttpSettings {
  /** For the connection, TLS included. */
  connectMs?: number;
  /** Without a byte, before or within the answer. */
  idleMs?: number;
  /** Of one answer, unpacked. */
  maxBytes?: number;
  /** Of a read, the first included. */
  attempts?: number;
  note?: (note: RequestNote) => void;
  userAgent?: string;
  /** For tests: how long to wait between attempts is drawn from it and waited by it. */
  random?: () => number;
  wait?: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** An agent's part in an answer is a few KB; 5,000 agents with all their tasks are about 40 MB. */
const MAX_BYTES = 256 * 1024 * 1024;

/** The code of the errors that requests under way end with when they are given up: nobody has to look at them. */
export const GIVEN_UP = 'GIVEN_UP';

export class Http {
  readonly url: string;
  readonly #connection: Connection;
  readonly #transport: Transport;
  readonly #settings: Required<HttpSettings>;
  readonly #life = new AbortController();

  constructor(connection: Connection, settings: HttpSettings = {}) {
    this.url = connection.url;
    this.#connection = connection;
    this.#settings = {
      connectMs: 10_000,
      idleMs: 60_000,
      maxBytes: MAX_BYTES,
      attempts: 4,
      note: () => {},
      userAgent: 'dcos-calico',
      random: Math.random,
      wait: pause,
      ...settings,
    };
    this.#transport = transportFor(connection, this.#settings.connectMs);
  }

  /** The JSON of a 2xx answer, read as `shape`. Anything else is a UserError. */
  async json<T>(ask: Ask, shape: Shape<T>): Promise<T> {
    return this.read(ask, await this.send(ask, shape.keeps), shape);
  }

  /** As `json`, but undefined where the service itself says 404; a route that Admin Router does not know is still an error. */
  async jsonIfThere<T>(ask: Ask, shape: Shape<T>): Promise<T | undefined> {
    const answer = await this.send(ask, shape.keeps);
    if (
      answer.status === 404 &&
      (answer.isJson || answer.headers['content-type']?.startsWith('text/plain'))
    ) {
      return undefined;
    }
    return this.read(ask, answer, shape);
  }

  /** Reads an answer that is there as `shape`, or throws the UserError that says what it is instead. */
  read<T>(ask: Ask, answer: Answer, shape: Shape<T>): T {
    const context = { ...this.#context(ask), answer, expects: shape.expects };
    if (answer.status < 200 || answer.status >= 300 || !answer.isJson) throw answerFailure(context);
    try {
      return shape.read(answer.json);
    } catch (error) {
      if (error instanceof Misshapen)
        throw unexpectedAnswer(context, `but ${plainText(this.blot(error.message))}`);
      throw error;
    }
  }

  /** The answer, whatever its status. Throws only if there is none, or half of one. Reads are asked again. */
  async send(ask: Ask, keeps?: Keep): Promise<Answer> {
    const life = this.#life.signal;
    const signal = ask.signal ? AbortSignal.any([ask.signal, life]) : life;
    return this.#untilAnswered({ ...ask, signal }, keeps);
  }

  /** Ends all that is under way, so that a command which has failed does not wait for the rest of what it asked. */
  close(): void {
    this.#life.abort(
      Object.assign(new Error('the connection to the cluster was given up'), { code: GIVEN_UP }),
    );
  }

  async #untilAnswered(ask: Ask, keeps: Keep | undefined): Promise<Answer> {
    const method = ask.method ?? 'GET';
    const most = method === 'GET' ? this.#settings.attempts : 1;
    for (let attempt = 1; ; attempt++) {
      ask.signal?.throwIfAborted();
      const outcome = await this.#once(ask, keeps, attempt).catch((error: unknown) => ({ error }));
      ask.signal?.throwIfAborted();
      if (attempt < most && isRetryable(outcome)) {
        const headers = 'headers' in outcome ? outcome.headers : {};
        await this.#settings.wait(retryDelayMs(attempt, headers, this.#settings.random), ask.signal);
        continue;
      }
      if ('error' in outcome) throw this.#failure(ask, method, outcome.error, attempt);
      return outcome;
    }
  }

  /** Blots the token out of a text. */
  blot(text: string): string {
    const token = this.#connection.token;
    return token ? text.replaceAll(token, '***') : text;
  }

  #context(ask: Ask) {
    return {
      url: this.url,
      method: ask.method ?? 'GET',
      path: ask.path,
      loggedIn: this.#connection.token !== undefined && ask.authenticate !== false,
      blot: (text: string) => this.blot(text),
    };
  }

  #failure(ask: Ask, method: Method, error: unknown, attempts: number): Error {
    return transportFailure({
      ...this.#context(ask),
      error,
      attempts,
      writes: method !== 'GET',
      settings: this.#settings,
      proxy: this.#connection.proxy,
    });
  }

  async #once(ask: Ask, keeps: Keep | undefined, attempt: number): Promise<Answer> {
    const method = ask.method ?? 'GET';
    let target = this.url + ask.path + queryString(ask.query);
    for (let hops = 0; ; hops++) {
      const response = await this.#exchange(ask, keeps, target, attempt);
      const next = redirectTarget(target, response.status, response.headers.location, method);
      if (next === undefined || hops === 3) return response;
      if (next === 'elsewhere') {
        throw redirectFailure({ ...this.#context(ask), location: response.headers.location ?? '' });
      }
      target = next;
    }
  }

  async #exchange(ask: Ask, keeps: Keep | undefined, target: string, attempt: number): Promise<Answer> {
    const method = ask.method ?? 'GET';
    const began = performance.now();
    const note = (outcome: number | string, bytes: number) =>
      this.#settings.note({
        method,
        path: plainText(this.blot(ask.path + queryString(ask.query))),
        outcome,
        ms: Math.round(performance.now() - began),
        bytes,
        attempt,
        authenticated: this.#connection.token !== undefined && ask.authenticate !== false,
      });
    try {
      const response = await this.#request(ask, method, target);
      note(response.status, response.data.length);
      return decoded(response, keeps);
    } catch (error) {
      if (!this.#life.signal.aborted) note((error as { code?: string }).code ?? 'failed', 0);
      throw error;
    }
  }

  #request(ask: Ask, method: Method, target: string): Promise<AxiosResponse<Buffer>> {
    const { token } = this.#connection;
    const { kept, fresh, proxy, transport } = this.#transport;
    const agents = method === 'GET' ? kept : fresh;
    return axios.request<Buffer>({
      url: target,
      method,
      // A string, and the exact type: Mesos refuses `application/json; charset=utf-8` with 415.
      ...(ask.body === undefined ? {} : { data: JSON.stringify(ask.body) }),
      headers: {
        Accept: 'application/json',
        'Accept-Encoding': 'gzip, deflate',
        'User-Agent': this.#settings.userAgent,
        ...(ask.body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token && ask.authenticate !== false ? { Authorization: `token=${token}` } : {}),
      },
      responseType: 'arraybuffer',
      transformRequest: [(data: unknown) => data],
      transformResponse: [(data: unknown) => data],
      validateStatus: () => true,
      timeout: this.#settings.idleMs,
      transitional: { clarifyTimeoutError: true },
      maxContentLength: this.#settings.maxBytes,
      maxBodyLength: Number.POSITIVE_INFINITY,
      maxRedirects: 0,
      ...(target.startsWith('https:') ? { httpsAgent: agents.httpsAgent } : { httpAgent: agents.httpAgent }),
      ...(proxy === false ? { proxy } : {}),
      transport,
      ...(ask.signal ? { signal: ask.signal } : {}),
    });
  }
}

function queryString(query: Ask['query']): string {
  if (!query?.length) return '';
  return `?${query.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join('&')}`;
}
