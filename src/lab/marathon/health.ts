// Results of health checks as this Marathon remembers them: not kept in its store, so a new leader begins without.
// mesosphere/marathon 1.11.24: core/health/impl/HealthCheckActor.scala, core/health/Health.scala.
import type { Change, Instance } from './instances.ts';

export interface Health {
  firstSuccess?: number;
  lastSuccess?: number;
  lastFailure?: number;
  consecutiveFailures: number;
}

export function isAlive({ lastSuccess, lastFailure }: Health): boolean {
  return lastSuccess !== undefined && (lastFailure === undefined || lastSuccess > lastFailure);
}

export class HealthResults {
  readonly #byInstance = new Map<string, Health>();
  readonly #now: () => number;
  readonly #kill: (instance: Instance) => void;

  constructor(now: () => number, kill: (instance: Instance) => void) {
    this.#now = now;
    this.#kill = kill;
  }

  of(instance: Instance): Health | undefined {
    return this.#byInstance.get(instance.id);
  }

  noticed({ instance, expunged }: Change): void {
    if (expunged) this.#byInstance.delete(instance.id);
  }

  /** A status of Mesos that changed something and tells of health. */
  reported(instance: Instance, healthy: boolean): void {
    const [check] = instance.app.config.healthChecks;
    if (!check) return;
    const health = this.of(instance) ?? { consecutiveFailures: 0 };
    this.#byInstance.set(instance.id, health);
    const now = this.#now();
    if (healthy) {
      health.firstSuccess ??= now;
      health.lastSuccess = now;
      health.consecutiveFailures = 0;
      return;
    }
    const inGrace =
      health.firstSuccess === undefined && instance.since + check.gracePeriodSeconds * 1000 > now;
    if (instance.condition !== 'Running' || inGrace) return;
    const limit = check.maxConsecutiveFailures;
    if (limit > 0 && health.consecutiveFailures >= limit) this.#kill(instance);
    health.lastFailure = now;
    health.consecutiveFailures++;
  }

  forget(): void {
    this.#byInstance.clear();
  }
}
