// How long is waited for what. All in milliseconds.
import type { Phase } from './types.ts';

/** Between two looks. */
export const LOOK_MS = 2_000;
/** calicoctl has 30 MB, over a slow line. */
export const KEEPER_MS = 10 * 60_000;
/** A step that failed looks again after half a minute, and may succeed. */
export const FAILED_MS = 40_000;
/** Felix takes a change within seconds; tasks start within 9 s, and an image may have to be pulled. */
export const SETTLED_MS: Record<Phase, number> = { open: 90_000, guarded: 60_000 };
/** Everybody has answered, and no further connection came to be as it should for so long: a few rounds. */
export const STILL_MS = 20_000;
/** The keeper's own end takes calicoctl, and a Docker network whose last containers have to end. */
export const ENDING_MS = 120_000;
/** After it the resources go by themselves, whatever became of this process. */
export const AT_MOST_MS = 30 * 60_000;
/** The keeper alone may take ten minutes: a test that began so lately may be somebody else's, at this moment. */
export const UNDER_WAY_MS = KEEPER_MS + 5 * 60_000;
