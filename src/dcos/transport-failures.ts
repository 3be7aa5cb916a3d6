// What went wrong before there was an answer, or in the middle of one.
import { UserError } from '../errors.ts';
import { plainText } from '../view/plain-text.ts';
import { unexpectedAnswer } from './answer-failures.ts';
import type { Connection } from './connection.ts';
import { capital, serviceAt } from './services.ts';

export interface FailedTransport {
  url: string;
  method: string;
  path: string;
  error: unknown;
  attempts: number;
  /** Whether it was to change something: then it may have arrived all the same. */
  writes: boolean;
  settings: { connectMs: number; idleMs: number; maxBytes: number };
  proxy: Connection['proxy'];
  blot: (text: string) => string;
}

/** The error of a request that got no answer, or half of one. */
export function transportFailure(failed: FailedTransport): Error {
  const { error } = failed;
  if (error instanceof UserError) return error;
  const { code = '', message = '' } = error as { code?: string; message?: string; cut?: boolean };
  if (code === 'BAD_JSON' && !(error as { cut: boolean }).cut) {
    return unexpectedAnswer({ ...failed, expects: 'JSON' }, 'but it is something else');
  }
  if (code === 'BAD_JSON' || /stream has been aborted/.test(message)) return halfAnswer(failed);
  if (/maxContentLength/.test(message)) return tooLarge(failed);
  if (code === 'CONNECT_TIME_OUT' || code === 'ETIMEDOUT' || /timeout of|timeout exceeded/.test(message)) {
    return timeOut(failed, code === 'CONNECT_TIME_OUT');
  }
  const certificate = CERTIFICATES[code];
  if (certificate) return untrusted(failed, certificate);
  const reason = unreachableReason(code, message, failed.url);
  if (reason) return unreachable(failed, reason);
  if (
    code === 'ECONNRESET' ||
    code === 'EPIPE' ||
    code === 'ECONNABORTED' ||
    /socket hang up/.test(message)
  ) {
    return unreachable(failed, 'the connection was closed without an answer');
  }
  if (/^HPE_|^Z_|^ERR_(HTTP|STREAM)/.test(code)) {
    return unexpectedAnswer({ ...failed, expects: 'HTTP' }, `but it is broken (${code})`);
  }
  return error instanceof Error ? withoutRequest(error) : new Error(String(error));
}

/** axios hangs the request with its headers on its errors: only the message and the place go on. */
function withoutRequest(error: Error): Error {
  const plain = new Error(error.message);
  plain.stack = error.stack ?? '';
  return plain;
}

function detail({ method, url, path, error, attempts, blot }: FailedTransport): string {
  const { code, message } = error as { code?: string; message?: string };
  const tries = attempts > 1 ? `, after ${attempts} attempts` : '';
  return plainText(blot(`${method} ${url}${path} → ${[code, message].filter(Boolean).join(': ')}${tries}`));
}

function doubt(failed: FailedTransport): string[] {
  return failed.writes
    ? ['Whether the change arrived is not known: the same command again looks first, and goes on from there']
    : [];
}

function unreachable(failed: FailedTransport, why: string): UserError {
  const proxy = failed.url.startsWith('https:') ? failed.proxy.https : failed.proxy.http;
  return new UserError({
    code: 'dcos-unreachable',
    what: `Could not reach ${failed.url}`,
    why,
    remedy: [
      ...doubt(failed),
      isHere(failed.url)
        ? 'dcos calico lab start  starts the practice cluster, if that is what was there: it ends with its shell'
        : 'Is it a DC/OS cluster master node, and can this machine reach it (VPN, firewall)?',
      ...(proxy ? ['A proxy is set for it (HTTP_PROXY, HTTPS_PROXY); NO_PROXY takes a host out'] : []),
      'dcos cluster list',
    ],
    detail: detail(failed),
  });
}

/** Where the lab listens. */
function isHere(url: string): boolean {
  return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
}

