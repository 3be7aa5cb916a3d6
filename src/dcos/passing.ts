import { UserError } from '../errors.ts';

/** A master that fails over, an agent that restarts or a network that is away passes; what the user must mend does not. */
const PASSING = new Set([
  'admin-router-502',
  'admin-router-503',
  'admin-router-504',
  'dcos-unreachable',
  'half-answer',
  'rate-limited',
  'service-failed',
  'time-out',
]);

/** Whether the same request may succeed later without anybody's doing. */
export function mayPass(error: unknown): error is UserError {
  return error instanceof UserError && PASSING.has(error.problem.code);
}
