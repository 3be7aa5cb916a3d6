// Agents and groups for the planner's tests, written out as the APIs have them.
import type { MarathonApp, MarathonGroup, MarathonTask, MesosAgent } from '../../src/dcos/types.ts';
import { STEP_NAMES } from '../../src/steps/state.ts';

export const PORTS = '[1025-2180, 2182-3887, 3889-5049, 5052-8079, 8082-8180, 8182-32000]';
export const T0 = '2026-11-24T03:54:09.383Z';
export const T1 = '2026-11-24T04:10:00.000Z';

const none = { cpus: 0, mem: 0, disk: 0, gpus: 0 };

export function agent(hostname: string, change: Partial<MesosAgent> = {}, isPublic = false): MesosAgent {
  const resources = { cpus: 4, mem: 4096, disk: 10000, gpus: 0, ports: PORTS };
  return {
    id: `S-${hostname}`,
    hostname,
    port: 5051,
    pid: `slave(1)@${hostname}:5051`,
    active: true,
    deactivated: false,
    attributes: isPublic ? { public_ip: 'true' } : {},
    version: '1.9.0',
    registered_time: 1795488946,
    resources,
    used_resources: none,
    reserved_resources: isPublic ? { slave_public: resources } : {},
    unreserved_resources: isPublic ? none : resources,
    ...change,
  };
}

export const privateAgents = (count: number) =>
  Array.from({ length: count }, (_, index) =>
    agent(`10.0.${1 + Math.floor(index / 200)}.${11 + (index % 200)}`),
  );

export const publicAgent = (hostname: string, change: Partial<MesosAgent> = {}) =>
  agent(hostname, change, true);

export function task(
  step: string,
  on: MesosAgent,
  exitCode: number | undefined,
  change: Partial<MarathonTask> = {},
) {
  return {
    id: `calico_${step}.${on.hostname}`,
    appId: `/calico/${step}`,
    host: on.hostname,
    slaveId: on.id,
    state: 'TASK_RUNNING',
    stagedAt: T0,
    startedAt: T0,
    version: T0,
    checkResult: exitCode === undefined ? undefined : { command: { exitCode } },
    healthCheckResults: [],
    ...change,
  } satisfies MarathonTask;
}

export function app(step: string, tasks: MarathonTask[], change: Partial<MarathonApp> = {}): MarathonApp {
  return {
    id: `/calico/${step}`,
    cmd: 'true',
    instances: tasks.length,
    cpus: 0.02,
    mem: 32,
    disk: 0,
    user: 'root',
    role: 'slave_public',
    acceptedResourceRoles: ['*', 'slave_public'],
    portDefinitions: [],
    constraints: [['hostname', 'UNIQUE']],
    upgradeStrategy: { minimumHealthCapacity: 0, maximumOverCapacity: 0 },
    unreachableStrategy: { inactiveAfterSeconds: 1800, expungeAfterSeconds: 3600 },
    backoffSeconds: 1,
    backoffFactor: 1.15,
    maxLaunchDelaySeconds: 60,
    taskKillGracePeriodSeconds: 10,
    healthChecks: [],
    env: {},
    version: T0,
    versionInfo: { lastScalingAt: T0, lastConfigChangeAt: T0 },
    tasks,
    ...change,
  };
}

/** A group in which every agent has every step with the given exit code. */
export function groupOf(
  agents: MesosAgent[],
  exitCode: (agent: MesosAgent, step: string) => number | undefined,
): MarathonGroup {
  return {
    id: '/calico',
    apps: STEP_NAMES.map((step) =>
      app(
        step,
        agents.map((one) => task(step, one, exitCode(one, step))),
      ),
    ),
  };
}
