// The Mesos master with its agents, as Marathon's scheduler, the APIs and a test see it.
import type { Clock, Timer } from '../clock.ts';
import type { SeededRandom } from '../random.ts';
import type { AgentSpec, MesosForMarathon, Offer, TaskInfo, TaskRunner, TaskUpdate } from '../types.ts';
import type { Versions } from '../versions.ts';
import { hasFree, isActive, type LabAgent, recount } from './agent.ts';
import { AgentLife, type AgentTimes } from './agent-life.ts';
import { Executor, type Status } from './executor.ts';
import { type Bundle, fits, inWords, subtract } from './resources.ts';
import { type LabTask, resourcesOf, stagedTask } from './task.ts';
import { TaskBook } from './task-book.ts';

/** A new leader's reading of its registry, until when it answers with empty lists (recorded: below a second). */
const REGISTRY_MS = 500;
/** From a launch until the executor has started the command (recorded: 0.3 to 1.3 s). */
const START_MS = [300, 1300] as const;

export interface MasterDependencies extends AgentTimes {
  clock: Clock;
  random: SeededRandom;
  runner: TaskRunner;
  versions: Versions;
}

export class MesosMaster implements MesosForMarathon {
  readonly clock: Clock;
  readonly random: SeededRandom;
  readonly versions: Versions;
  /** The master's own id: the first part of the ids of agents, frameworks and offers. */
  readonly id: string;
  readonly frameworkId: string;
  readonly startedAt: number;
  /** `none`: no leading master; `starting`: a new one has not read its registry; `recovering`: its agents come back. */
  leadership: 'leading' | 'none' | 'starting' | 'recovering' = 'leading';
  frameworkConnected = true;
  /** Whether Marathon wants to hear TASK_KILLING (`task_killing` of its features, on in DC/OS). */
  tellsKilling = true;
  readonly #runner: TaskRunner;
  readonly #life: AgentLife;
  readonly #tasks: TaskBook;
  readonly #offerListeners: (() => void)[] = [];
  #offerCount = 0;
  #offersDue: Timer | undefined;

