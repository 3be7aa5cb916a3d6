// What Marathon itself says no to. Its answers are JSON; Admin Router's of the same status are HTML and mean something else.
import { UserError } from '../errors.ts';
import { plainText } from '../view/plain-text.ts';
import type { Answer } from './answer.ts';
import { messageOf } from './answer-failures.ts';

/** The error of an answer to a write, if it is one that Marathon gave. `path` is below `/v2`. */
export function marathonRefusal(
  path: string,
  answer: Answer,
  blot: (text: string) => string,
): UserError | undefined {
  if (!answer.isJson || answer.status < 400) return undefined;
  const id = decodeURIComponent(path.replace(/^\/(groups|apps)/, ''));
  const detail = blot(
    `Marathon answers ${answer.status} to the change of ${id}: ${messageOf({ answer, blot }) ?? ''}`,
  );
  if (answer.status === 409) return locked(id, answer, detail);
  if (answer.status === 403 && /deployments/i.test(messageOf({ answer, blot }) ?? '')) return full(detail);
  if (answer.status === 400 || answer.status === 422) return rejected(id, answer, detail, blot);
  return undefined;
}

function locked(id: string, answer: Answer, detail: string): UserError {
  const deployments = objects(answer.json, 'deployments')
    .map(({ id }) => id)
    .filter((id) => typeof id === 'string')
    .map(plainText);
  return new UserError({
    code: 'marathon-locked',
    what: `Marathon does not take the change of ${id}`,
    why: `${deployments.length === 1 ? 'another deployment is' : 'other deployments are'} under way there${
      deployments.length ? `: ${deployments.join(', ')}` : ''
    }`,
    remedy: [
      'dcos marathon deployment list  shows what it does',
      'Wait until it is over, then give the same command again',
    ],
    detail,
    data: { deployments },
  });
}

/** Marathon takes at most 100 deployments at once, and says so with 403: not a matter of permission. */
function full(detail: string): UserError {
  return new UserError({
    code: 'marathon-full',
    what: 'Marathon takes no further deployment',
    why: 'it has as many under way as it allows (100)',
    remedy: [
      'dcos marathon deployment list  shows them',
      'Wait until some are over, then give the same command again',
    ],
    detail,
  });
}

function rejected(id: string, answer: Answer, detail: string, blot: (text: string) => string): UserError {
  const { details } = answer.json as { details?: unknown };
  const faults = Array.isArray(details)
    ? objects(answer.json, 'details').map(({ path, errors }) => {
        const said = Array.isArray(errors)
          ? errors.filter((error) => typeof error === 'string').join(', ')
          : '';
        return plainText(blot(`${path || '/'}: ${said || 'not valid'}`));
      })
    : [
        typeof details === 'string'
          ? details
          : (messageOf({ answer, blot }) ?? `it answers ${answer.status}`),
      ].map((text) => plainText(blot(text)));
  return new UserError({
    code: 'marathon-rejected',
    what: `Marathon rejects the definition of ${id}`,
    why: faults.length ? 'it finds fault with this' : `it answers ${answer.status}`,
    items: faults,
    remedy: [
      'Nothing was changed',
      'If the options seem right, this is a fault of dcos calico: the output of the same command with -v helps to mend it',
    ],
    detail,
    data: { faults },
  });
}

function objects(json: unknown, name: string): Record<string, unknown>[] {
  const value = (json as Record<string, unknown> | undefined)?.[name];
  return Array.isArray(value) ? value.filter((item) => typeof item === 'object' && item !== null) : [];
}
