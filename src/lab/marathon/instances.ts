// The instances of all apps, indexed, and every change of them told to whoever listens.
// mesosphere/marathon 1.11.24: core/instance/Instance.scala, core/task/tracker, core/condition/Condition.scala.
import type { App } from './app.ts';
import type { Mailbox } from './mailbox.ts';

export type Condition =
  | 'Scheduled'
  | 'Provisioned'
  | 'Staging'
  | 'Starting'
  | 'Running'
  | 'Killing'
  | 'Unreachable'
  | 'UnreachableInactive'
  | 'Error'
  | 'Failed'
  | 'Finished'
  | 'Killed'
  | 'Gone'
  | 'Dropped'
  | 'Unknown';

const ACTIVE = new Set(['Provisioned', 'Staging', 'Starting', 'Running', 'Killing', 'Unreachable']);
const TERMINAL = new Set(['Error', 'Failed', 'Finished', 'Killed', 'Gone', 'Dropped', 'Unknown']);

export const isActive = ({ condition }: Instance): boolean => ACTIVE.has(condition);
export const isTerminal = (condition: Condition): boolean => TERMINAL.has(condition);
/** What deployments take for gone (InstanceChangedPredicates.considerTerminal): unreachable counts as well. */
export const consideredGone = (condition: Condition): boolean =>
  TERMINAL.has(condition) || condition === 'Unreachable' || condition === 'UnreachableInactive';

export interface Placement {
  agentId: string;
  host: string;
  attributes: Record<string, string | number>;
}

export interface Task extends Placement {
  id: string;
  stagedAt: number;
  startedAt?: number;
  ports: number[];
  /** The last state that Mesos reported; none until its first report. */
  mesosState?: string;
  healthy?: boolean;
  checkExitCode?: number;
  /** Of its container, where that is not the agent's. */
  address?: string;
  unreachableSince?: number;
}

export interface Instance {
  id: string;
  app: App;
  goal: 'Running' | 'Decommissioned';
  condition: Condition;
  /** Since when it has this condition. */
  since: number;
  /** From when on it waits for an offer; of a new one, when it is stored. */
  scheduledAt: number;
  attempt: number;
  task?: Task;
  /** As the tracker infers it from the task (Instance.computeHealth). */
  healthy?: boolean;
}

/** Waits to be launched: new, or ended and to be started again. */
export const isScheduled = ({ goal, condition }: Instance): boolean =>
  goal === 'Running' && (condition === 'Scheduled' || TERMINAL.has(condition));

/** What restarts count by health (Instance.consideredHealthy): an app with `check` alone never becomes healthy (measured, too). */
export function consideredHealthy({ app: { config }, healthy }: Instance): boolean {
  const judged =
    config.healthChecks.length > 0 || config.check !== undefined || config.readinessChecks.length > 0;
  return !judged || healthy === true;
}

export interface Change {
  instance: Instance;
  /** As they were with this change: the instance may have changed again when a listener's turn comes. */
  condition: Condition;
  goal: Instance['goal'];
  /** Before this change; undefined for a new instance. */
  previous?: Condition;
  conditionChanged: boolean;
  healthChanged: boolean;
  expunged: boolean;
}

/** From the wish for an instance until it is stored and asks for offers (measured: 0.3 to 1.3 s). */
const STORE_MS = 600;

export type Listener = (change: Change) => void;

export class Instances {
  readonly #byApp = new Map<string, Map<string, Instance>>();
  readonly #scheduled = new Map<string, Set<Instance>>();
  /** Instances with a task on an agent, for constraints: app → host → instances. */
  readonly #onHost = new Map<string, Map<string, Set<Instance>>>();
  readonly #listeners: Listener[] = [];
  readonly #forApp = new Map<string, Set<Listener>>();
  readonly #mailbox: Mailbox;
  readonly #now: () => number;
  readonly #goals: boolean;
  /** Those whose task is unreachable, for the timers of their strategy. */
  readonly unreachable = new Set<Instance>();

  /** `goals`: whether an instance outlives its task (Marathon ≥ 1.8). */
  constructor(mailbox: Mailbox, now: () => number, goals: boolean) {
    this.#mailbox = mailbox;
    this.#now = now;
    this.#goals = goals;
  }

  /** Hears every change, in the order of registration, before those who watch one app. */
  onChange(listener: Listener): void {
    this.#listeners.push(listener);
  }

  /** Hears the changes of one app's instances until the returned function is called. */
  watch(appId: string, listener: Listener): () => void {
    const listeners = this.#forApp.get(appId) ?? new Set();
    this.#forApp.set(appId, listeners.add(listener));
    return () => {
      listeners.delete(listener);
    };
  }

