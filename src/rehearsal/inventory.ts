// What a rehearsal knows of a cluster: its agents and what stands on it, as its APIs told it at one moment. Pure.
import type { Answered } from '../checks/types.ts';
import type { DockerTask, Packaged, SrvRecord } from '../dcos/shapes.ts';
import type { MarathonTask, MesosAgent } from '../dcos/types.ts';
import { agentStepStates, GroupTasks, stepOf } from '../plan/agent-state.ts';
import { type AgentType, agentType, compareHosts } from '../plan/agent-type.ts';
import { concernsUs } from '../plan/deployments.ts';
import { isReservedToOthers, parsePorts, roomOn } from '../plan/room.ts';
import { enabledSteps } from '../plan/wanted.ts';
import type { Read } from '../rollout/facts.ts';
import type { StepName } from '../steps/state.ts';

export const INVENTORY_FORMAT = 'dcos-calico-inventory/1';

export interface InventoryAgent {
  host: string;
  type: AgentType;
  /** What Marathon may use of it at all: unreserved, or reserved to `slave_public`. MiB. */
  cpus: number;
  mem: number;
  disk: number;
  /** As Mesos writes them: `[1025-2180, 2182-3887]`; empty: none. */
  ports: string;
  /** What of it others than Calico's tasks hold. */
  used: { cpus: number; mem: number; disk: number; ports: string };
  attributes: Record<string, string | number>;
  state: 'active' | 'deactivated' | 'inactive';
  /** All of it belongs to this role of another service. */
  reservedTo?: string;
  /** Docker tasks that run there, as a restart of Docker would end them. */
  docker?: { task: string; app: string }[];
  /** Steps that are ready there. */
  ready?: StepName[];
}

export interface Inventory {
  format: typeof INVENTORY_FORMAT;
  /** ISO 8601. */
  read: string;
  url: string;
  /** `2.0.6`. */
  dcos: string;
  variant?: 'open' | 'enterprise';
  marathon: string;
  agents: InventoryAgent[];
  /** Whether what runs in Docker could be read. */
  dockerKnown: boolean;
  /** SRV records that were asked for, by name. */
  srv: Record<string, SrvRecord[]>;
  packages: Packaged[];
  /** The environment of `/calico/options`: what is installed, with who set it. */
  installed?: Record<string, string>;
  /** What is not in it, or only roughly: sentences without a full stop. */
  notes: string[];
}

export interface InventoryInput {
  read: Read;
  url: string;
  /** Milliseconds since 1970. */
  now: number;
  srv: Record<string, SrvRecord[]>;
  docker: Answered<DockerTask[]>;
}

/** Everything is kept that the lab can be made from; what cannot is in `notes`. */
export function inventoryOf({ read, url, now, srv, docker }: InventoryInput): Inventory {
  const { snapshot, dcos, packages } = read;
  const { group, installed, info } = snapshot;
  const tasks = new GroupTasks(group);
  const byAgent = 'value' in docker ? grouped(docker.value, info.frameworkId) : new Map();
  const steps = installed ? enabledSteps(installed.options).map(({ name }) => name) : [];
  const agents = [...snapshot.agents]
    .sort((a, b) => compareHosts(a.hostname, b.hostname))
    .map((agent) => {
      const states = agentStepStates(agent, steps, tasks, snapshot.carrier);
      const ready = states.filter(({ state }) => state === 'ready').map(({ step }) => step);
      const names = byAgent.get(agent.id);
      return {
        ...agentOf(agent, tasks.on(agent.id), (task) => tasks.app(stepOf(task.appId))),
        ...(names ? { docker: names } : {}),
        ...(ready.length > 0 ? { ready } : {}),
      };
    });
  const optionsApp = group?.apps.find(({ id }) => id === '/calico/options');
  return {
    format: INVENTORY_FORMAT,
    read: new Date(now).toISOString(),
    url,
    dcos: dcos.version,
    ...(dcos.variant ? { variant: dcos.variant } : {}),
    marathon: info.version,
    agents,
    dockerKnown: 'value' in docker,
    srv,
    packages: 'value' in packages ? packages.value : [],
    ...(installed && optionsApp ? { installed: optionsApp.env } : {}),
    notes: notesOf(read, agents, steps, docker),
  };
}

interface Held {
  cpus: number;
  mem: number;
  disk: number;
}

