// Tasks as answers have them (recordings; mesosphere/marathon 1.11.24: raml/TaskConversion.scala).
import { stateOf } from './conditions.ts';
import { type Health, isAlive } from './health.ts';
import { type Instance, isActive, isScheduled } from './instances.ts';
import type { MarathonVersion } from './versions.ts';

/** Thousands of tasks have the same few times. */
const TIMES = new Map<number, string>();

function iso(at: number): string {
  const known = TIMES.get(at);
  if (known !== undefined) return known;
  if (TIMES.size > 10_000) TIMES.clear();
  const made = new Date(at).toISOString();
  TIMES.set(at, made);
  return made;
}

/** What is not there: `null` where that is said, else nothing. */
const absent = (name: string, version: MarathonVersion): Record<string, null> =>
  version.sparseTasks ? { [name]: null } : {};

function renderHealth(instance: Instance, health: Health, version: MarathonVersion): Record<string, unknown> {
  const { firstSuccess, lastSuccess, lastFailure, consecutiveFailures } = health;
  return {
    alive: isAlive(health),
    consecutiveFailures,
    ...(firstSuccess !== undefined ? { firstSuccess: iso(firstSuccess) } : absent('firstSuccess', version)),
    instanceId: `instance [${instance.id}]`,
    ...(lastSuccess !== undefined ? { lastSuccess: iso(lastSuccess) } : absent('lastSuccess', version)),
    ...(lastFailure !== undefined
      ? { lastFailure: iso(lastFailure), lastFailureCause: '' }
      : { ...absent('lastFailure', version), ...absent('lastFailureCause', version) }),
  };
}

/** An instance's task; undefined: it has none. Only /v2/tasks tells the service ports (recorded). */
export function renderTask(
  instance: Instance,
  health: Health | undefined,
  version: MarathonVersion,
  servicePorts: number[] = [],
): Record<string, unknown> | undefined {
  const { task } = instance;
  if (!task) return undefined;
  const active = isActive(instance) || instance.condition === 'UnreachableInactive';
  // The master, which reports that it is unreachable, knows no addresses.
  const hasAddress = task.startedAt !== undefined && task.unreachableSince === undefined;
  const lists = {
    healthCheckResults: health ? [renderHealth(instance, health, version)] : [],
    ipAddresses: hasAddress ? [{ ipAddress: task.address ?? task.host, protocol: 'IPv4' }] : [],
    servicePorts,
    localVolumes: [],
  };
  return {
    appId: instance.app.id,
    ...(version.sparseTasks
      ? Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0))
      : lists),
    ...(version.checks && task.checkExitCode !== undefined
      ? { checkResult: { command: { exitCode: task.checkExitCode } } }
      : {}),
    host: task.host,
    id: task.id,
    ...(active || !version.sparseTasks ? { ports: active ? task.ports : [] } : {}),
    slaveId: task.agentId,
    state: stateOf(instance.condition),
    ...(active ? { stagedAt: iso(task.stagedAt), version: instance.app.version } : {}),
    ...(active && task.startedAt !== undefined ? { startedAt: iso(task.startedAt) } : {}),
    ...(active && task.startedAt === undefined ? absent('startedAt', version) : {}),
    ...(version.roles ? { role: instance.app.config.role } : {}),
  };
}

export interface Counts {
  staged: number;
  running: number;
  healthy: number;
  unhealthy: number;
}

/** Sums over instances that have a task and do not wait for the next (appinfo/impl/TaskForStatistics.scala). */
export function countTasks(
  instances: Iterable<Instance>,
  healthOf: (instance: Instance) => Health | undefined,
): Counts {
  const counts: Counts = { staged: 0, running: 0, healthy: 0, unhealthy: 0 };
  for (const instance of instances) {
    const { task } = instance;
    if (!task || isScheduled(instance)) continue;
    if (task.mesosState === undefined || task.mesosState === 'TASK_STAGING') counts.staged++;
    if (task.mesosState === 'TASK_RUNNING') counts.running++;
    const health = healthOf(instance);
    if (health) counts[isAlive(health) ? 'healthy' : 'unhealthy']++;
  }
  return counts;
}
