// A login without a person: the credential of a DC/OS Enterprise service account, as DC/OS's own services are given it
// (DCOS_SERVICE_ACCOUNT_CREDENTIAL; docs: security/ent/service-auth).
import { createSign } from 'node:crypto';
import { UserError } from '../errors.ts';
import type { Connection } from './connection.ts';
import { Http, type HttpSettings } from './http.ts';

interface Credential {
  uid: string;
  privateKey: string;
}

/** The login token itself is good for a few minutes: it is used at once. */
const LOGIN_SECONDS = 300;

/**
 * Logs in to the cluster of `connection` and returns the token. `login_endpoint` of the credential is not used: what is secret is sent to
 * no other host than the one that is meant.
 *
 * @throws {UserError} `bad-service-account`, or what the cluster answers
 */
export async function tokenOf(
  credential: string,
  connection: Connection,
  now: number,
  settings: HttpSettings = {},
): Promise<string> {
  const { uid, privateKey } = credentialOf(credential);
  const http = new Http(connection, settings);
  try {
    return await http.json(
      {
        method: 'POST',
        path: '/acs/api/v1/auth/login',
        body: { uid, token: loginToken(uid, privateKey, now) },
        authenticate: false,
      },
      { expects: 'a token', read: (json) => String((json as { token?: unknown } | null)?.token ?? '') },
    );
  } finally {
    http.close();
  }
}

function credentialOf(text: string): Credential {
  let value: Record<string, unknown> = {};
  try {
    value = JSON.parse(text) as Record<string, unknown>;
  } catch {
    // Said below, without the text: it holds a key.
  }
  const { uid, private_key: privateKey, scheme } = value ?? {};
  if (typeof uid === 'string' && typeof privateKey === 'string' && scheme === 'RS256')
    return { uid, privateKey };
  throw bad('it is no JSON with uid, private_key and the scheme RS256');
}

function loginToken(uid: string, privateKey: string, now: number): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part({ uid, exp: Math.floor(now / 1000) + LOGIN_SECONDS })}`;
  try {
    return `${signed}.${createSign('RSA-SHA256').update(signed).sign(privateKey, 'base64url')}`;
  } catch {
    throw bad('its private_key is no RSA key');
  }
}

function bad(why: string): UserError {
  return new UserError({
    code: 'bad-service-account',
    what: 'The service account cannot be used',
    why: `DCOS_SERVICE_ACCOUNT_CREDENTIAL has to be what \`dcos security secrets create-sa-secret\` makes: ${why}`,
    remedy: ['dcos security secrets list /', 'dcos security secrets create-sa-secret --help'],
  });
}
