// Which of an app's new instances count as up (mesosphere/marathon 1.11.24: core/deployment/impl/ReadinessBehavior.scala).
import type { App } from './app.ts';
import type { Change, Instance } from './instances.ts';

export class Readiness {
  readonly #app: App;
  readonly #ready = new Set<string>();

  constructor(app: App) {
    this.#app = app;
  }

  get #hasHealthChecks(): boolean {
    return this.#app.config.healthChecks.length > 0;
  }

  reached(count: number): boolean {
    return this.#ready.size === count;
  }

  /** One that was there before this deployment step began. */
  reconcile(instance: Instance): void {
    if (!this.#hasHealthChecks || instance.healthy === true) this.#ready.add(instance.id);
  }

  terminated(instance: Instance): void {
    this.#ready.delete(instance.id);
  }

  /** Whether this change made one more of this version ready. */
  noticed({ instance, condition, conditionChanged, healthChanged }: Change): boolean {
    if (instance.app.version !== this.#app.version) return false;
    if (this.#hasHealthChecks) {
      if (!healthChanged || instance.healthy !== true || this.#ready.has(instance.id)) return false;
    } else if (!conditionChanged || condition !== 'Running') {
      return false;
    }
    this.#ready.add(instance.id);
    return true;
  }
}
