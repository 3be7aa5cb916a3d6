// Statuses and unfit answers as sentences. Bodies of Admin Router are HTML and are never shown; a service's own JSON message is,
// as plain text.
import { UserError } from '../errors.ts';
import { plainText } from '../view/plain-text.ts';
import type { Answer } from './answer.ts';
import { capital, type Service, serviceAt } from './services.ts';

export interface FailedAnswer {
  url: string;
  method: string;
  path: string;
  loggedIn: boolean;
  answer: Answer;
  /** What the answer should have been: `a list of agents`. */
  expects: string;
  blot: (text: string) => string;
}

/** The error of an answer that is not a JSON document with a 2xx status. */
export function answerFailure(failed: FailedAnswer): UserError {
  const { answer, url } = failed;
  const service = serviceAt(failed.path);
  const detail = detailOf(failed);
  const named = { service, detail, failed };
  if (answer.status === 401) return loginFailure(failed.loggedIn, url, detail);
  if (answer.status === 403) return forbidden(named);
  if (answer.status === 404) return missing(named);
  if (answer.status === 429) {
    return new UserError({
      code: 'rate-limited',
      what: `${capital(service.name)} gets more requests than it takes`,
      why: 'it answers "too many requests" (429)',
      remedy: ['Try again in a minute; --watch with a longer interval asks less'],
      detail,
    });
  }
  if (answer.status === 502 || answer.status === 503 || answer.status === 504) return unavailable(named);
  if (answer.status >= 500) {
    return new UserError({
      code: 'service-failed',
      what: `${capital(service.name)} failed to answer`,
      why: messageOf(failed) ?? `it reports an error of its own (${answer.status})`,
      remedy: ['Try again in a minute; if it stays so, see how it fares:', service.look],
      detail,
    });
  }
  if (answer.status >= 400) {
    return new UserError({
      code: 'rejected',
      what: `${capital(service.name)} refuses the request`,
      why: messageOf(failed) ?? `it answers ${answer.status}`,
      remedy: again(service),
      detail,
    });
  }
  return unexpectedAnswer(failed, `but it is ${kindOf(answer)}`);
}

/** After an answer that has no reason of its own that could be mended. */
const again = ({ look }: Service): string[] => [
  'Give the same command again; if it stays so, its output with -v helps to see why:',
  look,
];

/** An answer that is not what it should be; `found` says what it is instead: `but it is a web page`. */
export function unexpectedAnswer(
  failed: Pick<FailedAnswer, 'url' | 'method' | 'path' | 'expects' | 'blot'> & { answer?: Answer },
  found: string,
): UserError {
  const service = serviceAt(failed.path);
  return new UserError({
    code: 'unexpected-answer',
    what: `${capital(service.name)} at ${failed.url} gives an answer that cannot be used`,
    why: `${failed.expects} was expected, ${found}`,
    remedy: [
      'Is it a DC/OS cluster between 1.9 and 2.2, without a proxy on the way that answers in its place?',
      'dcos cluster list',
    ],
    detail: failed.answer
      ? detailOf(failed as FailedAnswer)
      : failed.blot(`${failed.method} ${failed.url}${failed.path}`),
  });
}

/** Not logged in, or no more. */
export function loginFailure(loggedIn: boolean, url: string, detail: string): UserError {
  return loggedIn
    ? new UserError({
        code: 'login-expired',
        what: `The login to ${url} is no longer valid`,
        why: 'it has expired, or was ended on the cluster',
        remedy: ['dcos auth login'],
        detail,
      })
    : new UserError({
        code: 'not-logged-in',
        what: `Not logged in to ${url}`,
        why: 'the cluster asks for a login, and there is no token',
        remedy: ['dcos auth login'],
        detail,
      });
}

interface Named {
  service: Service;
  detail: string;
  failed: FailedAnswer;
}

function forbidden({ service, detail, failed }: Named): UserError {
  return new UserError({
    code: 'forbidden',
    what: `Not allowed to ${failed.method === 'GET' ? 'read from' : 'change'} ${service.name}`,
    why: 'the user that is logged in lacks a permission',
    remedy: [
      'On DC/OS Enterprise an administrator grants what is missing of these:',
      ...service.permissions.map((permission) => `dcos security org users grant USER ${permission}`),
    ],
    detail,
    data: { permissions: service.permissions },
  });
}

function missing({ service, detail, failed }: Named): UserError {
  const marathon = /^\/service\/(.+?)\/v2(\/|$)/.exec(failed.path)?.[1];
  if (!failed.answer.isJson && marathon) {
    return new UserError({
      code: 'no-such-service',
      what: `There is no service "${marathon}" on ${failed.url}`,
      why: 'Admin Router knows no service of that name',
      remedy: ['dcos service list  lists the services', '--marathon NAME  names another Marathon'],
      detail,
      data: { service: marathon },
    });
  }
  return new UserError({
    code: 'not-found',
    what: `${capital(service.name)} at ${failed.url} does not know what was asked for`,
    why: messageOf(failed) ?? `${failed.expects} is not there (404)`,
    remedy: again(service),
    detail,
  });
}

function unavailable({ service, detail, failed }: Named): UserError {
  const { status } = failed.answer;
  const why = {
    502: 'Admin Router cannot reach it (502)',
    503: 'it is not ready: it starts, or changes its leader (503)',
    504: 'it did not answer Admin Router in time (504)',
  }[status as 502 | 503 | 504];
  const message = messageOf(failed);
  return new UserError({
    code: `admin-router-${status}`,
    what: `${capital(service.name)} does not answer`,
    why: message ? `${why}: ${message}` : why,
    remedy: ['Try again in a minute; if it stays so, see how it fares:', service.look],
    detail,
  });
}

/** A service's own message, if its answer has one. */
export function messageOf({ answer, blot }: Pick<FailedAnswer, 'answer' | 'blot'>): string | undefined {
  const message = (answer.json as { message?: unknown } | undefined)?.message;
  if (typeof message !== 'string' || !message.trim()) return undefined;
  const text = plainText(blot(message)).trim();
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}

export function detailOf({ method, url, path, answer, blot }: FailedAnswer): string {
  const type = answer.headers['content-type'] ?? 'no content type';
  return plainText(blot(`${method} ${url}${path} → ${answer.status} (${type})`));
}

function kindOf(answer: Answer): string {
  if (answer.status >= 300) return `a redirect that leads in a circle (${answer.status})`;
  const type = answer.headers['content-type'];
  if (!type) return 'one without a content type';
  return /html/i.test(type) ? 'a web page' : `of the type ${plainText(type)}`;
}
