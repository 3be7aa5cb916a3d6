// Marathon's scheduler: keeps the instances of all apps in step with what Mesos reports.
import type { MesosForMarathon, Offer, TaskInfo, TaskUpdate } from '../types.ts';
import type { App } from './app.ts';
import { Backoff } from './backoff.ts';
import { conditionOf, livesOn } from './conditions.ts';
import { HealthResults } from './health.ts';
import { type Change, type Condition, type Instance, Instances, isTerminal, type Task } from './instances.ts';
import { Kills } from './kills.ts';
import { LaunchQueue } from './launch-queue.ts';
import type { Mailbox } from './mailbox.ts';
import { propose } from './scaling.ts';
import { instanceId, taskId } from './task-ids.ts';
import { taskInfo } from './task-info.ts';
import { TimeUuids } from './uuid.ts';
import type { MarathonVersion } from './versions.ts';

export interface TaskFailure {
  appId: string;
  host: string;
  message: string;
  state: string;
  taskId: string;
  at: number;
  version: string;
  slaveId: string;
}

export interface SchedulerDependencies {
  mesos: MesosForMarathon;
  version: MarathonVersion;
  mailbox: Mailbox;
  /** The app as it is now; undefined: deleted. */
  app: (id: string) => App | undefined;
  apps: () => Iterable<App>;
  enforceRole: (appId: string) => boolean | undefined;
  /** A deployment works on it, so nobody else scales it. */
  isLocked: (appId: string) => boolean;
}

/** States that stand in `lastTaskFailure` (core/event/…: TaskFailure.FromMesosStatusUpdateEvent). */
const FAILURES = new Set<Condition>(['Failed', 'Error', 'Dropped', 'Gone', 'Unknown']);
/** `scale_apps_initial_delay`, `scale_apps_interval` and `task_lost_expunge_interval` in /v2/info. */
const SCALE_FIRST_MS = 15_000;
const SCALE_MS = 300_000;
const EXPUNGE_MS = 30_000;

export class Scheduler {
  readonly instances: Instances;
  readonly backoff: Backoff;
  readonly health: HealthResults;
  readonly kills: Kills;
  readonly queue: LaunchQueue;
  readonly failures = new Map<string, TaskFailure>();
  readonly #deps: SchedulerDependencies;
  readonly #uuids = new TimeUuids();
  readonly #byTask = new Map<string, Instance>();
  readonly #startedAt: number;
  #expungeTick = false;
  #scaleTick = false;
  #stopped = false;

