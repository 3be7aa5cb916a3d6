// A leader that changes, or a line that breaks, must not end a rollout of an hour: reads are asked again for a while.
import { UserError } from '../errors.ts';
import type { Time } from './carry-out.ts';

/** Marathon and Mesos elect a leader within seconds; a busy Admin Router is back within minutes. */
const PATIENCE_MS = 5 * 60_000;
const PAUSE_MS = 5_000;

/** What a later attempt can mend. A login, a permission or a certificate it cannot. */
const PASSING = new Set([
  'service-failed',
  'rate-limited',
  'dcos-unreachable',
  'time-out',
  'half-answer',
  'admin-router-502',
  'admin-router-503',
  'admin-router-504',
]);

/** Whether the same request may be answered a little later. */
export function isPassing(error: unknown): boolean {
  return error instanceof UserError && PASSING.has(error.problem.code);
}

/** Reads until there is an answer, for five minutes; the last error is thrown then. `failed` hears of each failure. */
export async function patient<T>(
  read: () => Promise<T>,
  time: Time,
  failed: (why: string) => void,
  signal?: AbortSignal,
): Promise<T> {
  const until = time.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await read();
    } catch (error) {
      if (!isPassing(error) || time.now() >= until) throw error;
      failed((error as UserError).message);
      await time.sleep(PAUSE_MS, signal);
    }
  }
}