function unreachableReason(code: string, message: string, url: string): string | undefined {
  const { hostname, port } = new URL(url);
  switch (code) {
    case 'ECONNREFUSED':
      return `nothing listens there: the connection was refused`;
    case 'ENOTFOUND':
    case 'EAI_NODATA':
    case 'EAI_NONAME':
      return `there is no host named ${hostname}`;
    case 'EAI_AGAIN':
      return `the name ${hostname} cannot be looked up: the name service does not answer`;
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'EHOSTDOWN':
    case 'ENETDOWN':
    case 'EADDRNOTAVAIL':
      return 'there is no route to it from here';
    case 'EPROTO':
    case 'ERR_SSL_WRONG_VERSION_NUMBER':
    case 'ERR_SSL_PACKET_LENGTH_TOO_LONG':
      return /wrong version number|packet length too long|http request|WRONG_VERSION/i.test(
        `${message} ${code}`,
      )
        ? `it does not speak https on port ${port || 443}`
        : 'no secure connection came about';
    default:
      return code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_')
        ? 'no secure connection came about'
        : undefined;
  }
}

function timeOut(failed: FailedTransport, connecting: boolean): UserError {
  const seconds = (connecting ? failed.settings.connectMs : failed.settings.idleMs) / 1000;
  const service = serviceAt(failed.path).name;
  return new UserError({
    code: 'time-out',
    what: connecting
      ? `Could not reach ${failed.url}`
      : `${capital(service)} at ${failed.url} does not answer`,
    why: connecting
      ? `there was no connection within ${seconds} s`
      : `nothing came for ${seconds} s, although the connection stands`,
    remedy: [
      ...doubt(failed),
      connecting
        ? 'Is it a DC/OS cluster master node, and can this machine reach it (VPN, firewall)?'
        : 'It is busy, or the link is slow: try again',
      connecting ? 'dcos cluster list' : 'dcos config set calico.timeout SECONDS  waits longer',
    ],
    detail: detail(failed),
  });
}

function halfAnswer(failed: FailedTransport): UserError {
  return new UserError({
    code: 'half-answer',
    what: `${capital(serviceAt(failed.path).name)} at ${failed.url} stopped in the middle of its answer`,
    why: 'the connection was closed before the answer was whole',
    remedy: [
      ...doubt(failed),
      'Try again; if it stays so, a proxy or load balancer on the way may cut long answers',
    ],
    detail: detail(failed),
  });
}

function tooLarge(failed: FailedTransport): UserError {
  return new UserError({
    code: 'answer-too-large',
    what: `${capital(serviceAt(failed.path).name)} at ${failed.url} sends more than can be taken`,
    why: `the answer is larger than ${Math.round(failed.settings.maxBytes / 1024 / 1024)} MiB`,
    remedy: ['Is it a DC/OS cluster master node?', 'dcos cluster list'],
    detail: detail(failed),
  });
}

const CERTIFICATES: Record<string, string> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by nobody but itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not known to this machine',
  UNABLE_TO_GET_ISSUER_CERT: 'its authority is not known to this machine',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is not known to this machine',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its authority is not known to this machine',
  CERT_UNTRUSTED: 'its authority is not trusted',
  CERT_SIGNATURE_FAILURE: 'its authority has another key (a cluster set up anew under the same name?)',
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: "it is not valid yet (is this machine's clock right?)",
  CERT_REVOKED: 'it was revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is made out to another name',
};

function untrusted(failed: FailedTransport, why: string): UserError {
  const { hostname } = new URL(failed.url);
  return new UserError({
    code: 'tls-untrusted',
    what: `The certificate of ${failed.url} is not trusted`,
    why,
    remedy: [
      ...(why.includes('another name')
        ? [`dcos cluster setup URL  with the name in its certificate instead of ${hostname}`]
        : /expired|not valid yet|revoked/.test(why)
          ? ['An administrator of the cluster renews it on the masters']
          : [
              `dcos cluster setup ${failed.url}  shows the cluster's authority and asks whether to trust it`,
              'dcos config set core.ssl_verify PATH  trusts the authority in that file (DCOS_TLS_CA_PATH)',
            ]),
      'dcos config set core.ssl_verify false  checks nothing: for test clusters only',
    ],
    detail: detail(failed),
  });
}