  ofApp(appId: string): Iterable<Instance> {
    return this.#byApp.get(appId)?.values() ?? [];
  }

  countOf(appId: string): number {
    return this.#byApp.get(appId)?.size ?? 0;
  }

  find(appId: string, id: string): Instance | undefined {
    return this.#byApp.get(appId)?.get(id);
  }

  /** Apps that have any instance, those that are being deleted included. */
  appIds(): Iterable<string> {
    return this.#byApp.keys();
  }

  scheduledOf(appId: string): ReadonlySet<Instance> {
    return this.#scheduled.get(appId) ?? new Set();
  }

  appsWithScheduled(): string[] {
    return [...this.#scheduled.keys()];
  }

  onHost(appId: string, host: string): Iterable<Instance> {
    return this.#onHost.get(appId)?.get(host) ?? [];
  }

  add(id: string, app: App): Instance {
    const now = this.#now();
    const instance: Instance = {
      id,
      app,
      goal: 'Running',
      condition: 'Scheduled',
      since: now,
      scheduledAt: now + STORE_MS,
      attempt: 0,
    };
    const ofApp = this.#byApp.get(app.id) ?? new Map<string, Instance>();
    this.#byApp.set(app.id, ofApp.set(id, instance));
    this.#index(instance);
    this.#tell({ instance, conditionChanged: true, healthChanged: false, expunged: false });
    return instance;
  }

  /** Applies a change of condition or task and tells of it. */
  update(instance: Instance, change: () => void): void {
    const { condition: previous, healthy } = instance;
    this.#unindex(instance);
    change();
    if (instance.condition !== previous) {
      instance.since = this.#now();
      if (isScheduled(instance)) instance.scheduledAt = instance.since;
    }
    instance.healthy = inferredHealth(instance);
    this.#index(instance);
    const conditionChanged = instance.condition !== previous;
    const healthChanged = instance.healthy !== healthy;
    const over = !instance.task || isTerminal(instance.condition);
    if ((instance.goal === 'Decommissioned' && over) || (!this.#goals && isTerminal(instance.condition))) {
      this.expunge(instance, previous);
      return;
    }
    this.#tell({ instance, previous, conditionChanged, healthChanged, expunged: false });
  }

  /** It shall go and not come back. One that has no task is gone at once. */
  decommission(instance: Instance): void {
    if (instance.goal === 'Decommissioned') return;
    this.update(instance, () => {
      instance.goal = 'Decommissioned';
    });
  }

  /** Removes it from the books. A task that still lives somewhere is then unknown, and killed when it reports. */
  expunge(instance: Instance, previous = instance.condition): void {
    const ofApp = this.#byApp.get(instance.app.id);
    if (!ofApp?.delete(instance.id)) return;
    if (ofApp.size === 0) this.#byApp.delete(instance.app.id);
    this.#unindex(instance);
    if (!isTerminal(instance.condition)) instance.condition = 'Killed';
    this.#tell({ instance, previous, conditionChanged: true, healthChanged: false, expunged: true });
  }

  #tell(change: Omit<Change, 'condition' | 'goal'>): void {
    const told: Change = { ...change, condition: change.instance.condition, goal: change.instance.goal };
    for (const listener of this.#listeners) listener(told);
    const watchers = this.#forApp.get(change.instance.app.id);
    if (!watchers) return;
    for (const watcher of watchers) this.#mailbox.post(() => watchers.has(watcher) && watcher(told));
  }

  #index(instance: Instance): void {
    const { app, task, condition } = instance;
    if (isScheduled(instance)) {
      const set = this.#scheduled.get(app.id) ?? new Set();
      this.#scheduled.set(app.id, set.add(instance));
    } else if (task && !isTerminal(condition) && condition !== 'Unreachable') {
      const hosts = this.#onHost.get(app.id) ?? new Map<string, Set<Instance>>();
      const set = hosts.get(task.host) ?? new Set();
      this.#onHost.set(app.id, hosts.set(task.host, set.add(instance)));
    }
    if (condition === 'Unreachable' || condition === 'UnreachableInactive') this.unreachable.add(instance);
  }

  #unindex(instance: Instance): void {
    const { app, task } = instance;
    const scheduled = this.#scheduled.get(app.id);
    if (scheduled?.delete(instance) && scheduled.size === 0) this.#scheduled.delete(app.id);
    if (task) {
      const hosts = this.#onHost.get(app.id);
      const set = hosts?.get(task.host);
      if (set?.delete(instance) && set.size === 0) hosts!.delete(task.host);
    }
    this.unreachable.delete(instance);
  }
}

function inferredHealth({ task, condition }: Instance): boolean | undefined {
  return condition === 'Running' ? task?.healthy : undefined;
}
