import { EXIT, UserError } from '../errors.ts';

/** `dcos config set calico.timeout SECONDS`, for slow links: how long to wait for a connection and for an answer. */
export function timeoutsFrom(setting: string | undefined): { connectMs?: number; idleMs?: number } {
  if (setting === undefined) return {};
  const seconds = Number(setting);
  if (!(seconds >= 1 && seconds <= 3600)) {
    throw new UserError({
      code: 'bad-setting',
      what: `The setting calico.timeout cannot be "${setting}"`,
      why: 'it is a number of seconds from 1 to 3600',
      remedy: ['dcos config set calico.timeout 120', 'dcos config unset calico.timeout'],
      exit: EXIT.usage,
    });
  }
  return { connectMs: seconds * 1000, idleMs: seconds * 1000 };
}
