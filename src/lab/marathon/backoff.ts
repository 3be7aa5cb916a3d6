// Launch delays of failing apps, one an app and configuration (mesosphere/marathon 1.11.24: launchqueue/impl/RateLimiter.scala,
// task/update/impl/steps/NotifyRateLimiterStepImpl.scala).
import type { App } from './app.ts';
import type { Change, Condition } from './instances.ts';

interface Delay {
  /** Milliseconds since 1970. */
  since: number;
  ms: number;
  maxMs: number;
}

const ADDS = new Set<Condition>(['Dropped', 'Error', 'Failed', 'Gone', 'Finished']);
const ADVANCES = new Set<Condition>(['Provisioned', 'Staging', 'Starting', 'Running']);

const keyOf = (app: App): string => `${app.id} ${app.lastConfigChangeAt}`;

export class Backoff {
  readonly #delays = new Map<string, Delay>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Until when nothing of this app is launched; undefined: no delay. It may have passed. */
  until(app: App): number | undefined {
    const delay = this.#current(app);
    return delay && delay.since + delay.ms;
  }

  reset(app: App): void {
    this.#delays.delete(keyOf(app));
  }

  noticed({ instance, condition, conditionChanged }: Change): void {
    if (!conditionChanged) return;
    if (ADDS.has(condition)) this.#add(instance.app);
    else if (ADVANCES.has(condition)) this.#advance(instance.app);
  }

  #add(app: App): void {
    const { backoffSeconds, backoffFactor, maxLaunchDelaySeconds } = app.config;
    const before = this.#current(app);
    const maxMs = maxLaunchDelaySeconds * 1000;
    const ms = Math.min(maxMs, before ? before.ms * backoffFactor : backoffSeconds * 1000);
    this.#delays.set(keyOf(app), { since: this.#now(), ms, maxMs });
  }

  #advance(app: App): void {
    const delay = this.#current(app);
    if (delay) delay.since = this.#now();
  }

  #current(app: App): Delay | undefined {
    const key = keyOf(app);
    const delay = this.#delays.get(key);
    if (delay && this.#now() > delay.since + delay.maxMs) {
      this.#delays.delete(key);
      return undefined;
    }
    return delay;
  }
}
