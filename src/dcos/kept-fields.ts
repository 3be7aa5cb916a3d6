// What is read of the two answers that are as large as the cluster: of agents and tasks no more than this program looks at, which is a
// quarter of what Mesos and Marathon send. What their types have and is left out here is for single apps, and for the lab.
import type { Keep } from './json-kept.ts';
import type { HealthCheckResult, MarathonTask, MesosAgent, MesosResources } from './types.ts';

type Kept<T> = { readonly [K in keyof Required<T>]: Keep };

const RESOURCES: Keep = {
  same: {
    keys: {
      cpus: 'all',
      mem: 'all',
      disk: 'all',
      gpus: 'all',
      ports: 'text',
    } satisfies Kept<MesosResources>,
  },
};

const AGENT: Keep = {
  keys: {
    id: 'text',
    hostname: 'text',
    active: 'all',
    deactivated: 'all',
    drain_info: 'all',
    attributes: { same: 'all' },
    version: 'text',
    registered_time: 'all',
    resources: RESOURCES,
    used_resources: RESOURCES,
    reserved_resources: { same: 'all' },
    unreserved_resources: RESOURCES,
    used_resources_full: { same: { list: { keys: { name: 'text', role: 'text', scalar: 'all' } } } },
  } satisfies Kept<Omit<MesosAgent, 'port' | 'pid' | 'reregistered_time'>>,
};

export const KEPT_OF_AGENTS: Keep = { keys: { slaves: { list: AGENT }, recovered_slaves: 'all' } };

const CHECK_RESULT: Keep = {
  keys: {
    alive: 'all',
    lastSuccess: 'text',
  } satisfies Kept<Pick<HealthCheckResult, 'alive' | 'lastSuccess'>>,
};

const TASK: Keep = {
  keys: {
    id: 'text',
    appId: 'text',
    host: 'one of many',
    slaveId: 'one of many',
    state: 'text',
    stagedAt: 'text',
    startedAt: 'text',
    version: 'text',
    checkResult: { same: { keys: { command: { keys: { exitCode: 'all' } } } } },
    healthCheckResults: { list: CHECK_RESULT },
  } satisfies Kept<Omit<MarathonTask, 'ports' | 'ipAddresses'>>,
};

/** Of groups and apps everything. */
export const KEPT_OF_GROUP: Keep = {
  keys: {
    apps: { list: { keys: { tasks: { list: TASK } }, others: 'all' } },
    groups: { list: { of: () => KEPT_OF_GROUP } },
  },
  others: 'all',
};
