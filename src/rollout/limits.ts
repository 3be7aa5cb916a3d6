// How long is waited for what, and how often is looked. All in milliseconds.

const SECOND = 1000;

/** After the PUT: no task came to its place for so long. Declined offers come back to Marathon after up to 300 s. */
export const PLACING_STILL = 90 * SECOND;
/** The turn's task is placed in 3 to 9 s (measured), or, after a declined offer, within 300 s. */
export const TURN_NOT_PLACED = 360 * SECOND;
/** From here on it is asked why, and said. */
export const TURN_PLACING_LONG = 30 * SECOND;
/** The first result of its check comes within one interval of 5 s. */
export const TURN_NO_REPORT = 180 * SECOND;
/** An agent fetches up to 100 MB, perhaps over a slow line, and reports `working` all the while. */
export const TURN_WORKING = 30 * 60 * SECOND;
/** A Mesos agent that restarts is back within 20 to 30 s; Mesos gives it up after its ping time-outs. */
export const TURN_UNREACHABLE = 120 * SECOND;
/** A step's check and its health check run every 5 s, and may take 10. */
export const CONFIRMED_WITHIN = 45 * SECOND;
/** Tasks of the last turn end within their grace time of 10 s. */
export const TURN_ENDING = 60 * SECOND;
/** From here on tasks of an earlier version, or turn, that are still there are ended: Marathon ends them at once, with 10 s of grace. */
export const NOT_REPLACED = 30 * SECOND;
/** A step may fail at something, and succeed at its next look. */
export const FAILED_FOR = 15 * SECOND;

/** Between two looks at the whole group: it grows with the cluster, as its answer does. */
export function lookInterval(agents: number): number {
  return Math.min(30, Math.max(2, agents / 100)) * SECOND;
}

/** Between two looks at the turn alone. */
export function pollInterval(agents: number): number {
  return Math.min(10, Math.max(2, agents / 20)) * SECOND;
}

/** Between two times that is asked, in a wave, whom to go on without, and whether the apps are still ours. */
export const CONTROL_INTERVAL = 10 * SECOND;
/** After the time of `--until` an agent finishes what it has begun; what it has not begun it does not begin. */
export const OUT_OF_TIME = 180 * SECOND;

/** Between two times that agents in their turn are asked for their own reports: each costs a request an agent. */
export const ASK_INTERVAL = 8 * SECOND;
