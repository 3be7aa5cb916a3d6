// RestartApplication: instances of the new version take the place of the old ones
// (mesosphere/marathon: core/deployment/impl/TaskReplaceActor.scala at v1.7.216, v1.8.180, v1.9.109, 1.11.24).
import type { ActionRun, RunDependencies } from './action-run.ts';
import type { App } from './app.ts';
import {
  type Change,
  consideredGone,
  consideredHealthy,
  type Instance,
  isActive,
  isScheduled,
} from './instances.ts';
import { Readiness } from './readiness.ts';

export class ReplaceRun implements ActionRun {
  readonly #app: App;
  readonly #deps: RunDependencies;
  readonly #done: () => void;
  readonly #readiness: Readiness;
  readonly #old = new Set<string>();
  #toKill: Instance[] = [];
  #started = 0;
  #maxCapacity = 0;
  #unwatch = () => {};

  constructor(app: App, deps: RunDependencies, done: () => void) {
    this.#app = app;
    this.#deps = deps;
    this.#done = done;
    this.#readiness = new Readiness(app);
  }

  start(): void {
    if (this.#app.instances === 0) {
      this.#done();
      return;
    }
    const { instances, version } = this.#deps;
    if (!version.goals) this.#dropQueued();
    const all = [...instances.ofApp(this.#app.id)].filter((instance) => version.goals || isActive(instance));
    const started = all.filter((instance) => !this.#isOld(instance));
    const old = all.filter((instance) => this.#isOld(instance) && instance.goal === 'Running');
    for (const { id } of old) this.#old.add(id);
    // Unhealthy ones are killed first where health counts.
    this.#toKill =
      version.restartCounts === 'healthy'
        ? [...old].sort((a, b) => Number(consideredHealthy(a)) - Number(consideredHealthy(b)))
        : old;
    this.#started = started.length;
    for (const instance of started) this.#readiness.reconcile(instance);
    const killNow = this.#strategy(all);
    this.#unwatch = instances.watch(this.#app.id, (change) => this.#noticed(change));
    for (let i = 0; i < killNow; i++) this.#killNext();
    this.#launch();
    this.#deps.resetDelay(this.#app);
    this.#finishIfReached();
  }

  cancel(): void {
    this.#unwatch();
  }

  #isOld(instance: Instance): boolean {
    return instance.app.version !== this.#app.version;
  }

  /** A changed configuration takes the place of what waits in the queue (1.7: TaskLauncherActor, `AddInstances`). */
  #dropQueued(): void {
    const { instances } = this.#deps;
    for (const instance of [...instances.ofApp(this.#app.id)]) {
      if (isScheduled(instance) && this.#isOld(instance)) instances.expunge(instance);
    }
  }

  /** How many old ones are killed at once; sets how many there may be in all. */
  #strategy(all: Instance[]): number {
    const { instances, config } = this.#app;
    const { minimumHealthCapacity, maximumOverCapacity } = config.upgradeStrategy;
    const { restartCounts } = this.#deps.version;
    const counted = all.filter(
      (instance) =>
        restartCounts === 'active' ||
        (instance.goal === 'Running' && (restartCounts === 'running' || consideredHealthy(instance))),
    ).length;
    const minHealthy = Math.ceil(instances * minimumHealthCapacity);
    this.#maxCapacity = Math.floor(instances * (1 + maximumOverCapacity));
    const killNow = Math.max(0, counted - minHealthy);
    // Else nothing could ever be started.
    if (minHealthy === this.#maxCapacity && this.#maxCapacity <= counted) this.#maxCapacity++;
    const tooMany = restartCounts === 'healthy' ? all.length - instances : 0;
    return Math.max(killNow, tooMany);
  }

  #noticed(change: Change): void {
    const { instance, condition, goal, expunged } = change;
    const gone = expunged || consideredGone(condition);
    if (!this.#isOld(instance)) {
      if (gone) this.#newOneGone(change);
    } else if (gone && goal === 'Running') {
      this.#oldOneGone(instance);
      if (!expunged) this.#deps.instances.decommission(instance);
    } else if (goal === 'Decommissioned' && (gone || condition === 'Scheduled')) {
      this.#oldOneGone(instance);
    }
    if (this.#readiness.noticed(change)) {
      this.#killNext();
      this.#finishIfReached();
    }
  }

  #newOneGone({ instance, goal, expunged }: Change): void {
    this.#readiness.terminated(instance);
    if (this.#deps.version.goals && goal === 'Running' && !expunged) return;
    this.#started--;
    if (!this.#deps.version.goals) this.#launch();
  }

  #oldOneGone(instance: Instance): void {
    if (!this.#old.delete(instance.id)) return;
    this.#readiness.terminated(instance);
    this.#launch();
    this.#finishIfReached();
  }

  #launch(): void {
    const capacity = Math.max(0, this.#maxCapacity - this.#old.size - this.#started);
    const count = Math.min(Math.max(0, this.#app.instances - this.#started), capacity);
    this.#started += count;
    this.#deps.launch(this.#app, count);
  }

  #killNext(): void {
    const next = this.#toKill.shift();
    if (next) this.#deps.instances.decommission(next);
  }

  #finishIfReached(): void {
    if (!this.#readiness.reached(this.#app.instances) || this.#old.size > 0) return;
    this.cancel();
    this.#done();
  }
}
