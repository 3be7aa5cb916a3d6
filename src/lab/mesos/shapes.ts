// What Mesos' JSON of agents and tasks looks like (recordings of 1.11.1; src/common/http.cpp, src/master/http.cpp).
import { float } from '../http.ts';
import type { Versions } from '../versions.ts';
import { isActive, type LabAgent, used } from './agent.ts';
import type { MesosMaster } from './master.ts';
import { type Bundle, NOTHING, portsText } from './resources.ts';
import type { LabTask } from './task.ts';

export const seconds = (ms: number): unknown => float(ms / 1000);

export function resources(bundle: Bundle): Record<string, unknown> {
  const result: Record<string, unknown> = {
    disk: float(bundle.disk),
    mem: float(bundle.mem),
    gpus: float(0),
    cpus: float(bundle.cpus),
  };
  const ports = portsText(bundle.ports);
  if (ports) result.ports = ports;
  return result;
}

/** `*_resources_full`, and what the v1 API calls resources: without the empty ones. */
export function resourceList(bundle: Bundle, role: string, more: Record<string, unknown> = {}): unknown[] {
  const owner =
    role === '*' ? { role, ...more } : { role, ...more, reservations: [{ type: 'STATIC', role }] };
  const list: unknown[] = [];
  for (const name of ['cpus', 'mem', 'disk'] as const) {
    if (bundle[name] > 0)
      list.push({ name, type: 'SCALAR', scalar: { value: float(bundle[name]) }, ...owner });
  }
  if (bundle.ports.length) {
    const range = bundle.ports.map(([begin, end]) => ({ begin, end }));
    list.push({ name: 'ports', type: 'RANGES', ranges: { range }, ...owner });
  }
  return list;
}

/** The v1 API leaves `role` out of an agent's own resources. */
export function plainResourceList(bundle: Bundle, role: string): unknown[] {
  return resourceList(bundle, role).map((resource) => {
    const { role: _, ...rest } = resource as { role: string };
    return rest;
  });
}

export function attributes(agent: LabAgent): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(agent.attributes).map(([name, value]) => [
      name,
      typeof value === 'number' ? float(value) : value,
    ]),
  );
}

export function pid(agent: LabAgent): string {
  return `slave(1)@${agent.host}:5051`;
}

export function drainInfo(agent: LabAgent): Record<string, unknown> | undefined {
  const { drain } = agent;
  if (!drain) return undefined;
  const config: Record<string, unknown> = {};
  if (drain.maxGraceSeconds !== undefined)
    config.max_grace_period = { nanoseconds: drain.maxGraceSeconds * 1e9 };
  config.mark_gone = drain.markGone;
  return { state: drain.state, config };
}

/** An agent as `/state-summary` lists it; `/slaves` adds the `*_full` lists. */
export function agentShape(agent: LabAgent, versions: Versions): Record<string, unknown> {
  const all = resources(agent.total);
  const none = resources(NOTHING);
  const shape: Record<string, unknown> = {
    id: agent.id,
    hostname: agent.host,
    port: 5051,
    attributes: attributes(agent),
    pid: pid(agent),
    registered_time: seconds(agent.registeredAt),
  };
  if (agent.reregisteredAt !== undefined) shape.reregistered_time = seconds(agent.reregisteredAt);
  Object.assign(shape, {
    resources: all,
    used_resources: resources(used(agent)),
    offered_resources: none,
    reserved_resources: agent.role === '*' ? {} : { [agent.role]: all },
    unreserved_resources: agent.role === '*' ? all : none,
    active: isActive(agent),
  });
  if (versions.draining) shape.deactivated = agent.deactivated;
  shape.version = agent.version;
  shape.capabilities = versions.capabilities;
  const drain = drainInfo(agent);
  if (drain) {
    shape.drain_info = drain;
    shape.estimated_drain_start_time_seconds = seconds(agent.drain!.startedAt);
  }
  return shape;
}

export function agentShapeFull(agent: LabAgent, versions: Versions): Record<string, unknown> {
  const list = resourceList(agent.total, agent.role);
  return {
    ...agentShape(agent, versions),
    reserved_resources_full: agent.role === '*' ? {} : { [agent.role]: list },
    unreserved_resources_full: agent.role === '*' ? list : [],
    used_resources_full: resourceList(used(agent), agent.role, {
      allocation_info: { role: agent.role === '*' ? 'slave_public' : agent.role },
    }),
    offered_resources_full: [],
  };
}

/** An agent that a new master knows from its registry only. */
export function recoveredShape(agent: LabAgent): Record<string, unknown> {
  return { id: agent.id, hostname: agent.host, port: 5051, attributes: attributes(agent) };
}

export function taskShape(task: LabTask): Record<string, unknown> {
  const { info } = task;
  const container = {
    container_status: {
      container_id: { value: task.containerId },
      network_infos: [{ ip_addresses: [{ protocol: 'IPv4', ip_address: task.last.address ?? task.host }] }],
    },
  };
  const shape: Record<string, unknown> = {
    id: info.id,
    // Marathon names a task after its app, the innermost group first.
    name: info.appId.split('/').filter(Boolean).reverse().join('.'),
    framework_id: info.frameworkId,
    executor_id: '',
    slave_id: info.agentId,
    state: task.state,
    resources: resources(task.resources),
    role: info.role,
    statuses: task.statuses.map(({ state, at, healthy, fromExecutor }) => ({
      state,
      timestamp: seconds(at),
      ...(fromExecutor ? container : {}),
      ...(healthy === undefined ? {} : { healthy }),
    })),
    user: info.user,
  };
  // src/common/http.cpp writes it since 1.2: `ContainerInfo` as it was asked for.
  if (info.container)
    shape.container = {
      type: info.container.type,
      ...(info.container.type === 'DOCKER' ? { docker: { image: info.container.image ?? '' } } : {}),
    };
  const { healthCheck } = info;
  if (healthCheck) {
    shape.health_check = {
      delay_seconds: float(healthCheck.delaySeconds),
      interval_seconds: float(healthCheck.intervalSeconds),
      timeout_seconds: float(healthCheck.timeoutSeconds),
      consecutive_failures: healthCheck.maxConsecutiveFailures,
      grace_period_seconds: float(healthCheck.gracePeriodSeconds),
      type: 'COMMAND',
      command: { shell: true, value: healthCheck.command },
    };
  }
  return shape;
}

const COUNTED = [
  'TASK_STAGING',
  'TASK_STARTING',
  'TASK_RUNNING',
  'TASK_KILLING',
  'TASK_FINISHED',
  'TASK_KILLED',
  'TASK_FAILED',
  'TASK_LOST',
  'TASK_ERROR',
  'TASK_UNREACHABLE',
];

export function counts(tasks: Iterable<LabTask>): Record<string, number> {
  const result: Record<string, number> = Object.fromEntries(COUNTED.map((state) => [state, 0]));
  for (const { state } of tasks) if (state in result) result[state]!++;
  return result;
}

export function frameworkUsed(master: MesosMaster): Bundle {
  let cpus = 0;
  let mem = 0;
  let disk = 0;
  for (const agent of master.registered()) {
    for (const { resources } of agent.tasks.values()) {
      cpus += resources.cpus;
      mem += resources.mem;
      disk += resources.disk;
    }
  }
  return { cpus, mem, disk, ports: [] };
}
