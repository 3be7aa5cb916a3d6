// What became of the offers, for /v2/queue (mesosphere/marathon 1.11.24: launchqueue/impl/OfferMatchStatistics.scala).
import type { Offer } from '../types.ts';
import { REASONS, type Reason } from './offer-match.ts';

export interface UnusedOffer {
  offer: Offer;
  reasons: Reason[];
  at: number;
}

export interface OfferStatistics {
  processed: number;
  unused: number;
  lastUnusedAt?: number;
  lastUsedAt?: number;
  rejects: Map<Reason, number>;
  /** The last unused offer of each agent, by the agent's id. */
  lastUnused: Map<string, UnusedOffer>;
}

const firstOf = (reasons: Reason[]): Reason | undefined => REASONS.find((reason) => reasons.includes(reason));

export class Statistics {
  readonly #byApp = new Map<string, OfferStatistics>();

  of(appId: string): OfferStatistics {
    let statistics = this.#byApp.get(appId);
    if (!statistics) {
      statistics = { processed: 0, unused: 0, rejects: new Map(), lastUnused: new Map() };
      this.#byApp.set(appId, statistics);
    }
    return statistics;
  }

  used(appId: string, at: number): void {
    const statistics = this.of(appId);
    statistics.processed++;
    statistics.lastUsedAt = at;
  }

  unused(appId: string, offer: Offer, reasons: Reason[], at: number): void {
    const statistics = this.of(appId);
    statistics.processed++;
    statistics.unused++;
    statistics.lastUnusedAt = at;
    const first = firstOf(reasons);
    if (first) statistics.rejects.set(first, (statistics.rejects.get(first) ?? 0) + 1);
    statistics.lastUnused.set(offer.agentId, { offer, reasons, at });
  }

  forget(): void {
    this.#byApp.clear();
  }
}

/** Of so many offers, how many each reason declined and how many came that far. */
export function funnel(
  processed: number,
  rejects: ReadonlyMap<Reason, number>,
): { reason: Reason; declined: number; processed: number }[] {
  let left = processed;
  return REASONS.map((reason) => {
    const declined = rejects.get(reason) ?? 0;
    const step = { reason, declined, processed: left };
    left -= declined;
    return step;
  });
}

export function rejectsOfLast({ lastUnused }: OfferStatistics): Map<Reason, number> {
  const rejects = new Map<Reason, number>();
  for (const { reasons } of lastUnused.values()) {
    const first = firstOf(reasons);
    if (first) rejects.set(first, (rejects.get(first) ?? 0) + 1);
  }
  return rejects;
}
