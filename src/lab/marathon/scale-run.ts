// ScaleApplication: kill what is too many, then start what lacks and wait until it is up
// (mesosphere/marathon 1.11.24: DeploymentActor.scaleRunnable, TaskStartActor.scala).
import type { Timer } from '../clock.ts';
import type { ActionRun, RunDependencies } from './action-run.ts';
import type { App } from './app.ts';
import { type Change, consideredGone, isActive, isScheduled, isTerminal } from './instances.ts';
import { Readiness } from './readiness.ts';
import { propose } from './scaling.ts';

const SYNC_MS = 5000;

export class ScaleRun implements ActionRun {
  readonly #app: App;
  readonly #sentenced: readonly string[];
  readonly #deps: RunDependencies;
  readonly #done: () => void;
  readonly #readiness: Readiness;
  /** Instances that are being killed, with the task that each had. */
  readonly #killing = new Map<string, string | undefined>();
  #needed: number | undefined;
  #unwatch = () => {};
  #sync: Timer | undefined;

  constructor(app: App, sentenced: readonly string[], deps: RunDependencies, done: () => void) {
    this.#app = app;
    this.#sentenced = sentenced;
    this.#deps = deps;
    this.#done = done;
    this.#readiness = new Readiness(app);
  }

  start(): void {
    const { instances } = this.#deps;
    this.#unwatch = instances.watch(this.#app.id, (change) => this.#noticed(change));
    const { toKill } = propose(this.#app, instances.ofApp(this.#app.id), this.#app.instances, {
      goals: this.#deps.version.goals,
      sentenced: this.#sentenced,
    });
    for (const instance of toKill) {
      if (!consideredGone(instance.condition)) this.#killing.set(instance.id, instance.task?.id);
    }
    for (const instance of toKill) instances.decommission(instance);
    this.#startIfKilled();
  }

  cancel(): void {
    this.#unwatch();
    this.#sync?.cancel();
  }

  #noticed(change: Change): void {
    const { instance, condition, expunged } = change;
    if (this.#killing.has(instance.id)) {
      const replaced = this.#killing.get(instance.id) !== instance.task?.id;
      if (expunged || replaced || consideredGone(condition)) this.#killing.delete(instance.id);
    }
    if (this.#needed === undefined) {
      this.#startIfKilled();
      return;
    }
    if (instance.app.version === this.#app.version && (expunged || isTerminal(condition))) {
      this.#readiness.terminated(instance);
      if (expunged && change.conditionChanged) this.#deps.launch(this.#app, this.#lacking() > 0 ? 1 : 0);
    } else if (expunged || condition === 'UnreachableInactive') {
      this.#sync ??= this.#deps.clock.after(SYNC_MS, () => this.#fill());
    }
    if (this.#readiness.noticed(change)) this.#finishIfReached();
  }

  #startIfKilled(): void {
    if (this.#killing.size > 0 || this.#needed !== undefined) return;
    this.#needed = this.#lacking();
    this.#deps.launch(this.#app, this.#needed);
    this.#finishIfReached();
  }

  #lacking(): number {
    let there = 0;
    for (const instance of this.#deps.instances.ofApp(this.#app.id)) {
      if (isActive(instance) || isScheduled(instance)) there++;
    }
    return Math.max(0, this.#app.instances - there);
  }

  #fill(): void {
    this.#sync = undefined;
    this.#deps.launch(this.#app, this.#lacking());
  }

  #finishIfReached(): void {
    if (!this.#readiness.reached(this.#needed!)) return;
    this.cancel();
    this.#done();
  }
}
