// The app of the preflight on the cluster: put, watched, and taken away whatever happens.
import type { Cluster } from '../dcos/cluster.ts';
import type { MarathonApp, MarathonGroup, MarathonTask } from '../dcos/types.ts';
import { isLive } from '../plan/agent-state.ts';
import { BGP_APP } from '../steps/bgp/definition.ts';
import { DATA_APP } from '../steps/data/definition.ts';
import { hasRoles } from '../steps/frame.ts';
import { PREFLIGHT_APP, type PreflightRequest, preflightDefinition } from '../steps/preflight/definition.ts';
import type { Time } from './carry-out.ts';

/** Tasks end within their grace time of 10 s. */
const GOING_MS = 20_000;
const LOOK_MS = 1000;
/** On Ctrl-C nobody waits long. */
const ABANDON_MS = 3000;

type Asked = Pick<Cluster, 'marathon'>;

/**
 * Puts the app, and returns the version that its tasks have. A new top-level group would enforce a role of its own and refuse
 * `slave_public` (recorded), so it is told not to before, in a request of its own: together with apps it is refused.
 */
export async function putPreflight(
  { marathon }: Asked,
  request: PreflightRequest,
  time: Time,
  signal?: AbortSignal,
): Promise<string> {
  const options = signal ? { signal } : {};
  await lastOneGone({ marathon }, time, signal);
  if (hasRoles(request.marathonVersion) && !(await marathon.group('/calico', signal))?.apps.length)
    await marathon.putGroup({ id: '/calico', enforceRole: false }, options);
  return (await marathon.putApp(preflightDefinition(request), { force: true, ...options })).version;
}

/**
 * Waits until an app that was taken away is gone; whether it is. Put again while its tasks are still being ended, it would get as many
 * tasks fewer until Marathon counts anew, after up to 300 s.
 */
async function lastOneGone({ marathon }: Asked, time: Time, signal?: AbortSignal): Promise<boolean> {
  const until = time.now() + GOING_MS;
  const going = async () =>
    (await marathon.deployments(signal)).some(({ affectedApps }) => affectedApps.includes(PREFLIGHT_APP));
  while (await going()) {
    if (time.now() >= until) return false;
    await time.sleep(LOOK_MS, signal);
  }
  return true;
}

/** The newest live task of this very version on each agent, by its id. */
export function preflightTasks(app: MarathonApp, version: string): Map<string, MarathonTask> {
  const tasks = new Map<string, MarathonTask>();
  for (const task of app.tasks ?? []) {
    if (!isLive(task) || task.version < version || !task.slaveId) continue;
    const other = tasks.get(task.slaveId);
    if (!other || (other.stagedAt ?? '') < (task.stagedAt ?? '')) tasks.set(task.slaveId, task);
  }
  return tasks;
}

/** Takes the app away, on whatever it was. */
export async function removePreflight({ marathon }: Asked, signal?: AbortSignal): Promise<void> {
  await marathon.deleteApp(PREFLIGHT_APP, { force: true, ...(signal ? { signal } : {}) });
}

/** Longer than any command waits for what it has put on an agent. */
const LEFT_MS = 20 * 60_000;

/**
 * Takes away what a run that was killed while it asked has left: whoever asks at this moment puts it again. What sets BGP or looks into
 * etcd is not put again: that goes once nobody waits for it any more, as when somebody has rolled back its end in the UI.
 */
export async function removeLeftHelpers(
  { marathon }: Asked,
  group: MarathonGroup | undefined,
  { asked, now, signal }: { asked: boolean; now: number; signal?: AbortSignal | undefined },
): Promise<void> {
  const left = ({ id, version }: MarathonApp) =>
    id === PREFLIGHT_APP ? !asked : [BGP_APP, DATA_APP].includes(id) && now - Date.parse(version) > LEFT_MS;
  for (const { id } of (group?.groups ?? []).flatMap(({ apps }) => apps).filter(left))
    await marathon.deleteApp(id, { force: true, ...(signal ? { signal } : {}) });
}

/** For Ctrl-C: one attempt, not waited for long. Whether it came through. */
export async function abandonPreflight(cluster: Asked): Promise<boolean> {
  try {
    await removePreflight(cluster, AbortSignal.timeout(ABANDON_MS));
    return true;
  } catch {
    return false;
  }
}

/**
 * Takes the groups away that came into being with the app and hold nothing. Never forced: where somebody's deployment runs below
 * them they are in use, and Marathon refuses. What stays is an empty group, which is no harm.
 */
export async function removeEmptyGroups(
  { marathon }: Asked,
  time: Time,
  signal?: AbortSignal,
  app = PREFLIGHT_APP,
): Promise<void> {
  const until = time.now() + GOING_MS;
  const going = async () =>
    (await marathon.deployments(signal)).some(({ affectedApps }) => affectedApps.includes(app));
  while (await going()) {
    if (time.now() >= until) return;
    await time.sleep(LOOK_MS, signal);
  }
  const group = await marathon.group('/calico', signal);
  if (!group || group.apps.length > 0 || (group.groups ?? []).some(({ apps }) => apps.length > 0)) return;
  await marathon.deleteGroup('/calico', signal ? { signal } : {}).catch(() => undefined);
}