function agentOf(
  agent: MesosAgent,
  ours: readonly MarathonTask[],
  appOf: (task: MarathonTask) => Held | undefined,
): InventoryAgent {
  const room = roomOn(agent);
  const held = ours.map(appOf).filter((app) => app !== undefined);
  const scalar = (name: 'cpus' | 'mem' | 'disk') => {
    const total =
      (agent.unreserved_resources[name] ?? 0) + (agent.reserved_resources.slave_public?.[name] ?? 0);
    const own = held.reduce((sum, app) => sum + app[name], 0);
    return { total, used: thousandths(Math.max(0, total - room[name] - own)) };
  };
  const { cpus, mem, disk } = { cpus: scalar('cpus'), mem: scalar('mem'), disk: scalar('disk') };
  const ourPorts = new Set(ours.flatMap(({ ports = [] }) => ports));
  const reserved = isReservedToOthers(agent) ? othersRole(agent) : undefined;
  return {
    host: agent.hostname,
    type: agentType(agent),
    cpus: cpus.total,
    mem: mem.total,
    disk: disk.total,
    ports: portsText(room.ports),
    used: {
      cpus: cpus.used,
      mem: mem.used,
      disk: disk.used,
      ports: portsText(
        parsePorts(agent.used_resources.ports).flatMap(([from, to]) => without(from, to, ourPorts)),
      ),
    },
    attributes: agent.attributes,
    state: agent.deactivated || agent.drain_info ? 'deactivated' : agent.active ? 'active' : 'inactive',
    ...(reserved === undefined ? {} : { reservedTo: reserved }),
  };
}

/** Mesos itself counts in thousandths; sums of a thousand 0.02s are not exact. */
const thousandths = (value: number) => Math.round(value * 1000) / 1000;

function othersRole(agent: MesosAgent): string {
  return (
    Object.keys(agent.reserved_resources)
      .filter((role) => role !== 'slave_public')
      .sort()[0] ?? 'another-service'
  );
}

type Ports = [from: number, to: number][];

function portsText(ranges: Ports): string {
  return ranges.length === 0 ? '' : `[${ranges.map(([from, to]) => `${from}-${to}`).join(', ')}]`;
}

function without(from: number, to: number, ours: ReadonlySet<number>): Ports {
  const parts: Ports = [];
  let start = from;
  for (const port of [...ours].filter((one) => one >= from && one <= to).sort((a, b) => a - b)) {
    if (port > start) parts.push([start, port - 1]);
    start = port + 1;
  }
  if (start <= to) parts.push([start, to]);
  return parts;
}

/** Marathon's ids of tasks are made from its apps': `shop_cart.instance-0c3f…._app.1`, `shop_cart.0c3f…` before 1.9. */
const OF_MARATHON = /^([a-z0-9._-]+?)\.(?:instance-)?[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/;

function grouped(tasks: readonly DockerTask[], marathon: string | null) {
  const found = new Map<string, { task: string; app: string }[]>();
  for (const { id, agentId, frameworkId } of tasks) {
    const app = frameworkId === marathon ? OF_MARATHON.exec(id)?.[1] : undefined;
    const one = { task: id, app: app === undefined ? '' : `/${app.replaceAll('_', '/')}` };
    found.set(agentId, [...(found.get(agentId) ?? []), one]);
  }
  return found;
}

const agents = (count: number) => `${count} ${count === 1 ? 'agent' : 'agents'}`;

function notesOf(
  { snapshot, packages }: Read,
  found: readonly InventoryAgent[],
  steps: readonly StepName[],
  docker: InventoryInput['docker'],
): string[] {
  const notes: string[] = [];
  const say = (count: number, one: string, more: string) => {
    if (count > 0) notes.push(`${agents(count)} ${count === 1 ? one : more}`);
  };
  say(
    snapshot.agents.filter(
      (agent) =>
        !isReservedToOthers(agent) &&
        Object.keys(agent.reserved_resources).some((role) => role !== 'slave_public'),
    ).length,
    'also has resources that are reserved to other roles: these are left out',
    'also have resources that are reserved to other roles: these are left out',
  );
  if (steps.length > 0)
    say(
      found.filter(({ ready = [] }) => ready.length < steps.length).length,
      'is not ready now: why is not known here, and its steps go well unless a fault says otherwise',
      'are not ready now: why is not known here, and their steps go well unless a fault says otherwise',
    );
  const others = snapshot.deployments.filter((deployment) => !concernsUs(deployment)).length;
  if (others > 0)
    notes.push(`Of the ${others} deployments that are under way on the cluster the rehearsal has none`);
  if ('unknown' in docker)
    notes.push(`Docker's tasks could not be read (${docker.unknown}), so a restart names none`);
  if ('unknown' in packages) notes.push(`Packages could not be read (${packages.unknown}); none are assumed`);
  return notes;
}
