// Why a test of the network could not be made.
import type { MarathonGroup } from '../dcos/types.ts';
import { UserError } from '../errors.ts';
import { UNDER_WAY_MS } from './limits.ts';

export function notPrepared(why: string, host: string): UserError {
  return new UserError({
    code: 'connectivity-not-prepared',
    what: 'The test of the network could not be prepared; what it had begun is taken away',
    why,
    remedy: [`dcos calico status ${host}`, 'dcos calico preflight'],
  });
}

export function notInstalled(): UserError {
  return new UserError({
    code: 'not-installed',
    what: 'There is no network of Calico to test',
    why: 'Calico is not installed on this cluster',
    remedy: ['dcos calico install'],
  });
}

/** @param why what keeps every agent from taking part */
export function nobody(why: string): UserError {
  return new UserError({
    code: 'connectivity-nobody',
    what: 'There is nobody to test the network with',
    why,
    remedy: ['dcos calico status', 'dcos calico connectivity test --agents 10.0.1.11,10.0.1.12'],
  });
}

/** Why a test that is there is left alone: it began lately enough to be somebody else's that goes on. Undefined: it is what a run has left. */
export function underWay({ apps }: MarathonGroup, now: number): UserError | undefined {
  const keeper = apps.find(({ id }) => id.endsWith('/keeper'));
  const asked = keeper?.env.DCOS_CALICO_ASKED ?? '';
  const age = now - Date.parse(asked);
  if (Number.isNaN(age) || age >= UNDER_WAY_MS) return undefined;
  return new UserError({
    code: 'connectivity-under-way',
    what: 'A test of the network is there already',
    why: `it began at ${asked.slice(0, 19).replace('T', ' ')} UTC, and may be somebody else's that goes on`,
    remedy: [
      'Wait until it is over: a test takes a few minutes, over a slow line up to a quarter of an hour.',
      'dcos calico connectivity test --clean-up     takes it away, if nobody runs it',
    ],
  });
}
