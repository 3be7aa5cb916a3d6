// StopApplication: every instance goes (mesosphere/marathon 1.11.24: DeploymentActor.stopRunnable).
import type { ActionRun, RunDependencies } from './action-run.ts';
import type { App } from './app.ts';
import { consideredGone } from './instances.ts';

export class StopRun implements ActionRun {
  readonly #app: App;
  readonly #deps: RunDependencies;
  readonly #done: () => void;
  readonly #left = new Set<string>();
  #unwatch = () => {};

  constructor(app: App, deps: RunDependencies, done: () => void) {
    this.#app = app;
    this.#deps = deps;
    this.#done = done;
  }

  start(): void {
    const { instances } = this.#deps;
    const all = [...instances.ofApp(this.#app.id)];
    for (const { id, condition } of all) if (!consideredGone(condition)) this.#left.add(id);
    this.#unwatch = instances.watch(this.#app.id, ({ instance, condition, expunged }) => {
      if (!expunged && !consideredGone(condition)) return;
      this.#left.delete(instance.id);
      this.#finishIfGone();
    });
    for (const instance of all) instances.decommission(instance);
    this.#finishIfGone();
  }

  cancel(): void {
    this.#unwatch();
  }

  #finishIfGone(): void {
    if (this.#left.size > 0) return;
    this.cancel();
    this.#deps.resetDelay(this.#app);
    this.#done();
  }
}
