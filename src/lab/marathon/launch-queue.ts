// Instances that wait for an offer, and what becomes of the offers (mesosphere/marathon 1.11.24: core/launchqueue,
// core/matcher/manager/impl/OfferMatcherManagerActor.scala, launchqueue/impl/ReviveOffersStreamLogic.scala).
import type { Clock, Timer } from '../clock.ts';
import type { MesosForMarathon, Offer, TaskInfo } from '../types.ts';
import type { App } from './app.ts';
import type { Backoff } from './backoff.ts';
import { type Change, type Instance, type Instances, isScheduled } from './instances.ts';
import { OfferFilters } from './offer-filters.ts';
import { matchOffer, withoutTask } from './offer-match.ts';
import { Statistics } from './offer-statistics.ts';
import { LaunchTokens } from './tokens.ts';

/** `min_revive_offers_interval` and `max_instances_per_offer` in /v2/info. */
const REVIVE_MS = 5000;
const MAX_PER_OFFER = 100;
/** Mesos' `--allocation_interval`: what Marathon leaves of an offer comes back with the next allocation. */
const ALLOCATION_MS = 1000;

export interface LaunchQueueDependencies {
  mesos: MesosForMarathon;
  instances: Instances;
  backoff: Backoff;
  /** Makes the instance's next task and the order for it. */
  provision: (instance: Instance, offer: Offer, ports: number[]) => TaskInfo;
}

export class LaunchQueue {
  readonly statistics = new Statistics();
  readonly #deps: LaunchQueueDependencies;
  readonly #clock: Clock;
  readonly #filters = new OfferFilters();
  readonly #tokens: LaunchTokens;
  #revived = Number.NEGATIVE_INFINITY;
  #repeats = 0;
  #revive: Timer | undefined;
  #look: { at: number; timer: Timer } | undefined;
  #stopped = false;

  constructor(deps: LaunchQueueDependencies) {
    this.#deps = deps;
    this.#clock = deps.mesos.clock;
    this.#tokens = new LaunchTokens(this.#clock.now());
    deps.mesos.onOffers(() => {
      if (this.#wanted().length > 0) this.#lookIn(ALLOCATION_MS);
    });
  }

  noticed({ instance, condition, conditionChanged }: Change): void {
    if (isScheduled(instance) && conditionChanged) {
      const until = Math.max(this.#deps.backoff.until(instance.app) ?? 0, instance.scheduledAt);
      const wait = until - this.#clock.now();
      if (wait <= 0) this.#wantRevive();
      else this.#clock.after(wait, () => isScheduled(instance) && this.#wantRevive());
    }
    if (conditionChanged && condition === 'Running') this.#tokens.add();
  }

  /** A delay was taken away. */
  delayEnded(app: App): void {
    if (this.#deps.instances.scheduledOf(app.id).size > 0) this.#wantRevive();
  }

  stop(): void {
    this.#stopped = true;
    this.#revive?.cancel();
    this.#look?.timer.cancel();
  }

  /** A new leader knows nothing of offers. */
  restart(): void {
    this.#filters.clear();
    this.statistics.forget();
    this.#wantRevive();
  }

  #wanted(): string[] {
    const now = this.#clock.now();
    const ids = this.#deps.instances.appsWithScheduled();
    return ids.filter((id) => this.#candidate(id, now) !== undefined);
  }

  #wantRevive(): void {
    this.#repeats = 1;
    this.#scheduleRevive();
  }

  #scheduleRevive(): void {
    if (this.#revive || this.#stopped) return;
    const wait = Math.max(0, this.#revived + REVIVE_MS - this.#clock.now());
    this.#revive = this.#clock.after(wait, () => {
      this.#revive = undefined;
      this.#revived = this.#clock.now();
      if (this.#wanted().length === 0) return;
      this.#filters.clear();
      // Offers come within the second, faster when the allocator has little to do (measured: 0.2 to 1.8 s after a change).
      this.#lookIn(200 + this.#deps.mesos.random.next() * 800);
      // Marathon asks once more, two ticks later, in case the first answer was lost.
      if (this.#repeats-- > 0) this.#clock.after(REVIVE_MS, () => this.#scheduleRevive());
    });
  }

  #lookIn(ms: number): void {
    const at = this.#clock.now() + ms;
    if (this.#stopped || (this.#look && this.#look.at <= at)) return;
    this.#look?.timer.cancel();
    const timer = this.#clock.after(ms, () => {
      this.#look = undefined;
      this.#process();
    });
    this.#look = { at, timer };
  }

  /** Goes through the offers that stand. */
  #process(): void {
    if (this.#stopped || this.#wanted().length === 0) return;
    const now = this.#clock.now();
    let leftovers = false;
    for (const offer of this.#deps.mesos.offers()) {
      if (this.#tokens.left(now) <= 0) break;
      if (this.#filters.hides(offer, now)) continue;
      const wanted = this.#wanted();
      if (wanted.length === 0) return;
      if (this.#use(offer, wanted)) leftovers = true;
      else this.#filters.decline(offer, now);
    }
    if (this.#wanted().length === 0) return;
    if (this.#tokens.left(now) <= 0) this.#lookIn(ALLOCATION_MS);
    else if (leftovers) this.#lookIn(ALLOCATION_MS);
    else {
      const end = this.#filters.nextEnd(now);
      if (end !== undefined) this.#lookIn(end - now);
    }
  }

  /** Gives the offer to the apps in random order, again to those that used it, until none can. */
  #use(offer: Offer, wanted: string[]): boolean {
    const { mesos, statistics } = { mesos: this.#deps.mesos, statistics: this.statistics };
    const queue = mesos.random.shuffle(wanted);
    const now = this.#clock.now();
    let rest = offer;
    let launched = 0;
    for (let next = 0; next < queue.length; next++) {
      const appId = queue[next]!;
      const instance = this.#candidate(appId, now);
      if (!instance) continue;
      const match = matchOffer(instance.app, rest, this.#deps.instances, mesos.random);
      if ('reasons' in match) {
        statistics.unused(appId, rest, match.reasons, now);
        continue;
      }
      if (launched >= MAX_PER_OFFER || this.#tokens.left(now) <= 0) break;
      this.#tokens.take();
      launched++;
      statistics.used(appId, now);
      rest = withoutTask(rest, instance.app, match.ports);
      mesos.launch(offer, this.#deps.provision(instance, offer, match.ports));
      queue.push(appId);
    }
    return launched > 0;
  }

  #candidate(appId: string, now: number): Instance | undefined {
    for (const instance of this.#deps.instances.scheduledOf(appId)) {
      const delayedUntil = this.#deps.backoff.until(instance.app) ?? 0;
      if (delayedUntil <= now && instance.scheduledAt <= now) return instance;
    }
    return undefined;
  }
}
