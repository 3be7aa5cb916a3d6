import type { Options } from '../options/types.ts';

/** Without a restart a few seconds show whether what was started stays up. */
const WITHOUT_RESTART = 5;

/** How long an agent must stay ready in its turn. The option is for turns that restart a daemon; without one a few seconds do. */
export function settleSeconds(options: Options, restarts = false): number {
  if (restarts) return options.rollout['settle-seconds'];
  return Math.min(WITHOUT_RESTART, options.rollout['settle-seconds']);
}
