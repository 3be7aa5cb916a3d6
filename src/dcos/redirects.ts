// Redirects are followed only where the token may go: on the same host, never from https to http.
import { UserError } from '../errors.ts';
import { plainText } from '../view/plain-text.ts';
import { loginFailure } from './answer-failures.ts';
import { capital, serviceAt } from './services.ts';

/** Where a redirect leads: a URL to go on with, `elsewhere`, or undefined if it is none. Writes are never redirected. */
export function redirectTarget(
  from: string,
  status: number,
  location: string | undefined,
  method: string,
): string | 'elsewhere' | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || !location) return undefined;
  let to: URL;
  try {
    to = new URL(location, from);
  } catch {
    return 'elsewhere';
  }
  const origin = new URL(from);
  const sameOrigin = to.origin === origin.origin;
  const upgrade = to.hostname === origin.hostname && origin.protocol === 'http:' && to.protocol === 'https:';
  return method === 'GET' && (sameOrigin || upgrade) && !leadsToLogin(to) ? to.href : 'elsewhere';
}

function leadsToLogin(to: URL): boolean {
  return /\/(login|dcos-auth|authorize|oauth2?|saml|acs\/api\/v1\/auth)\b/i.test(to.pathname);
}

/** The error of a redirect that is not followed. */
export function redirectFailure(context: {
  url: string;
  method: string;
  path: string;
  location: string;
  loggedIn: boolean;
  blot: (text: string) => string;
}): Error {
  const to = URL.canParse(context.location, context.url) ? new URL(context.location, context.url) : undefined;
  const detail = context.blot(
    `${context.method} ${context.url}${context.path} → redirect to ${to ? plainText(to.origin + to.pathname) : 'nowhere'}`,
  );
  if (to && leadsToLogin(to)) return loginFailure(context.loggedIn, context.url, detail);
  // A follower among the Mesos masters sends to the leader by its own address, even to one that has just died.
  const leaderChanges = context.path.startsWith('/mesos/');
  const error = new UserError({
    code: leaderChanges ? 'admin-router-503' : 'redirected',
    what: leaderChanges
      ? 'The Mesos master does not answer'
      : `${capital(serviceAt(context.path).name)} at ${context.url} sends to another address`,
    why: leaderChanges
      ? 'it is changing its leader'
      : `${to ? plainText(to.origin) : 'an unusable one'}, where the login must not be sent`,
    remedy: leaderChanges ? ['Try again in a minute'] : ['dcos cluster setup URL  if the cluster has moved'],
    detail,
  });
  return Object.assign(error, { retryable: leaderChanges });
}
