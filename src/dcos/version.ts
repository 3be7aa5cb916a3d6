// The version of DC/OS, and of what it is made of.
import { UserError } from '../errors.ts';
import type { Http } from './http.ts';

export interface Version {
  major: number;
  minor: number;
  patch: number;
  /** As it was given: `1.4.12`, `1.9.136`, `2.1.0-dev`. */
  text: string;
}

/** Reads a version of DC/OS, Marathon or Mesos. Marathon's third number is a build count: 1.6.585. Undefined if there is none. */
export function parseVersion(text: string): Version | undefined {
  const found = /^v?(\d{1,6})\.(\d{1,6})(?:\.(\d{1,9}))?(?![\d])/.exec(text.trim());
  if (!found) return undefined;
  return {
    major: Number(found[1]),
    minor: Number(found[2]),
    patch: Number(found[3] ?? 0),
    text: text.trim(),
  };
}

/** Whether `version` is `least` (`1.8`, `1.9.128`) or later. */
export function isAtLeast(version: Version, least: string): boolean {
  const other = parseVersion(least);
  if (!other) throw new TypeError(`not a version: ${least}`);
  return (version.major - other.major || version.minor - other.minor || version.patch - other.patch) >= 0;
}

export interface DcosVersion {
  /** `1.13.9`. */
  version: string;
  release: Version;
  /** Told since DC/OS 1.12. */
  variant?: 'open' | 'enterprise';
}

/** What the cluster says it is, asked without the token. Throws `not-dcos` if it is something else. */
export async function dcosVersion(http: Http, signal?: AbortSignal): Promise<DcosVersion> {
  const path = '/dcos-metadata/dcos-version.json';
  const answer = await http.send({ path, signal, authenticate: false });
  const { version, 'dcos-variant': variant } = (answer.json ?? {}) as Record<string, unknown>;
  const release = typeof version === 'string' ? parseVersion(version) : undefined;
  if (answer.status >= 500 || answer.status === 429) {
    http.read({ path, authenticate: false }, answer, {
      expects: 'the version of DC/OS',
      read: (json) => json,
    });
  }
  if (answer.status !== 200 || typeof version !== 'string' || !release) {
    throw new UserError({
      code: 'not-dcos',
      what: `Could not find DC/OS at ${http.url}`,
      why: 'something answers there, but it does not say which version of DC/OS it is',
      remedy: ['Is it a DC/OS cluster master node?', 'dcos cluster list'],
      detail: `GET ${http.url}${path} → ${answer.status} (${answer.headers['content-type'] ?? 'no content type'})`,
    });
  }
  return {
    version,
    release,
    ...(variant === 'open' || variant === 'enterprise' ? { variant } : {}),
  };
}
