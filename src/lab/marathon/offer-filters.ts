// Offers that Marathon declined: Mesos does not make them again until the time is over, Marathon asks for all offers anew
// (revive), or the agent has more to offer than what was declined (mesos 1.11: RefusedOfferFilter in hierarchical.cpp).
import type { Offer } from '../types.ts';

/** `decline_offer_duration` in /v2/info. */
export const DECLINE_MS = 300_000;

interface Filter {
  until: number;
  resources: Offer['resources'];
}

type Bundle = Offer['resources'][string];

function portCount({ ports }: Bundle): number {
  return ports.reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

function isMore(now: Bundle, declined: Bundle | undefined): boolean {
  if (!declined) return true;
  const { cpus, mem, disk } = declined;
  if (now.cpus > cpus + 1e-9 || now.mem > mem + 1e-9 || now.disk > disk + 1e-9) return true;
  return portCount(now) > portCount(declined);
}

export class OfferFilters {
  readonly #byAgent = new Map<string, Filter>();

  decline(offer: Offer, now: number): void {
    this.#byAgent.set(offer.agentId, { until: now + DECLINE_MS, resources: offer.resources });
  }

  hides(offer: Offer, now: number): boolean {
    const filter = this.#byAgent.get(offer.agentId);
    if (!filter) return false;
    const more = Object.entries(offer.resources).some(([role, bundle]) =>
      isMore(bundle, filter.resources[role]),
    );
    if (filter.until > now && !more) return true;
    this.#byAgent.delete(offer.agentId);
    return false;
  }

  /** When the next of them ends; those that ended, of agents that offer nothing, are dropped. */
  nextEnd(now: number): number | undefined {
    let next: number | undefined;
    for (const [agentId, { until }] of this.#byAgent) {
      if (until <= now) this.#byAgent.delete(agentId);
      else next = Math.min(next ?? until, until);
    }
    return next;
  }

  clear(): void {
    this.#byAgent.clear();
  }
}
