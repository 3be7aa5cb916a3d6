// An agent as the master keeps it.
import type { Timer } from '../clock.ts';
import type { AgentSpec } from '../types.ts';
import { add, type Bundle, isNothing, NOTHING, PRIVATE_PORTS, PUBLIC_PORTS, subtract } from './resources.ts';
import type { LabTask } from './task.ts';

export interface Drain {
  state: 'DRAINING' | 'DRAINED';
  maxGraceSeconds: number | undefined;
  markGone: boolean;
  startedAt: number;
}

export interface LabAgent {
  id: string;
  spec: AgentSpec;
  host: string;
  attributes: Record<string, string | number>;
  version: string;
  /** The only role that its resources are for; `*`: anybody's. */
  role: string;
  total: Bundle;
  free: Bundle;
  /** Held by others than Marathon, for agents without room. */
  occupied: Bundle;
  tasks: Map<string, LabTask>;
  registeredAt: number;
  reregisteredAt: number | undefined;
  /** Its connection to the master stands. */
  connected: boolean;
  /** Its process is up, but it has not registered again. */
  recovering: boolean;
  /** Removed after unanswered pings; it may come back. */
  unreachable: boolean;
  /** Known from the registry after a failover, not registered again yet. */
  recovered: boolean;
  deactivated: boolean;
  drain: Drain | undefined;
  pings: Timer | undefined;
}

/** Whether the master counts on it: connected and not deactivated. */
export function isActive(agent: LabAgent): boolean {
  return agent.connected && !agent.deactivated;
}

export function newAgent(id: string, spec: AgentSpec, version: string, now: number): LabAgent {
  const total: Bundle = {
    cpus: spec.cpus ?? 4,
    mem: spec.mem ?? 14_336,
    disk: spec.disk ?? 35_572,
    ports: spec.ports ?? (spec.public ? PUBLIC_PORTS : PRIVATE_PORTS),
  };
  return {
    id,
    spec,
    host: spec.host,
    attributes: { ...(spec.public ? { public_ip: 'true' } : {}), ...spec.attributes },
    version,
    role: spec.reservedRole ?? (spec.public ? 'slave_public' : '*'),
    total,
    free: total,
    occupied: NOTHING,
    tasks: new Map(),
    registeredAt: now,
    reregisteredAt: undefined,
    connected: true,
    recovering: false,
    unreachable: false,
    recovered: false,
    deactivated: false,
    drain: undefined,
    pings: undefined,
  };
}

/** What its tasks, and others, hold of it. */
export function used(agent: LabAgent): Bundle {
  let sum = agent.occupied;
  for (const task of agent.tasks.values()) sum = add(sum, task.resources);
  return sum;
}

export function recount(agent: LabAgent): void {
  let free = subtract(agent.total, agent.occupied);
  for (const task of agent.tasks.values()) free = subtract(free, task.resources);
  agent.free = free;
}

export function hasFree(agent: LabAgent): boolean {
  return !isNothing(agent.free);
}
