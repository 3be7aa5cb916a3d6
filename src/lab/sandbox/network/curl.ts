// curl, as far as scripts use it: its options, exit codes and messages (curl 7.29 to 7.88).
import { createWriteStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Call } from '../call.ts';
import type { Machine } from '../machine.ts';
import { CurlError, type CurlOptions, curlOptions } from './curl-options.ts';
import { type Request, type Response, Unreachable } from './reach.ts';

const FAILURES: Record<string, (host: string, port: string) => [number, string]> = {
  unresolved: (host) => [6, `Could not resolve host: ${host}`],
  refused: (host, port) => [7, `Failed to connect to ${host} port ${port}: Connection refused`],
  timeout: () => [28, 'Operation timed out'],
  empty: () => [52, 'Empty reply from server'],
  reset: () => [56, 'Recv failure: Connection reset by peer'],
};

async function ask(
  machine: Machine,
  call: Call,
  options: CurlOptions,
  url: URL,
  request: Request,
): Promise<Response> {
  if (options.unixSocket) {
    // A test may name the socket with the host's root in front, as every step does.
    return machine.reach.requestSocket(
      machine.hostPath(options.unixSocket),
      url.pathname + url.search,
      request,
    );
  }
  const endpoint = machine.calico?.of(call.env);
  if (endpoint) return machine.calico!.request(endpoint, url, request);
  return machine.reach.request(url.href, request);
}

