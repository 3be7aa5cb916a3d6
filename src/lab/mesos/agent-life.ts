// How agents come, are lost, come back and go, and what becomes of their tasks.
import type { Clock } from '../clock.ts';
import type { SeededRandom } from '../random.ts';
import type { AgentSpec, TaskRunner } from '../types.ts';
import type { Versions } from '../versions.ts';
import { type LabAgent, newAgent, recount } from './agent.ts';
import type { Bundle } from './resources.ts';
import { isTerminal } from './task.ts';
import type { TaskBook } from './task-book.ts';

const PING_MS = 15_000;

export interface AgentTimes {
  /** Unanswered pings until an agent is given up; default: DC/OS' 20, of 15 s each. */
  maxPingTimeouts?: number;
  /** Milliseconds from an agent's return to its re-registration, default 3 to 10 s (measured). */
  returnMs?: [from: number, to: number];
}

export interface AgentLifeDependencies extends AgentTimes {
  masterId: string;
  clock: Clock;
  random: SeededRandom;
  runner: TaskRunner;
  versions: Versions;
  tasks: TaskBook;
  /** There may be something new to offer. */
  offersChanged: () => void;
}

export class AgentLife {
  readonly agents = new Map<string, LabAgent>();
  /** Ids of agents that an operator marked gone: they never come back. */
  readonly gone = new Set<string>();
  readonly #deps: AgentLifeDependencies;
  #count = 0;

  constructor(deps: AgentLifeDependencies) {
    this.#deps = deps;
  }

  async add(spec: AgentSpec): Promise<LabAgent> {
    const { masterId, runner, versions, clock } = this.#deps;
    const id = `${masterId}-S${this.#count++}`;
    await runner.addAgent({ ...spec, id });
    const agent = newAgent(id, spec, versions.mesos, clock.now());
    this.agents.set(id, agent);
    this.#deps.offersChanged();
    return agent;
  }

  at(host: string): LabAgent {
    let found: LabAgent | undefined;
    for (const agent of this.agents.values()) if (agent.host === host) found = agent;
    if (!found) throw new Error(`No agent at ${host}`);
    return found;
  }

  async remove(host: string): Promise<void> {
    const agent = this.at(host);
    this.#drop(agent, 'TASK_LOST', removed(agent, 'the agent unregistered'));
    await this.#deps.runner.removeAgent(agent.id);
  }

  crash(host: string): void {
    const agent = this.at(host);
    if (!agent.connected) return;
    const { clock, random, versions, maxPingTimeouts = versions.maxPingTimeouts } = this.#deps;
    agent.connected = false;
    const patience = maxPingTimeouts * PING_MS + random.between(0, PING_MS);
    agent.pings = clock.after(patience, () => this.#giveUp(agent));
  }

  return(host: string): void {
    const agent = this.at(host);
    if (agent.connected || agent.recovering) return;
    const { clock, random, returnMs = [3000, 10_000] } = this.#deps;
    agent.recovering = true;
    clock.after(random.between(...returnMs), () => this.reregister(agent));
  }

  async reboot(host: string): Promise<void> {
    const agent = this.at(host);
    this.crash(host);
    for (const task of agent.tasks.values()) {
      task.executor.abandon();
      task.last = {
        state: 'TASK_FAILED',
        // src/slave/slave.cpp: an executor that is not there any more when the agent recovers.
        message: 'Abnormal executor termination: unknown container',
        reason: 'REASON_EXECUTOR_TERMINATED',
      };
      task.unheard = true;
    }
    await this.#deps.runner.rebootAgent?.(agent.id);
    this.return(host);
  }

  async replace(host: string): Promise<LabAgent> {
    const old = this.at(host);
    // The master drops the old entry at once, as the address is the same (measured).
    this.#drop(old, 'TASK_LOST', removed(old, 'a new agent registered at the same address'));
    await this.#deps.runner.removeAgent(old.id);
    return this.add(old.spec);
  }

  markGone(agent: LabAgent): void {
    agent.drain = undefined;
    this.gone.add(agent.id);
    this.#drop(agent, 'TASK_GONE_BY_OPERATOR', 'agent was marked gone');
    void this.#deps.runner.removeAgent(agent.id);
  }

  occupy(host: string, occupied: Partial<Bundle>): void {
    const agent = this.at(host);
    agent.occupied = { cpus: 0, mem: 0, disk: 0, ports: [], ...occupied };
    recount(agent);
    this.#deps.offersChanged();
  }

  /** A draining agent whose last task has ended is drained. */
  drained(agent: LabAgent): void {
    if (agent.drain?.state !== 'DRAINING' || agent.tasks.size > 0) return;
    agent.drain.state = 'DRAINED';
    if (agent.drain.markGone) this.markGone(agent);
  }

  /** The agent speaks to the master (again): what happened meanwhile is told now. */
  reregister(agent: LabAgent): void {
    if (this.agents.get(agent.id) !== agent) return;
    const { tasks, clock, offersChanged } = this.#deps;
    agent.pings?.cancel();
    const wasUnreachable = agent.unreachable;
    Object.assign(agent, { recovering: false, connected: true, unreachable: false, recovered: false });
    agent.reregisteredAt = clock.now();
    for (const task of [...agent.tasks.values()]) {
      if (wasUnreachable) task.statuses = task.statuses.filter(({ state }) => state !== 'TASK_UNREACHABLE');
      if (wasUnreachable || task.unheard) tasks.update(task, task.last, true);
      task.unheard = false;
      if (task.killPending && !isTerminal(task.state)) task.executor.kill(agent.drain?.maxGraceSeconds);
    }
    this.drained(agent);
    offersChanged();
  }

  #giveUp(agent: LabAgent): void {
    agent.unreachable = true;
    for (const task of agent.tasks.values()) {
      const message = 'health check timed out';
      const status = { state: 'TASK_UNREACHABLE', message, reason: 'REASON_SLAVE_REMOVED' };
      this.#deps.tasks.update(task, status, false);
    }
  }

  #drop(agent: LabAgent, state: string, message: string): void {
    const byOperator = state === 'TASK_GONE_BY_OPERATOR';
    const reason = byOperator ? 'REASON_SLAVE_REMOVED_BY_OPERATOR' : 'REASON_SLAVE_REMOVED';
    agent.pings?.cancel();
    for (const task of [...agent.tasks.values()]) {
      task.executor.abandon();
      this.#deps.tasks.update(task, { state, message, reason }, false);
    }
    this.agents.delete(agent.id);
  }
}

/** As `Master::_removeSlave` says it. */
function removed(agent: LabAgent, cause: string): string {
  return `Agent ${agent.host} removed: ${cause}`;
}
