// curl's command line, as far as scripts use it.
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Call } from '../call.ts';

export interface CurlOptions {
  urls: string[];
  method?: string;
  headers: Record<string, string>;
  data: Buffer[];
  get: boolean;
  head: boolean;
  fail: boolean;
  failWithBody: boolean;
  silent: boolean;
  showError: boolean;
  include: boolean;
  location: boolean;
  output?: string;
  remoteName: boolean;
  writeOut?: string;
  maxTime?: number;
  maxFilesize?: number;
  unixSocket?: string;
  retry: number;
  files: { option: string; path: string }[];
}

const LONG_WITH_VALUE = new Set(
  (
    '--request --header --data --data-binary --data-raw --data-ascii --data-urlencode --output --write-out --max-time ' +
    '--connect-timeout --max-filesize --unix-socket --retry --retry-delay --retry-max-time --user-agent --cacert --cert ' +
    '--key --user --noproxy --proxy --limit-rate --speed-limit --speed-time --resolve --range --referer --cookie ' +
    '--proto --proto-redir --max-redirs --interface --ciphers --tls-max --form --dump-header --config'
  ).split(' '),
);
const SHORT: Record<string, string> = {
  X: '--request',
  H: '--header',
  d: '--data',
  o: '--output',
  O: '--remote-name',
  w: '--write-out',
  m: '--max-time',
  f: '--fail',
  s: '--silent',
  S: '--show-error',
  L: '--location',
  i: '--include',
  I: '--head',
  G: '--get',
  k: '--insecure',
  A: '--user-agent',
  u: '--user',
  E: '--cert',
  x: '--proxy',
  e: '--referer',
  b: '--cookie',
  r: '--range',
  y: '--speed-time',
  Y: '--speed-limit',
  D: '--dump-header',
  F: '--form',
  K: '--config',
  g: '--globoff',
  q: '--disable',
  v: '--verbose',
  '#': '--progress-bar',
  4: '--ipv4',
  6: '--ipv6',
};

/** An exit code of curl's and what it prints with it. */
export class CurlError extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** Reads the arguments, and the data that they name. Throws `CurlError`. */
export async function curlOptions(call: Call): Promise<CurlOptions> {
  const options: CurlOptions = {
    urls: [],
    headers: {},
    data: [],
    get: false,
    head: false,
    fail: false,
    failWithBody: false,
    silent: false,
    showError: false,
    include: false,
    location: false,
    remoteName: false,
    retry: 0,
    files: [],
  };
  const queue = [...call.args];
  const set = async (name: string, value: string): Promise<void> => {
    switch (name) {
      case '--request':
        options.method = value;
        break;
      case '--header': {
        const colon = value.indexOf(':');
        if (colon > 0) options.headers[value.slice(0, colon)] = value.slice(colon + 1).trim();
        break;
      }
      case '--data':
      case '--data-ascii':
      case '--data-binary':
        if (value.startsWith('@')) {
          const content =
            value === '@-' ? await call.stdin() : await readFile(resolve(call.cwd, value.slice(1)));
          options.data.push(
            name === '--data-binary' ? content : Buffer.from(content.toString().replace(/[\r\n]/g, '')),
          );
        } else options.data.push(Buffer.from(value));
        break;
      case '--data-raw':
        options.data.push(Buffer.from(value));
        break;
      case '--data-urlencode': {
        const at = value.search(/[=@]/);
        if (at < 0) options.data.push(Buffer.from(encodeURIComponent(value)));
        else {
          const content =
            value[at] === '@'
              ? (value.slice(at + 1) === '-'
                  ? await call.stdin()
                  : await readFile(resolve(call.cwd, value.slice(at + 1)))
                ).toString()
              : value.slice(at + 1);
          const field = value.slice(0, at);
          options.data.push(Buffer.from((field ? `${field}=` : '') + encodeURIComponent(content)));
        }
        break;
      }
      case '--output':
        options.output = value;
        break;
      case '--write-out':
        options.writeOut = value;
        break;
      case '--max-time':
        options.maxTime = Number(value);
        break;
      case '--max-filesize':
        options.maxFilesize = Number(value);
        break;
      case '--unix-socket':
        options.unixSocket = value;
        break;
      case '--retry':
        options.retry = Number(value);
        break;
      case '--cacert':
      case '--cert':
      case '--key':
        options.files.push({ option: name, path: value });
        break;
    }
  };
  const flag = (name: string): void => {
    switch (name) {
      case '--fail':
        options.fail = true;
        break;
      case '--fail-with-body':
        options.failWithBody = true;
        break;
      case '--silent':
        options.silent = true;
        break;
      case '--show-error':
        options.showError = true;
        break;
      case '--location':
        options.location = true;
        break;
      case '--include':
        options.include = true;
        break;
      case '--head':
        options.head = true;
        break;
      case '--get':
        options.get = true;
        break;
      case '--remote-name':
        options.remoteName = true;
        break;
      case '--url':
        break;
    }
  };
  const value = (name: string): string => {
    const next = queue.shift();
    if (next === undefined) throw new CurlError(2, `option ${name}: requires parameter`);
    return next;
  };
  while (queue.length) {
    const argument = queue.shift()!;
    if (argument === '--url') options.urls.push(value(argument));
    else if (argument.startsWith('--')) {
      if (LONG_WITH_VALUE.has(argument)) await set(argument, value(argument));
      else flag(argument);
    } else if (argument.startsWith('-') && argument.length > 1) {
      for (let i = 1; i < argument.length; i++) {
        const long = SHORT[argument[i]!];
        if (!long) throw new CurlError(2, `option -${argument[i]}: is unknown`);
        if (LONG_WITH_VALUE.has(long)) {
          const rest = argument.slice(i + 1);
          await set(long, rest || value(`-${argument[i]}`));
          break;
        }
        flag(long);
      }
    } else options.urls.push(argument);
  }
  return options;
}
