// The Mesos master with its agents, as Marathon's scheduler, the APIs and a test see it.
import type { Clock, Timer } from '../clock.ts';
import type { SeededRandom } from '../random.ts';
import type { AgentSpec, MesosForMarathon, Offer, TaskInfo, TaskRunner, TaskUpdate } from '../types.ts';
import type { Versions } from '../versions.ts';
import { hasFree, isActive, type LabAgent, newAgent, recount } from './agent.ts';
import { Executor, type Status } from './executor.ts';
import { type Bundle, fits, subtract } from './resources.ts';
import { isTerminal, type LabTask, remember } from './task.ts';

/** Completed tasks that a master remembers of a framework (`--max_completed_tasks_per_framework`). */
const MAX_COMPLETED = 1000;
const PING_MS = 15_000;

export interface MasterDependencies {
  clock: Clock;
  random: SeededRandom;
  runner: TaskRunner;
  versions: Versions;
  /** Unanswered pings until an agent is given up; default: DC/OS' 20. */
  maxPingTimeouts?: number;
  /** From an agent's return to its re-registration, default 3 to 10 s (measured). */
  returnMs?: [from: number, to: number];
}

export class MesosMaster implements MesosForMarathon {
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly versions: Versions;
  /** The master's own id: the first part of the ids of agents, frameworks and offers. */
  readonly id: string;
  readonly frameworkId: string;
  readonly startedAt: number;
  /** By id; those that are gone from the master's view are `unreachable` or `recovered`. */
  readonly agents = new Map<string, LabAgent>();
  /** Terminal tasks, the oldest first. */
  completed: LabTask[] = [];
  /** `none`: no leading master; `recovering`: a new one leads and knows nobody yet. */
  leadership: 'leading' | 'none' | 'recovering' = 'leading';
  frameworkConnected = true;
  readonly #runner: TaskRunner;
  readonly #deps: MasterDependencies;
  readonly #updateListeners: ((update: TaskUpdate) => void)[] = [];
  readonly #offerListeners: (() => void)[] = [];
  readonly #tasks = new Map<string, LabTask>();
  #agentCount = 0;
  #offerCount = 0;
  #offersDue: Timer | undefined;

  constructor(deps: MasterDependencies) {
    this.clock = deps.clock;
    this.random = deps.random;
    this.versions = deps.versions;
    this.#runner = deps.runner;
    this.#deps = deps;
    this.id = deps.random.uuid();
    this.frameworkId = `${this.id}-0001`;
    this.startedAt = deps.clock.now();
  }

  // --- Marathon's side ---

  offers(): Offer[] {
    if (this.leadership !== 'leading') return [];
    const ready: LabAgent[] = [];
    for (const agent of this.agents.values()) {
      // Resources reserved to other roles are never offered to Marathon's.
      if (isActive(agent) && hasFree(agent) && (agent.role === '*' || agent.role === 'slave_public'))
        ready.push(agent);
    }
    return this.random.shuffle(ready).map((agent) => ({
      id: `${this.id}-O${this.#offerCount++}`,
      agentId: agent.id,
      host: agent.host,
      attributes: agent.attributes,
      resources: { [agent.role]: agent.free },
    }));
  }

  launch(offer: Offer, info: TaskInfo): void {
    const agent = this.agents.get(info.agentId);
    const wanted: Bundle = {
      cpus: info.cpus,
      mem: info.mem,
      disk: info.disk,
      ports: info.ports.map(({ port }) => [port, port]),
    };
    if (!agent || !isActive(agent) || this.leadership !== 'leading') {
      this.#refuse(info, 'TASK_DROPPED', 'REASON_INVALID_OFFERS', invalidOffer(offer));
      return;
    }
    if (!fits(wanted, agent.free)) {
      const message = 'Task uses more resources than available in its offers';
      this.#refuse(info, 'TASK_ERROR', 'REASON_TASK_INVALID', message);
      return;
    }
    agent.free = subtract(agent.free, wanted);
    const task: LabTask = {
      info,
      host: agent.host,
      state: 'TASK_STAGING',
      statuses: [],
      containerId: this.random.uuid(),
      launchedAt: this.clock.now(),
      resources: wanted,
      last: { state: 'TASK_STAGING' },
      killPending: false,
      executor: undefined as unknown as Executor,
    };
    agent.tasks.set(info.id, task);
    this.#tasks.set(info.id, task);
    task.executor = new Executor({
      clock: this.clock,
      runner: this.#runner,
      task: info,
      startMs: this.random.between(300, 1300),
      report: (status) => this.#fromExecutor(task, status),
    });
  }

