// Tasks as answers have them (recordings; mesosphere/marathon 1.11.24: raml/TaskConversion.scala).
import { stateOf } from './conditions.ts';
import { type Health, isAlive } from './health.ts';
import { type Instance, isActive, isScheduled } from './instances.ts';
import type { MarathonVersion } from './versions.ts';

const iso = (at: number): string => new Date(at).toISOString();

function renderHealth(instance: Instance, health: Health): Record<string, unknown> {
  const { firstSuccess, lastSuccess, lastFailure, consecutiveFailures } = health;
  return {
    alive: isAlive(health),
    consecutiveFailures,
    ...(firstSuccess !== undefined ? { firstSuccess: iso(firstSuccess) } : {}),
    instanceId: `instance [${instance.id}]`,
    ...(lastSuccess !== undefined ? { lastSuccess: iso(lastSuccess) } : {}),
    ...(lastFailure !== undefined ? { lastFailure: iso(lastFailure), lastFailureCause: '' } : {}),
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
  return {
    appId: instance.app.id,
    healthCheckResults: health ? [renderHealth(instance, health)] : [],
    ...(version.checks && task.checkExitCode !== undefined
      ? { checkResult: { command: { exitCode: task.checkExitCode } } }
      : {}),
    host: task.host,
    id: task.id,
    // The master, which reports that it is unreachable, knows no addresses.
    ipAddresses:
      task.startedAt === undefined || task.unreachableSince !== undefined
        ? []
        : [{ ipAddress: task.host, protocol: 'IPv4' }],
    ports: active ? task.ports : [],
    servicePorts,
    slaveId: task.agentId,
    state: stateOf(instance.condition),
    ...(active ? { stagedAt: iso(task.stagedAt) } : {}),
    ...(active && task.startedAt !== undefined ? { startedAt: iso(task.startedAt) } : {}),
    ...(active ? { version: instance.app.version } : {}),
    localVolumes: [],
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
