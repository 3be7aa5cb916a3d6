// Which cluster to speak to, and how: all of it comes from `dcos`, which hands it to its plugins in the environment
// (dcos-cli, pkg/cmd/dcos.go, pluginEnv).
import { existsSync } from 'node:fs';
import { EXIT, UserError } from '../errors.ts';

export interface Connection {
  /** Scheme, host, port and path of the cluster, without a trailing slash and without credentials. */
  readonly url: string;
  /** Not enumerable, so that neither JSON nor a log of the whole shows it. Absent when logged out, or without authentication. */
  readonly token?: string;
  readonly tls: { readonly verify: boolean; readonly caPath?: string };
  readonly cliVersion?: string;
  /** 0, 1 (`dcos -v`) or 2 (`dcos -vv`). */
  readonly verbosity: number;
  /** `dcos config set calico.<key>`: the key in lower case with `-` for `_`. */
  readonly settings: Readonly<Record<string, string>>;
  /** Proxy settings as curl and `dcos` itself read them. */
  readonly proxy: { readonly http?: string; readonly https?: string; readonly no?: string };
}

type Environment = Record<string, string | undefined>;

/**
 * Reads the connection from the environment that `dcos` gives its plugins.
 * Throws `no-cluster`, `bad-cluster-url`, `bad-token` or `no-ca-file`, all with exit code 2.
 */
export function connectionFromEnvironment(env: Environment = process.env): Connection {
  const connection: Connection = {
    url: clusterUrl(env.DCOS_URL),
    tls: tlsFrom(env),
    ...(env.DCOS_CLI_VERSION ? { cliVersion: env.DCOS_CLI_VERSION } : {}),
    verbosity: Math.min(2, Math.max(0, Number.parseInt(env.DCOS_VERBOSITY ?? '', 10) || 0)),
    settings: settingsFrom(env),
    proxy: proxyFrom(env),
  };
  const token = env.DCOS_ACS_TOKEN?.trim();
  if (token && /[^!-~]/.test(token)) throw badToken();
  if (token) Object.defineProperty(connection, 'token', { value: token, enumerable: false });
  return connection;
}

function clusterUrl(text: string | undefined): string {
  if (!text?.trim()) {
    throw new UserError({
      code: 'no-cluster',
      what: 'No cluster is attached',
      why: '`dcos` gives the address of the attached cluster to its plugins (DCOS_URL), and there is none',
      remedy: [
        'dcos cluster setup URL  sets a cluster up and attaches it',
        'dcos cluster attach NAME  attaches one that is set up already',
        'dcos calico lab start  starts a practice cluster on this machine',
      ],
      exit: EXIT.usage,
    });
  }
  let url: URL;
  try {
    url = new URL(text.trim());
  } catch {
    throw badUrl(text, 'it is not a URL');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw badUrl(text, `it begins with ${url.protocol}//, and a cluster speaks http or https`);
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

function badUrl(text: string, why: string): UserError {
  // A URL may hold a password before the @.
  const shown = text.replace(/\/\/[^/@]*@/, '//');
  return new UserError({
    code: 'bad-cluster-url',
    what: `The address of the cluster cannot be used: ${shown}`,
    why,
    remedy: ['dcos config set core.dcos_url https://MASTER  sets another address', 'dcos cluster list'],
    exit: EXIT.usage,
  });
}

function badToken(): UserError {
  return new UserError({
    code: 'bad-token',
    what: 'The login to the cluster cannot be used',
    why: 'its token (DCOS_ACS_TOKEN) has a space or a character that no token has',
    remedy: ['dcos auth login'],
    exit: EXIT.usage,
  });
}

function tlsFrom(env: Environment): Connection['tls'] {
  if (/^(1|true|yes)$/i.test(env.DCOS_TLS_INSECURE ?? '')) return { verify: false };
  const caPath = env.DCOS_TLS_CA_PATH;
  if (!caPath) return { verify: true };
  if (!existsSync(caPath)) {
    throw new UserError({
      code: 'no-ca-file',
      what: `The file with the cluster's certificate authority is not there: ${caPath}`,
      why: '`dcos` names it in its setting core.ssl_verify (DCOS_TLS_CA_PATH)',
      remedy: [
        'dcos cluster setup URL  fetches it again',
        'dcos config set core.ssl_verify PATH  names another one',
      ],
      exit: EXIT.usage,
    });
  }
  return { verify: true, caPath };
}

/** Settings of `dcos` itself and of the agents share the prefix; only what `dcos config` can set is meant. */
function settingsFrom(env: Environment): Record<string, string> {
  const settings: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    const key = /^DCOS_CALICO_(.+)$/.exec(name)?.[1];
    if (key && value !== undefined) settings[key.toLowerCase().replaceAll('_', '-')] = value;
  }
  return settings;
}

function proxyFrom(env: Environment): Connection['proxy'] {
  const read = (name: string) => env[name] || env[name.toUpperCase()] || undefined;
  const [http, https, no] = [read('http_proxy'), read('https_proxy'), read('no_proxy')];
  return { ...(http ? { http } : {}), ...(https ? { https } : {}), ...(no ? { no } : {}) };
}
