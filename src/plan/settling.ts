import type { Options } from '../options/types.ts';

/** Without a restart a few seconds show whether what was started stays up. */
const WITHOUT_RESTART = 5;

/** How long an agent must stay ready in its turn where nothing restarts. The option is for turns that restart a daemon. */
export function settleSeconds(options: Options): number {
  return Math.min(WITHOUT_RESTART, options.rollout['settle-seconds']);
}
