// Where a bundle's files and images are fetched from, and how: whole, or not at all with a reason that can be acted on.
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** The host of an address → the address that stands for it: `github.com` → `http://127.0.0.1:8000/github`. */
export type Sources = ReadonlyMap<string, string>;

/** Throws for what is not `HOST=URL`. */
export function sourcesOf(settings: readonly string[]): Sources {
  return new Map(
    settings.map((setting) => {
      const [, host, url] = /^([^=\s]+)=(https?:\/\/\S+)$/.exec(setting) ?? [];
      if (!host || !url)
        throw new Error(`${setting} is not HOST=URL, such as github.com=http://10.0.0.9:8000`);
      return [host, url.replace(/\/$/, '')];
    }),
  );
}

/** The address that is really asked. */
export function resolved(url: string, sources: Sources): string {
  const { host, pathname, search } = new URL(url);
  const other = sources.get(host);
  return other ? `${other}${pathname}${search}` : url;
}

/** Something could not be fetched: a sentence without its full stop. */
export class NotFetched extends Error {}

/** Without an answer, or without a further byte of one. */
const PATIENCE_MS = 60_000;
const TRIES = 3;

/** An answer of 200, or of 401 where that is asked for. What may go better the next time is tried again. */
export async function ask(url: string, headers: Record<string, string> = {}): Promise<Response> {
  for (let tried = 1; ; tried++) {
    const patience = new AbortController();
    const timer = setTimeout(() => patience.abort(new Error('it did not answer')), PATIENCE_MS);
    const answer = await fetch(url, { headers, signal: patience.signal })
      .catch((error: Error) => error)
      .finally(() => clearTimeout(timer));
    if (answer instanceof Response && (answer.ok || answer.status === 401)) return answer;
    const passing = answer instanceof Error || answer.status >= 500 || answer.status === 429;
    if (!passing || tried >= TRIES) throw new NotFetched(`${url}: ${whyOf(answer)}`);
  }
}

function whyOf(answer: Response | Error): string {
  if (answer instanceof Response) return `it answered ${answer.status} ${answer.statusText}`.trim();
  const { cause } = answer as { cause?: { code?: string; message?: string } };
  return cause?.message || cause?.code || answer.message;
}

export interface Fetched {
  sha256: string;
  bytes: number;
}

/** Writes the body of an answer to a file. @throws {NotFetched} if it is empty, breaks off, or has another sum than `expected` */
export async function toFile(answer: Response, file: string, expected = ''): Promise<Fetched> {
  const { url } = answer;
  const hash = createHash('sha256');
  let bytes = 0;
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(new Error('no more came')), PATIENCE_MS);
  const counted = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      bytes += chunk.length;
      timer.refresh();
      done(null, chunk);
    },
  });
  if (!answer.ok || !answer.body) throw new NotFetched(`${url}: it answered ${answer.status}`);
  await pipeline(Readable.fromWeb(answer.body as never), counted, createWriteStream(file, { mode: 0o600 }), {
    signal: stalled.signal,
  })
    .catch((error: Error) => {
      const why = stalled.signal.aborted ? 'no more came' : error.message;
      throw new NotFetched(`${url}: it broke off after ${bytes} bytes (${why})`);
    })
    .finally(() => clearTimeout(timer));
  const sha256 = hash.digest('hex');
  if (bytes === 0) throw new NotFetched(`${url}: it is empty`);
  if (expected && sha256 !== expected)
    throw new NotFetched(`${url}: its SHA-256 is ${sha256}, not ${expected}`);
  return { sha256, bytes };
}

/** Fetches a file. A web page in its place, as a login or a proxy sends it, is none. */
export async function fetchFile(
  url: string,
  sources: Sources,
  file: string,
  expected = '',
): Promise<Fetched> {
  const answer = await ask(resolved(url, sources));
  if (answer.status === 401) throw new NotFetched(`${answer.url}: it wants a login`);
  if (/^text\/html/.test(answer.headers.get('content-type') ?? ''))
    throw new NotFetched(`${answer.url}: it answered with a web page`);
  return toFile(answer, file, expected);
}
