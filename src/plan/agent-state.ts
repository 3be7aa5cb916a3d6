// Each agent's steps, as one answer about the group and its tasks tells them.
import type { MarathonApp, MarathonGroup, MarathonTask, MesosAgent, TaskState } from '../dcos/types.ts';
import { type Carrier, reportedState, type StepName, type StepState } from '../steps/state.ts';

/**
 * What is known of one step on one agent. Beyond what a step reports itself:
 * `no task`: no instance of the app is there; `starting`: Mesos is about to run it; `old version`: only a task of an earlier
 * definition is there; `unreachable`: Mesos has lost sight of the agent.
 */
export type StepCondition = StepState | 'no task' | 'starting' | 'old version' | 'unreachable';

export interface AgentStepState {
  step: StepName;
  state: StepCondition;
  /** The task that counts: the newest that lives. */
  task?: MarathonTask;
}

const LIVE: ReadonlySet<TaskState> = new Set<TaskState>([
  'TASK_STAGING',
  'TASK_STARTING',
  'TASK_RUNNING',
  'TASK_KILLING',
  'TASK_UNREACHABLE',
]);

/** Whether the task is there, or may be again: neither ended nor given up. */
export function isLive(task: MarathonTask): boolean {
  return LIVE.has(task.state);
}

/** `/calico/etcd-proxy` → `etcd-proxy`. */
export function stepOf(appId: string): string {
  return appId.slice(appId.lastIndexOf('/') + 1);
}

/**
 * Whether a task runs what the app says now. Scaling leaves tasks at an older version than the app's; Marathon's rollback sets the
 * app's version back, so that tasks of the abandoned change are *newer* than it.
 */
export function isWanted(task: MarathonTask, app: MarathonApp): boolean {
  return task.version >= (app.versionInfo?.lastConfigChangeAt ?? app.version) && task.version <= app.version;
}

/** By the version of its definition, then by when it was launched; both are times that sort as text. */
function isNewer(task: MarathonTask, than: MarathonTask): boolean {
  if (task.version !== than.version) return task.version > than.version;
  return (task.stagedAt ?? '') > (than.stagedAt ?? '');
}

/** The live tasks of an agent, and of each step, by its place, the one that counts. */
interface OnAgent {
  tasks: MarathonTask[];
  newest: (MarathonTask | undefined)[];
}

/** Agents by id; Marathon leaves `slaveId` out of a task only before it is placed. */
export class GroupTasks {
  readonly #byAgent = new Map<string, OnAgent>();
  readonly #apps = new Map<string, MarathonApp>();
  /** The place of each step in what is known of an agent. */
  readonly #places = new Map<string, number>();
  /** Every live task of the group's own apps (`/calico/ops` has its own). */
  readonly all: readonly MarathonTask[];

  constructor(group: MarathonGroup | undefined) {
    const all: MarathonTask[] = [];
    for (const app of group?.apps ?? []) {
      const step = stepOf(app.id);
      const place = this.#places.size;
      this.#apps.set(step, app);
      this.#places.set(step, place);
      for (const task of app.tasks ?? []) {
        if (!isLive(task)) continue;
        all.push(task);
        // One look for each of tens of thousands of tasks: what is known of an agent stands together.
        const key = task.slaveId ?? '';
        let here = this.#byAgent.get(key);
        if (!here) {
          here = { tasks: [], newest: [] };
          this.#byAgent.set(key, here);
        }
        here.tasks.push(task);
        while (here.newest.length <= place) here.newest.push(undefined);
        const before = here.newest[place];
        if (!before || isNewer(task, before)) here.newest[place] = task;
      }
    }
    this.all = all;
  }

  app(step: string): MarathonApp | undefined {
    return this.#apps.get(step);
  }

  /** The task that counts of a step on an agent: the newest that lives. */
  newest(step: string, agentId: string): MarathonTask | undefined {
    const place = this.#places.get(step);
    return place === undefined ? undefined : this.#byAgent.get(agentId)?.newest[place];
  }

  /** Live tasks on the agent. */
  on(agentId: string): readonly MarathonTask[] {
    return this.#byAgent.get(agentId)?.tasks ?? [];
  }

  /** Ids of all agents that have a live task, known to Mesos or not. */
  agentIds(): string[] {
    return [...this.#byAgent.keys()].filter((id) => id !== '');
  }
}

/**
 * The given steps on one agent, in their order.
 *
 * @param agent only its id counts: an address can come to belong to another agent
 */
export function agentStepStates(
  agent: Pick<MesosAgent, 'id'>,
  steps: readonly StepName[],
  tasks: GroupTasks,
  carrier: Carrier,
): AgentStepState[] {
  return steps.map((step) => {
    const app = tasks.app(step);
    const task = tasks.newest(step, agent.id);
    if (!app || !task) return { step, state: 'no task' };
    return { step, state: condition(task, app, carrier), task };
  });
}

function condition(task: MarathonTask, app: MarathonApp, carrier: Carrier): StepCondition {
  if (task.state === 'TASK_UNREACHABLE') return 'unreachable';
  if (!isWanted(task, app)) return 'old version';
  if (task.state === 'TASK_STAGING' || task.state === 'TASK_STARTING') return 'starting';
  return reportedState(task, carrier);
}

/** All steps ready, of the wanted version. An agent without any step to run is ready too. */
export function isReady(states: readonly AgentStepState[]): boolean {
  return states.every(({ state }) => state === 'ready');
}