  constructor(deps: SchedulerDependencies) {
    const { mesos, mailbox, version } = deps;
    const now = (): number => mesos.clock.now();
    this.#deps = deps;
    this.#startedAt = now();
    this.instances = new Instances(mailbox, now, version.goals);
    this.backoff = new Backoff(now);
    this.kills = new Kills(mesos.clock, (id) => mesos.kill(id), this.instances, version.goals);
    this.health = new HealthResults(now, (instance) => this.kills.kill(instance));
    this.queue = new LaunchQueue({
      mesos,
      instances: this.instances,
      backoff: this.backoff,
      provision: (instance, offer, ports) => this.#provision(instance, offer, ports),
    });
    this.instances.onChange((change) => this.#noticed(change));
    mesos.onUpdate((update) => mailbox.post(() => this.#updated(update)));
  }

  launch(app: App, count: number): void {
    for (let i = 0; i < count; i++) {
      const uuid = this.#uuids.next(this.#deps.mesos.clock.now());
      this.instances.add(instanceId(app.id, uuid, this.#deps.version), app);
    }
  }

  resetDelay(app: App): void {
    if (this.backoff.until(app) === undefined) return;
    this.backoff.reset(app);
    this.queue.delayEnded(app);
  }

  /** Brings an app to its number of instances, unless a deployment is at it. */
  scale(appId: string): void {
    const app = this.#deps.app(appId);
    if (!app || this.#deps.isLocked(appId)) return;
    const { goals } = this.#deps.version;
    const { toKill, toStart } = propose(app, this.instances.ofApp(appId), app.instances, { goals });
    if (!goals && toKill.length > 0) this.purge(appId);
    for (const instance of toKill) this.instances.decommission(instance);
    const queued = goals ? 0 : this.instances.scheduledOf(appId).size;
    this.launch(app, Math.max(0, toStart - queued));
  }

  /** Nothing of the app waits for an offer any more. */
  purge(appId: string): void {
    for (const instance of [...this.instances.scheduledOf(appId)]) this.instances.expunge(instance);
  }

  /** All apps are looked at, at the next of Marathon's regular times. */
  scaleLater(): void {
    if (this.#scaleTick || this.#stopped) return;
    this.#scaleTick = true;
    const passed = this.#deps.mesos.clock.now() - this.#startedAt - SCALE_FIRST_MS;
    const wait = passed < 0 ? -passed : SCALE_MS - (passed % SCALE_MS);
    this.#deps.mesos.clock.after(wait, () => {
      this.#scaleTick = false;
      this.#deps.mailbox.post(() => {
        for (const { id } of [...this.#deps.apps()]) this.scale(id);
      });
    });
  }

  /** A new leader: what was only remembered is gone. */
  restart(): void {
    if (this.#deps.version.healthSurvivesFailover) this.#healthReconciled();
    else this.health.forget();
    this.queue.restart();
    this.scaleLater();
  }

  stop(): void {
    this.#stopped = true;
    this.queue.stop();
    this.kills.stop();
  }

  /** The answer to the reconciliation tells the health of each running task again. */
  #healthReconciled(): void {
    this.health.forget();
    for (const appId of this.instances.appIds()) {
      for (const instance of this.instances.ofApp(appId)) {
        if (instance.task?.healthy !== undefined) this.health.reported(instance, instance.task.healthy);
      }
    }
  }

  #provision(instance: Instance, offer: Offer, ports: number[]): TaskInfo {
    const { version, mesos } = this.#deps;
    const { agentId, host, attributes } = offer;
    if (instance.task) this.#byTask.delete(instance.task.id);
    this.instances.update(instance, () => {
      instance.attempt++;
      const id = taskId(instance, version);
      instance.task = { id, agentId, host, attributes, ports, stagedAt: mesos.clock.now() };
      instance.condition = 'Provisioned';
    });
    const { id } = instance.task!;
    this.#byTask.set(id, instance);
    return taskInfo({
      id,
      app: instance.app,
      offer,
      ports,
      frameworkId: mesos.frameworkId,
      version,
      enforceRole: this.#deps.enforceRole(instance.app.id),
    });
  }

  #updated(update: TaskUpdate): void {
    if (this.#stopped) return;
    const condition = conditionOf(update.state, update.reason);
    const instance = this.#byTask.get(update.taskId);
    if (!instance) {
      if (livesOn(condition)) this.kills.killUnknown(update.taskId);
      return;
    }
    const task = instance.task!;
    // A task that ended stays as it ended (Task.update).
    if (isTerminal(instance.condition) || !isNews(task, update)) return;
    if (FAILURES.has(condition)) this.#remember(instance, update);
    this.instances.update(instance, () => {
      task.mesosState = update.state;
      task.healthy = update.healthy;
      task.checkExitCode = update.checkExitCode;
      if (update.address !== undefined) task.address = update.address;
      task.unreachableSince = condition === 'Unreachable' ? update.at : undefined;
      if (condition === 'Running') task.startedAt ??= update.at;
      instance.condition = condition;
    });
    if (update.healthy !== undefined) this.health.reported(instance, update.healthy);
  }

  #remember(instance: Instance, update: TaskUpdate): void {
    const { app, task } = instance;
    this.failures.set(app.id, {
      appId: app.id,
      host: task!.host,
      message: update.message ?? '',
      state: update.state,
      taskId: update.taskId,
      at: update.at,
      version: app.version,
      slaveId: task!.agentId,
    });
  }

  #noticed(change: Change): void {
    const { instance, condition, previous, expunged } = change;
    if (expunged && instance.task) this.#byTask.delete(instance.task.id);
    this.backoff.noticed(change);
    this.health.noticed(change);
    this.queue.noticed(change);
    this.kills.noticed(change);
    if (condition === 'Unreachable' && previous !== 'Unreachable') this.#watchUnreachable(instance);
    if (previous === 'UnreachableInactive' && condition === 'Running') this.scaleLater();
    // Of what only waited in the queue nobody is told.
    if (!change.conditionChanged || !instance.task) return;
    if (isTerminal(condition) || condition === 'UnreachableInactive') {
      this.#deps.mailbox.post(() => this.scale(instance.app.id));
    }
  }

  #watchUnreachable(instance: Instance): void {
    const strategy = instance.app.config.unreachableStrategy;
    if (strategy === 'disabled') return;
    if (strategy.inactiveAfterSeconds === 0 || strategy.expungeAfterSeconds === 0) this.#lookAtUnreachable();
    else this.#expungeLater();
  }

  #expungeLater(): void {
    if (this.#expungeTick || this.#stopped || this.instances.unreachable.size === 0) return;
    this.#expungeTick = true;
    this.#deps.mesos.clock.after(EXPUNGE_MS, () => {
      this.#expungeTick = false;
      this.#lookAtUnreachable();
    });
  }

  #lookAtUnreachable(): void {
    this.#deps.mailbox.post(() => {
      const now = this.#deps.mesos.clock.now();
      for (const instance of [...this.instances.unreachable]) {
        const strategy = instance.app.config.unreachableStrategy;
        const since = instance.task?.unreachableSince;
        if (strategy === 'disabled' || since === undefined) continue;
        if (now - since >= strategy.expungeAfterSeconds * 1000) this.instances.expunge(instance);
        else if (
          now - since >= strategy.inactiveAfterSeconds * 1000 &&
          instance.condition === 'Unreachable'
        ) {
          this.instances.update(instance, () => {
            instance.condition = 'UnreachableInactive';
          });
        }
      }
      this.#expungeLater();
    });
  }
}

/** Whether a status differs from the one before in what counts (Task.updatedHealthOrState). */
function isNews(task: Task, { state, healthy, checkExitCode }: TaskUpdate): boolean {
  if (task.mesosState !== state) return true;
  if (healthy !== undefined && healthy !== task.healthy) return true;
  return checkExitCode !== task.checkExitCode;
}
