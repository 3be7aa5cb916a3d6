// What people say of a rollout, kept in the cluster: written by `plan pause`, `plan skip` and whoever goes on, read by whoever leads it.
import type { Cluster } from '../dcos/cluster.ts';
import type { Wave } from '../plan/waves.ts';
import type { ClusterStatus } from '../status/model.ts';
import {
  CONTROL_APP,
  type Control,
  controlDefinition,
  controlIn,
  readControlApp,
} from '../steps/control-app.ts';
import type { Snapshot } from './cluster.ts';
import { skipReason } from './said.ts';

type Writes = Pick<Cluster, 'marathon'>;

/** Keeps it; with nothing to keep, the app goes. */
export async function keepControl(
  { marathon }: Writes,
  control: Control,
  marathonVersion: string,
  signal?: AbortSignal,
): Promise<void> {
  const how = { force: true, ...(signal ? { signal } : {}) };
  if (control.paused || control.skipped.length > 0)
    await marathon.putApp(controlDefinition(control, marathonVersion), how);
  else await marathon.deleteApp(CONTROL_APP, how);
}

/**
 * Whoever goes on ends the pause that was there when the plan was made; one that is asked for later holds. And whoever gives an agent
 * its turn (`repair`) skips it no more.
 */
export async function beginAgain(
  cluster: Writes,
  { group, info }: Pick<Snapshot, 'group' | 'info'>,
  waves: readonly Wave[],
  signal?: AbortSignal,
): Promise<void> {
  const { paused, skipped } = controlIn(group);
  const planned = new Set(waves.flatMap(({ agents }) => agents.map(({ id }) => id)));
  const left = skipped.filter(({ id }) => !planned.has(id));
  if (paused || left.length < skipped.length)
    await keepControl(cluster, { skipped: left }, info.version, signal);
}

/**
 * After a rollout: skips of agents that are ready by now, or gone, say nothing any more; and once nothing is left to do, neither does a
 * pause that was asked for while the last agents had their turn.
 */
export async function forgetResolved(
  cluster: Writes,
  { agents }: ClusterStatus,
  done: boolean,
  marathonVersion: string,
  signal?: AbortSignal,
): Promise<void> {
  const control = readControlApp(await cluster.marathon.app(CONTROL_APP, signal));
  const open = control.skipped.filter(({ id }) =>
    agents.some((row) => row.id === id && row.state !== 'ready'),
  );
  const { paused, ...rest } = control;
  const left = { ...rest, skipped: open, ...(paused && !done ? { paused } : {}) };
  if (open.length < control.skipped.length || (paused && done))
    await keepControl(cluster, left, marathonVersion, signal);
}

/** The same, read for itself. */
export async function pausedNow({ marathon }: Writes, signal?: AbortSignal): Promise<string | undefined> {
  return pausedBy(readControlApp(await marathon.app(CONTROL_APP, signal)));
}

/** `bob@desk: dashboards look odd`; undefined: nobody has asked for a pause. */
export function pausedIn(group: Snapshot['group']): string | undefined {
  return pausedBy(controlIn(group));
}

function pausedBy({ paused }: Control): string | undefined {
  return paused && (paused.why ? `${paused.who}: ${paused.why}` : paused.who);
}

/** By agent id: why the rollout goes on without it. */
export function skippedIn(group: Snapshot['group']): Map<string, string> {
  return new Map(controlIn(group).skipped.map((skip) => [skip.id, skipReason(skip)]));
}