  constructor(deps: MasterDependencies) {
    this.clock = deps.clock;
    this.random = deps.random;
    this.versions = deps.versions;
    this.#runner = deps.runner;
    this.id = deps.random.uuid();
    this.frameworkId = `${this.id}-0001`;
    this.startedAt = deps.clock.now();
    this.#tasks = new TaskBook(deps.clock, (task) => this.#completed(task));
    this.#life = new AgentLife({
      ...deps,
      masterId: this.id,
      tasks: this.#tasks,
      offersChanged: () => this.#offersChanged(),
    });
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
    const wanted = resourcesOf(info);
    if (!agent || !isActive(agent) || this.leadership !== 'leading') {
      const message = `Task launched with invalid offers: Offer ${offer.id} is no longer valid`;
      this.#tasks.refuse(info, 'TASK_DROPPED', 'REASON_INVALID_OFFERS', message);
      return;
    }
    if (!fits(wanted, agent.free)) {
      const message = `Total resources ${inWords(wanted)} required by task and its executor is more than available ${inWords(agent.free)}`;
      this.#tasks.refuse(info, 'TASK_ERROR', 'REASON_TASK_INVALID', message);
      return;
    }
    agent.free = subtract(agent.free, wanted);
    const task = stagedTask(info, agent.host, wanted, this.random.uuid(), this.clock.now());
    task.executor = new Executor({
      clock: this.clock,
      runner: this.#runner,
      task: info,
      startMs: this.random.between(...START_MS),
      report: (status) => this.#fromExecutor(task, status),
    });
    agent.tasks.set(info.id, task);
    this.#tasks.live.set(info.id, task);
  }

  kill(taskId: string): void {
    const task = this.#tasks.live.get(taskId);
    const agent = task && this.agents.get(task.info.agentId);
    if (!task || !agent) {
      // Whoever kills a task that the master does not know is told so (Master::kill).
      const message = 'Reconciliation: Task is unknown';
      this.#tasks.refuse({ id: taskId, agentId: '' }, 'TASK_UNKNOWN', 'REASON_RECONCILIATION', message);
      return;
    }
    if (this.#hears(agent)) task.executor.kill();
    else task.killPending = true;
  }

  onUpdate(listener: (update: TaskUpdate) => void): void {
    this.#tasks.listen(listener);
  }

  onOffers(listener: () => void): void {
    this.#offerListeners.push(listener);
  }

  // --- Agents ---

  /** An agent that was not there before joins. Resolves when its host is ready. */
  addAgent(spec: AgentSpec): Promise<LabAgent> {
    return this.#life.add(spec);
  }

  /** The agent at this address; throws when there is none. */
  agentAt(host: string): LabAgent {
    return this.#life.at(host);
  }

  /** The agent shuts down in order: it unregisters, and its tasks end with it. */
  removeAgent(host: string): Promise<void> {
    return this.#life.remove(host);
  }

  /** Its process is gone or the network is: its tasks go on, the master hears nothing of them. */
  crashAgent(host: string): void {
    this.#life.crash(host);
  }

  /** A crashed agent's process starts again; it registers under its old id after a while. */
  returnAgent(host: string): void {
    this.#life.return(host);
  }

  /** The host restarts: the same agent comes back, its tasks failed. */
  rebootAgent(host: string): Promise<void> {
    return this.#life.reboot(host);
  }

  /** The agent lost its work directory: another one, with a new id, registers at the same address. */
  replaceAgent(host: string): Promise<LabAgent> {
    return this.#life.replace(host);
  }

  /** Resources that others than Marathon hold there. */
  occupy(host: string, occupied: Partial<Bundle>): void {
    this.#life.occupy(host, occupied);
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
    this.#life.drained(agent);
  }

  markGone(agent: LabAgent): void {
    this.#life.markGone(agent);
  }

  wasMarkedGone(id: string): boolean {
    return this.#life.gone.has(id);
  }

  /** The leading master is lost: nobody leads for `leaderlessMs`, then the agents register again within `recoveryMs`. */
  failover(leaderlessMs: number, recoveryMs: number): void {
    this.leadership = 'none';
    this.frameworkConnected = false;
    this.clock.after(leaderlessMs, () => {
      this.leadership = 'starting';
    });
    this.clock.after(leaderlessMs + REGISTRY_MS, () => this.#recover(recoveryMs));
  }

  // --- What stands in the APIs ---

  /** By id; those that are gone from the master's view are `unreachable` or `recovered`. */
  get agents(): ReadonlyMap<string, LabAgent> {
    return this.#life.agents;
  }

  /** Agents that the master lists: neither given up nor only remembered. */
  registered(): LabAgent[] {
    if (this.leadership === 'starting') return [];
    return [...this.agents.values()].filter((agent) => !agent.unreachable && !agent.recovered);
  }

  /** Agents that a new leader knows from its registry only. */
  recovered(): LabAgent[] {
    return [...this.agents.values()].filter((agent) => agent.recovered && !agent.unreachable);
  }

  task(id: string): LabTask | undefined {
    return this.#tasks.live.get(id);
  }

  /** Tasks that are over, the oldest first. */
  get completed(): readonly LabTask[] {
    return this.#tasks.completed;
  }

  /** All tasks that the master knows, completed ones included. */
  *tasks(): Iterable<LabTask> {
    if (this.leadership === 'starting') return;
    // A new leader learns of tasks from the agents that come back.
    for (const task of this.#tasks.live.values()) {
      if (!this.agents.get(task.info.agentId)?.recovered) yield task;
    }
    yield* this.#tasks.completed;
  }

  // --- Within ---

  #recover(recoveryMs: number): void {
    this.leadership = 'recovering';
    this.#tasks.completed = [];
    for (const agent of this.agents.values()) {
      if (agent.unreachable) continue;
      agent.recovered = true;
      if (!agent.connected) continue;
      this.clock.after(this.random.between(0, recoveryMs), () => {
        if (agent.connected) this.#life.reregister(agent);
      });
    }
    this.clock.after(recoveryMs, () => {
      this.leadership = 'leading';
      this.frameworkConnected = true;
      this.#offersChanged();
    });
  }

  #fromExecutor(task: LabTask, status: Status): void {
    if (status.state === 'TASK_KILLING' && !this.tellsKilling) return;
    const agent = this.agents.get(task.info.agentId);
    // An agent that is drained to be gone says so of the tasks that it kills.
    if (agent?.drain?.markGone && status.state === 'TASK_KILLED') status.state = 'TASK_GONE_BY_OPERATOR';
    task.last = status;
    if (agent && this.#hears(agent)) this.#tasks.update(task, status, true);
    else task.unheard = true;
  }

  /** Whether agent and master speak to each other. */
  #hears(agent: LabAgent): boolean {
    return agent.connected && !agent.recovered && ['leading', 'recovering'].includes(this.leadership);
  }

  #completed(task: LabTask): void {
    const agent = this.agents.get(task.info.agentId);
    if (!agent) return;
    agent.tasks.delete(task.info.id);
    recount(agent);
    this.#life.drained(agent);
    this.#offersChanged();
  }

  #offersChanged(): void {
    // Mesos allocates at most every second; what comes in the meantime is one round of offers.
    this.#offersDue ??= this.clock.after(100, () => {
      this.#offersDue = undefined;
      for (const listener of this.#offerListeners) listener();
    });
  }
}
