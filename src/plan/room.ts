// What an agent has free for tasks of Marathon's roles, and what of it a set of tasks would lack.
import type { AppDefinition, MesosAgent, MesosResources } from '../dcos/types.ts';

/** Of an app, what its one task on an agent takes. Both a definition and an app as read fit. */
export type TaskNeeds = Pick<AppDefinition, 'id' | 'cpus' | 'mem' | 'disk' | 'portDefinitions'>;

export interface Room {
  cpus: number;
  /** MiB. */
  mem: number;
  /** MiB. */
  disk: number;
  ports: [from: number, to: number][];
}

export interface Shortage {
  resource: 'cpus' | 'mem' | 'disk' | 'ports';
  needs: number;
  free: number;
  /** For `ports`: the port that cannot be had. */
  port?: number;
}

/** Sums of a thousand 0.02s are not exact; Mesos itself counts in thousandths. */
const NOISE = 0.0005;

/** `[1025-2180, 2182-3887]` → pairs; absent or empty → none. */
export function parsePorts(text: string | undefined): [number, number][] {
  return portsIn(text).map(([from, to]) => [from, to]);
}

function portsIn(text = ''): readonly [number, number][] {
  if (text === '') return NO_PORTS;
  // Most agents have the same as the one before; what is in use, which is often nothing, is asked for in between.
  if (text !== lastPorts.text) lastPorts = { text, pairs: pairsIn(text) };
  return lastPorts.pairs;
}

const NO_PORTS: readonly [number, number][] = [];
let lastPorts: { text: string; pairs: readonly [number, number][] } = { text: '', pairs: [] };

function pairsIn(text: string): [number, number][] {
  return [...text.matchAll(/(\d+)-(\d+)/g)].map((match) => [Number(match[1]), Number(match[2])]);
}

function scalarsOfRoles(agent: MesosAgent, name: 'cpus' | 'mem' | 'disk'): number {
  return (agent.unreserved_resources[name] ?? 0) + (agent.reserved_resources.slave_public?.[name] ?? 0);
}

/**
 * What is in use is told apart by role only in the `_full` lists of `/slaves`. Without them all use is taken to be of our roles as
 * far as it does not fit into what other roles have reserved.
 */
function used(agent: MesosAgent, name: 'cpus' | 'mem' | 'disk'): number {
  const full = agent.used_resources_full;
  if (full) {
    let sum = 0;
    for (const item of full)
      if (item.name === name && (item.role === '*' || item.role === 'slave_public'))
        sum += item.scalar?.value ?? 0;
    return sum;
  }
  const others = Object.entries(agent.reserved_resources)
    .filter(([role]) => role !== 'slave_public')
    .reduce((sum, [, resources]) => sum + (resources[name] ?? 0), 0);
  return Math.max(0, (agent.used_resources[name] ?? 0) - others);
}

/** What Marathon could still use of one resource on this agent. */
export function scalarRoom(agent: MesosAgent, name: 'cpus' | 'mem' | 'disk'): number {
  return Math.max(0, scalarsOfRoles(agent, name) - used(agent, name));
}

/** What Marathon could still use on this agent: unreserved resources and those of `slave_public`, less what is in use. */
export function roomOn(agent: MesosAgent): Room {
  const resources: (MesosResources | undefined)[] = [
    agent.unreserved_resources,
    agent.reserved_resources.slave_public,
  ];
  return {
    cpus: scalarRoom(agent, 'cpus'),
    mem: scalarRoom(agent, 'mem'),
    disk: scalarRoom(agent, 'disk'),
    ports: resources.flatMap((item) => portsIn(item?.ports)),
  };
}

/** Whether Marathon's roles have anything at all here, in use or not. */
export function isReservedToOthers(agent: MesosAgent): boolean {
  return scalarsOfRoles(agent, 'cpus') < NOISE || scalarsOfRoles(agent, 'mem') < NOISE;
}

const within = (port: number, ranges: readonly [number, number][]) =>
  ranges.some(([from, to]) => port >= from && port <= to);

const SCALARS = ['cpus', 'mem', 'disk'] as const;

interface Needs {
  cpus: number;
  mem: number;
  disk: number;
  ports: number[];
}

let lastNeeds: { tasks: readonly TaskNeeds[]; needs: Needs } | undefined;

/** Of all tasks together; nearly always asked of the same ones for one agent after the other. */
function needsOf(tasks: readonly TaskNeeds[]): Needs {
  if (lastNeeds?.tasks !== tasks) {
    const sum = (name: 'cpus' | 'mem' | 'disk') => tasks.reduce((all, task) => all + task[name], 0);
    const ports = tasks.flatMap((task) => task.portDefinitions.map(({ port }) => port));
    lastNeeds = { tasks, needs: { cpus: sum('cpus'), mem: sum('mem'), disk: sum('disk'), ports } };
  }
  return lastNeeds.needs;
}

/** What the tasks lack on the agent, all of them together; empty when they fit. */
export function shortages(agent: MesosAgent, tasks: readonly TaskNeeds[]): Shortage[] {
  if (tasks.length === 0) return [];
  const found: Shortage[] = [];
  const all = needsOf(tasks);
  for (const resource of SCALARS) {
    const needs = all[resource];
    const free = scalarRoom(agent, resource);
    if (needs > free + NOISE) found.push({ resource, needs, free });
  }
  if (all.ports.length === 0) return found;
  const own = portsIn(agent.unreserved_resources.ports);
  const publics = portsIn(agent.reserved_resources.slave_public?.ports);
  const taken = portsIn(agent.used_resources.ports);
  for (const port of all.ports) {
    if (!(within(port, own) || within(port, publics)) || within(port, taken))
      found.push({ resource: 'ports', needs: 1, free: 0, port });
  }
  return found;
}