  kill(taskId: string): void {
    const task = this.#tasks.get(taskId);
    const agent = task && this.agents.get(task.info.agentId);
    if (!task || !agent) {
      // Whoever kills a task that the master does not know is told so (Master::kill).
      const info = task?.info ?? ({ id: taskId, agentId: '' } as TaskInfo);
      this.#refuse(info, 'TASK_UNKNOWN', 'REASON_RECONCILIATION', 'Reconciliation: Task is unknown');
      return;
    }
    if (this.#hears(agent)) task.executor.kill();
    else task.killPending = true;
  }

  onUpdate(listener: (update: TaskUpdate) => void): void {
    this.#updateListeners.push(listener);
  }

  onOffers(listener: () => void): void {
    this.#offerListeners.push(listener);
  }

  // --- Agents ---

  /** An agent that was not there before joins. Resolves when its host is ready. */
  async addAgent(spec: AgentSpec): Promise<LabAgent> {
    const id = `${this.id}-S${this.#agentCount++}`;
    await this.#runner.addAgent({ ...spec, id });
    const agent = newAgent(id, spec, this.versions.mesos, this.clock.now());
    this.agents.set(id, agent);
    this.#offersChanged();
    return agent;
  }

  /** The agent at this address; throws when there is none. */
  agentAt(host: string): LabAgent {
    let found: LabAgent | undefined;
    for (const agent of this.agents.values()) if (agent.host === host) found = agent;
    if (!found) throw new Error(`No agent at ${host}`);
    return found;
  }

  /** The agent shuts down in order: it unregisters, and its tasks end with it. */
  async removeAgent(host: string): Promise<void> {
    const agent = this.agentAt(host);
    this.#drop(agent, 'TASK_GONE', 'Slave unregistered');
    await this.#runner.removeAgent(agent.id);
  }

  /** Its process is gone or the network is: its tasks go on, the master hears nothing of them. */
  crashAgent(host: string): void {
    const agent = this.agentAt(host);
    if (!agent.connected) return;
    agent.connected = false;
    const timeouts = this.#deps.maxPingTimeouts ?? this.versions.maxPingTimeouts;
    agent.pings = this.clock.after(timeouts * PING_MS + this.random.between(0, PING_MS), () =>
      this.#unreachable(agent),
    );
  }

  /** A crashed agent's process starts again; it registers under its old id after a while. */
  returnAgent(host: string): void {
    const agent = this.agentAt(host);
    if (agent.connected || agent.recovering) return;
    agent.recovering = true;
    const [from, to] = this.#deps.returnMs ?? [3000, 10_000];
    this.clock.after(this.random.between(from, to), () => this.#reregister(agent));
  }

  /** The host restarts: the same agent comes back, its tasks failed. */
  async rebootAgent(host: string): Promise<void> {
    const agent = this.agentAt(host);
    this.crashAgent(host);
    for (const task of agent.tasks.values()) {
      task.executor.abandon();
      task.last = {
        state: 'TASK_FAILED',
        message: 'Executor terminated',
        reason: 'REASON_EXECUTOR_TERMINATED',
      };
    }
    await this.#runner.rebootAgent?.(agent.id);
    this.returnAgent(host);
  }

  /** The agent lost its work directory: another one, with a new id, registers at the same address. */
  async replaceAgent(host: string): Promise<LabAgent> {
    const old = this.agentAt(host);
    // The master drops the old entry at once, as the address is the same (measured).
    this.#drop(old, 'TASK_LOST', 'Slave re-registered with a new id');
    await this.#runner.removeAgent(old.id);
    return this.addAgent(old.spec);
  }

  /** Resources that others than Marathon hold there. */
  occupy(host: string, occupied: Partial<Bundle>): void {
    const agent = this.agentAt(host);
    agent.occupied = { cpus: 0, mem: 0, disk: 0, ports: [], ...occupied };
    recount(agent);
    this.#offersChanged();
  }

  // --- Operators' calls ---

  deactivate(agent: LabAgent): void {
    agent.deactivated = true;
  }

  reactivate(agent: LabAgent): void {
    agent.deactivated = false;
    agent.drain = undefined;
    this.#offersChanged();
  }

  drain(agent: LabAgent, maxGraceSeconds: number | undefined, markGone: boolean): void {
    agent.deactivated = true;
    agent.drain = { state: 'DRAINING', maxGraceSeconds, markGone, startedAt: this.clock.now() };
    for (const task of [...agent.tasks.values()]) {
      const grace = Math.min(maxGraceSeconds ?? Number.POSITIVE_INFINITY, task.info.killGraceSeconds);
      if (this.#hears(agent)) task.executor.kill(grace);
      else task.killPending = true;
    }
    this.#drained(agent);
  }

  markGone(agent: LabAgent): void {
    agent.drain = undefined;
    this.#drop(agent, 'TASK_GONE_BY_OPERATOR', 'Agent marked gone');
    void this.#runner.removeAgent(agent.id);
  }

  /** The leading master is lost: nobody leads for `leaderlessMs`, then the agents register again within `recoveryMs`. */
  failover(leaderlessMs: number, recoveryMs: number): void {
    this.leadership = 'none';
    this.frameworkConnected = false;
    this.clock.after(leaderlessMs, () => {
      this.leadership = 'recovering';
      const waiting = [...this.agents.values()].filter((agent) => !agent.unreachable);
      for (const agent of waiting) agent.recovered = true;
      this.completed = [];
      for (const agent of waiting) {
        if (!agent.connected) continue;
        this.clock.after(this.random.between(0, recoveryMs), () => this.#reregister(agent));
      }
      this.clock.after(recoveryMs, () => {
        this.leadership = 'leading';
        this.frameworkConnected = true;
        this.#offersChanged();
      });
    });
  }

  // --- What stands in the APIs ---

  /** Agents that the master lists: neither given up nor only remembered. */
  registered(): LabAgent[] {
    return [...this.agents.values()].filter((agent) => !agent.unreachable && !agent.recovered);
  }

  task(id: string): LabTask | undefined {
    return this.#tasks.get(id);
  }

  /** All tasks that the master knows, completed ones included. */
  *tasks(): Iterable<LabTask> {
    yield* this.#tasks.values();
    yield* this.completed;
  }

  // --- Within ---

  #fromExecutor(task: LabTask, status: Status): void {
    const agent = this.agents.get(task.info.agentId);
    task.last = status;
    if (agent && this.#hears(agent)) this.#update(task, status, true);
  }

  /** Whether agent and master speak to each other. */
  #hears(agent: LabAgent): boolean {
    return agent.connected && !agent.recovered && this.leadership !== 'none';
  }

  #update(task: LabTask, status: Status, fromExecutor: boolean): void {
    const at = this.clock.now();
    remember(task, { state: status.state, at, healthy: status.healthy, fromExecutor });
    if (isTerminal(status.state)) this.#complete(task);
    const update: TaskUpdate = { taskId: task.info.id, agentId: task.info.agentId, state: status.state, at };
    if (status.message !== undefined) update.message = status.message;
    if (status.reason !== undefined) update.reason = status.reason;
    if (status.healthy !== undefined) update.healthy = status.healthy;
    if (status.checkExitCode !== undefined) update.checkExitCode = status.checkExitCode;
    for (const listener of this.#updateListeners) listener(update);
  }

  #complete(task: LabTask): void {
    this.#tasks.delete(task.info.id);
    this.completed.push(task);
    if (this.completed.length > MAX_COMPLETED) this.completed.shift();
    const agent = this.agents.get(task.info.agentId);
    if (!agent) return;
    agent.tasks.delete(task.info.id);
    recount(agent);
    this.#drained(agent);
    this.#offersChanged();
  }

  #refuse(info: TaskInfo, state: string, reason: string, message: string): void {
    const update = { taskId: info.id, agentId: info.agentId, state, reason, message, at: this.clock.now() };
    // Not from within the caller's own step: the real answer comes over the wire.
    this.clock.after(0, () => {
      for (const listener of this.#updateListeners) listener(update);
    });
  }

  #unreachable(agent: LabAgent): void {
    agent.unreachable = true;
    for (const task of agent.tasks.values()) {
      const message = `Slave ${agent.host} removed: health check timed out`;
      this.#update(task, { state: 'TASK_UNREACHABLE', message, reason: 'REASON_SLAVE_REMOVED' }, false);
    }
  }

  #reregister(agent: LabAgent): void {
    agent.pings?.cancel();
    const wasUnreachable = agent.unreachable;
    agent.recovering = false;
    agent.connected = true;
    agent.unreachable = false;
    agent.recovered = false;
    agent.reregisteredAt = this.clock.now();
    for (const task of [...agent.tasks.values()]) {
      if (wasUnreachable) task.statuses = task.statuses.filter(({ state }) => state !== 'TASK_UNREACHABLE');
      if (wasUnreachable || task.last.state !== task.state || isTerminal(task.last.state))
        this.#update(task, task.last, true);
      if (task.killPending && !isTerminal(task.state)) task.executor.kill(agent.drain?.maxGraceSeconds);
    }
    this.#drained(agent);
    this.#offersChanged();
  }

  #drop(agent: LabAgent, state: string, message: string): void {
    agent.pings?.cancel();
    for (const task of [...agent.tasks.values()]) {
      task.executor.abandon();
      this.#update(task, { state, message, reason: 'REASON_SLAVE_REMOVED' }, false);
    }
    this.agents.delete(agent.id);
  }

  #drained(agent: LabAgent): void {
    if (agent.drain?.state !== 'DRAINING' || agent.tasks.size > 0) return;
    agent.drain.state = 'DRAINED';
    if (agent.drain.markGone) this.markGone(agent);
  }

  #offersChanged(): void {
    // Mesos allocates at most every second; what comes in the meantime is one round of offers.
    this.#offersDue ??= this.clock.after(100, () => {
      this.#offersDue = undefined;
      for (const listener of this.#offerListeners) listener();
    });
  }
}

function invalidOffer(offer: Offer): string {
  return `Task launched with invalid offers: Offer ${offer.id} is no longer valid`;
}
