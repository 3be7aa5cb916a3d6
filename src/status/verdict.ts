// What the state of the cluster means for a script: exit codes, and whether waiting on can still change anything.
import { EXIT, type ExitCode } from '../errors.ts';
import type { ClusterStatus, StepCell } from './model.ts';

/** States that pass by themselves, without anybody's doing. */
const PASSING: ReadonlySet<StepCell['state']> = new Set<StepCell['state']>([
  'working',
  'starting',
  'old version',
]);

/** Exit code of a plain `status`: nothing installed is nothing wrong. */
export function statusExit(status: ClusterStatus): ExitCode {
  if (status.calico === 'not installed') return EXIT.done;
  if (status.totals.byState.failed) return EXIT.failed;
  return status.totals.notReady > 0 ? EXIT.notReady : EXIT.done;
}

export function isHealthy(status: ClusterStatus): boolean {
  return statusExit(status) === EXIT.done;
}

/** Whether something is under way that may make more agents ready without anybody typing anything. */
export function isGoingOn(status: ClusterStatus): boolean {
  if (status.calico === 'not installed') return false;
  if (status.turn?.goingOn) return true;
  return status.agents.some(
    (row) =>
      row.state === 'installing' ||
      row.state === 'removing' ||
      row.cells.some(({ state }) => PASSING.has(state)),
  );
}

/**
 * Between two waves nothing is at work for some seconds (a turn takes up to 9 s to begin, measured), and after the last one
 * nothing tells that the CLI which led the rollout is gone. Only quiet of this length is taken for an end.
 */
export const QUIET_MS = 30_000;
/** Without any turn in the cluster no wave can be about to begin. */
export const QUIET_WITHOUT_TURN_MS = 5_000;

/**
 * What `--wait` does after a refresh: `undefined`, wait on; otherwise the exit code.
 *
 * @param quietMs for how long nothing has been going on
 * @param timeIsUp whether the time given with `--wait` has passed
 */
export function waitVerdict(status: ClusterStatus, quietMs: number, timeIsUp: boolean): ExitCode | undefined {
  if (status.calico === 'not installed') return EXIT.notReady;
  const exit = statusExit(status);
  if (exit === EXIT.done) return EXIT.done;
  const goingOn = isGoingOn(status);
  if (!goingOn && quietMs >= (status.turn ? QUIET_MS : QUIET_WITHOUT_TURN_MS)) return exit;
  if (!timeIsUp) return undefined;
  if (exit === EXIT.failed) return exit;
  return goingOn || status.turn ? EXIT.stillGoingOn : exit;
}