async function transfer(machine: Machine, call: Call, options: CurlOptions, given: string): Promise<void> {
  let url: URL;
  try {
    url = new URL(/^[a-z]+:\/\//.test(given) ? given : `http://${given}`);
  } catch {
    throw new CurlError(3, 'URL using bad/illegal format or missing URL');
  }
  if (!/^https?:$/.test(url.protocol)) {
    throw new CurlError(1, `Protocol "${url.protocol.slice(0, -1)}" not supported or disabled in libcurl`);
  }
  for (const { option, path } of options.files) {
    try {
      await readFile(machine.path(machine.hostPath(path)));
    } catch {
      if (option === '--cacert') {
        throw new CurlError(77, `error setting certificate verify locations: CAfile: ${path}`);
      }
      throw new CurlError(58, `could not load PEM client certificate, ${path}`);
    }
  }
  let body: Buffer | undefined;
  if (options.data.length) {
    body = Buffer.concat(options.data.flatMap((part, i) => (i ? [Buffer.from('&'), part] : [part])));
    if (options.get) {
      url.search += (url.search ? '&' : '?') + body.toString();
      body = undefined;
    }
  }
  const headers: Record<string, string> = { 'User-Agent': 'curl/7.29.0', Accept: '*/*', ...options.headers };
  if (body && !Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')) {
    headers['Content-Type'] = 'application/x-www-form-urlencoded';
  }
  const method = options.method ?? (options.head ? 'HEAD' : body ? 'POST' : 'GET');
  const timeout = new AbortController();
  const timer = options.maxTime ? setTimeout(() => timeout.abort(), options.maxTime * 1000) : undefined;
  const signal = AbortSignal.any([call.signal, timeout.signal]);
  const started = Date.now();
  const timedOut = () =>
    new CurlError(28, `Operation timed out after ${Date.now() - started} milliseconds with 0 bytes received`);
  try {
    let response: Response;
    for (let redirects = 0; ; redirects++) {
      try {
        response = await ask(machine, call, options, url, { method, headers, body, signal });
      } catch (error) {
        if (timeout.signal.aborted) throw timedOut();
        if (!(error instanceof Unreachable)) throw error;
        if (options.unixSocket) throw new CurlError(7, `Couldn't connect to server`);
        const port = url.port || (url.protocol === 'https:' ? '443' : '80');
        throw new CurlError(...FAILURES[error.failure]!(url.hostname, port));
      }
      const location = response.headers.location;
      if (!options.location || !location || response.status < 300 || response.status > 399) break;
      if (redirects >= 50) throw new CurlError(47, 'Maximum (50) redirects followed');
      for await (const _ of response.body);
      url = new URL(location, url);
    }
    await deliver(call, options, url, response, timeout.signal, timedOut);
  } finally {
    clearTimeout(timer);
  }
}

async function deliver(
  call: Call,
  options: CurlOptions,
  url: URL,
  response: Response,
  timeout: AbortSignal,
  timedOut: () => CurlError,
): Promise<void> {
  const failed = options.fail && response.status >= 400;
  const length = Number(response.headers['content-length'] ?? Number.NaN);
  if (options.maxFilesize !== undefined && length > options.maxFilesize) {
    for await (const _ of response.body) break;
    throw new CurlError(63, 'Maximum file size exceeded');
  }
  const target = options.output ?? (options.remoteName ? url.pathname.split('/').at(-1) : undefined);
  let size = 0;
  const write = async (sink: (chunk: Buffer) => Promise<void>): Promise<void> => {
    const iterator = response.body[Symbol.asyncIterator]();
    const aborted = new Promise<never>((_, reject) => {
      timeout.addEventListener('abort', () => reject(timedOut()), { once: true });
    });
    aborted.catch(() => {});
    for (;;) {
      let next: IteratorResult<Buffer>;
      try {
        next = await Promise.race([iterator.next(), aborted]);
      } catch (error) {
        if (timeout.aborted || error instanceof CurlError) throw timedOut();
        throw new CurlError(18, `transfer closed with ${length - size} bytes remaining to read`);
      }
      if (next.done) break;
      if (call.signal.aborted) return;
      size += next.value.length;
      if (options.maxFilesize !== undefined && size > options.maxFilesize) {
        throw new CurlError(63, `Exceeded the maximum allowed file size (${options.maxFilesize})`);
      }
      await sink(next.value);
    }
    if (size < length)
      throw new CurlError(18, `transfer closed with ${length - size} bytes remaining to read`);
  };
  if (failed) {
    await write(async () => {});
  } else if (target !== undefined && target !== '-') {
    const file = createWriteStream(resolve(call.cwd, target));
    await new Promise<void>((resolve, reject) => {
      file.once('open', () => resolve());
      file.once('error', () =>
        reject(new CurlError(23, `Failed to open the file ${target}: No such file or directory`)),
      );
    });
    try {
      await write((chunk) => new Promise((resolve) => file.write(chunk, () => resolve())));
    } finally {
      await new Promise<void>((resolve) => file.end(() => resolve()));
    }
  } else {
    if (options.include || options.head) {
      const lines = Object.entries(response.headers).map(([name, value]) => `${name}: ${value}\r\n`);
      call.out(`HTTP/1.1 ${response.status} ${response.status === 200 ? 'OK' : ''}\r\n${lines.join('')}\r\n`);
    }
    await write(async (chunk) => call.out(chunk));
  }
  if (options.writeOut) {
    const values: Record<string, string> = {
      http_code: String(response.status).padStart(3, '0'),
      response_code: String(response.status).padStart(3, '0'),
      size_download: String(size),
      url_effective: url.href,
      content_type: String(response.headers['content-type'] ?? ''),
      exitcode: '0',
    };
    call.out(writtenOut(options.writeOut, values));
  }
  if (failed || (options.failWithBody && response.status >= 400)) {
    throw new CurlError(22, `The requested URL returned error: ${response.status}`);
  }
}

function writtenOut(format: string, values: Record<string, string>): string {
  return format
    .replace(/%\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t');
}

export async function curl(machine: Machine, call: Call): Promise<number> {
  if (call.env.LD_LIBRARY_PATH?.includes('/opt/mesosphere/lib')) {
    // The known breakage of DC/OS 1.9 and 1.10 (facts §1): the host's curl with DC/OS's libraries.
    call.err(
      "/usr/bin/curl: /opt/mesosphere/lib/libcurl.so.4: version `CURL_OPENSSL_3' not found (required by /usr/bin/curl)\n",
    );
    return 1;
  }
  if (call.args[0] === '--version' || call.args[0] === '-V') {
    call.out('curl 7.29.0 (x86_64-redhat-linux-gnu) libcurl/7.29.0 NSS/3.44\n');
    return 0;
  }
  let silent = false;
  try {
    const options = await curlOptions(call);
    silent = options.silent && !options.showError;
    if (!options.urls.length) throw new CurlError(2, 'no URL specified!');
    for (let attempt = 0; ; attempt++) {
      try {
        for (const url of options.urls) await transfer(machine, call, options, url);
        return 0;
      } catch (error) {
        const again = error instanceof CurlError && attempt < options.retry && error.code === 28;
        if (again) continue;
        if (error instanceof CurlError && error.code !== 22 && options.writeOut) {
          call.out(
            writtenOut(options.writeOut, { http_code: '000', response_code: '000', size_download: '0' }),
          );
        }
        throw error;
      }
    }
  } catch (error) {
    if (call.signal.aborted) return 143;
    if (!(error instanceof CurlError)) throw error;
    if (!silent) call.err(`curl: (${error.code}) ${error.message}\n`);
    return error.code;
  }
}
