// /v2/queue (recordings; mesosphere/marathon 1.11.24: core/launchqueue/LaunchStats.scala, raml/QueueInfoConversion.scala).
import { float } from '../http.ts';
import type { Offer } from '../types.ts';
import type { App } from './app.ts';
import type { Instance } from './instances.ts';
import { funnel, type OfferStatistics, rejectsOfLast, type UnusedOffer } from './offer-statistics.ts';
import { renderApp } from './render-app.ts';
import type { MarathonVersion } from './versions.ts';

type Json = Record<string, unknown>;

const iso = (at: number): string => new Date(at).toISOString();

function renderResources(offer: Offer): Json[] {
  return Object.entries(offer.resources).flatMap(([role, { ports, cpus, mem, disk }]) => [
    { name: 'ports', role, ranges: ports.map(([begin, end]) => ({ begin, end })) },
    { name: 'cpus', role, scalar: float(cpus) },
    { name: 'mem', role, scalar: float(mem) },
    { name: 'disk', role, scalar: float(disk) },
  ]);
}

function renderAttributes({ attributes }: Offer): Json[] {
  return Object.entries(attributes).map(([name, value]) =>
    typeof value === 'number' ? { name, scalar: float(value) } : { name, text: value },
  );
}

function renderUnused({ offer, reasons, at }: UnusedOffer): Json {
  return {
    offer: {
      id: offer.id,
      hostname: offer.host,
      agentId: offer.agentId,
      resources: renderResources(offer),
      attributes: renderAttributes(offer),
    },
    reason: reasons,
    timestamp: iso(at),
  };
}

export interface QueueEntry {
  app: App;
  instances: Instance[];
  /** Until when it is held back; undefined: it is not. */
  delayedUntil: number | undefined;
  statistics: OfferStatistics;
}

export function renderQueueItem(
  { app, instances, delayedUntil, statistics }: QueueEntry,
  now: number,
  withOffers: boolean,
  version: MarathonVersion,
): Json {
  const left = delayedUntil === undefined ? 0 : (delayedUntil - now) / 1000;
  const { processed, unused, lastUnusedAt, lastUsedAt, rejects, lastUnused } = statistics;
  return {
    count: instances.length,
    ...(version.queueRole ? { role: app.config.role } : {}),
    delay: {
      timeLeftSeconds: Math.max(0, Math.trunc(left)),
      overdue: delayedUntil === undefined || Math.trunc(left) < 0,
    },
    since: iso(instances.reduce((first, { scheduledAt }) => Math.min(first, scheduledAt), now)),
    processedOffersSummary: {
      processedOffersCount: processed,
      unusedOffersCount: unused,
      ...(lastUnusedAt !== undefined ? { lastUnusedOfferAt: iso(lastUnusedAt) } : {}),
      ...(lastUsedAt !== undefined ? { lastUsedOfferAt: iso(lastUsedAt) } : {}),
      rejectSummaryLastOffers: funnel(lastUnused.size, rejectsOfLast(statistics)),
      rejectSummaryLaunchAttempt: funnel(processed, rejects),
    },
    ...(withOffers ? { lastUnusedOffers: [...lastUnused.values()].map(renderUnused) } : {}),
    app: renderApp(app, version),
  };
}
