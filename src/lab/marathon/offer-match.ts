// Whether an app's task fits into an offer, and why not (mesosphere/marathon 1.11.24: mesosphere/mesos/ResourceMatcher.scala,
// PortsMatcher.scala, NoOfferMatchReason.scala).
import type { Offer, Random } from '../types.ts';
import type { App } from './app.ts';
import { meetsConstraints } from './constraints.ts';
import type { Instances } from './instances.ts';

/** In the order in which Marathon counts only the first. */
export const REASONS = [
  'UnfulfilledRole',
  'UnfulfilledConstraint',
  'NoCorrespondingReservationFound',
  'AgentMaintenance',
  'InsufficientCpus',
  'InsufficientMemory',
  'InsufficientDisk',
  'InsufficientGpus',
  'InsufficientPorts',
  'DeclinedScarceResources',
] as const;
export type Reason = (typeof REASONS)[number];

type Bundle = Offer['resources'][string];
export type Match = { ports: number[] } | { reasons: Reason[] };

/** Sums of decimal fractions are off in the last digits: 0.1 + 0.2. */
const EPSILON = 1e-9;

function acceptedOf(app: App): string[] {
  // DC/OS starts Marathon so that an app without `acceptedResourceRoles` takes unreserved resources only.
  return app.config.acceptedResourceRoles ?? ['*'];
}

const isIn = (ranges: Bundle['ports'], port: number): boolean =>
  ranges.some(([from, to]) => port >= from && port <= to);

function anyPort(bundles: Bundle[], taken: ReadonlySet<number>, random: Random): number | undefined {
  const ranges = bundles.flatMap(({ ports }) => ports);
  const count = ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  if (count === 0) return undefined;
  let index = Math.floor(random.next() * count);
  for (let tries = 0; tries < count; tries++, index = (index + 1) % count) {
    let rest = index;
    for (const [from, to] of ranges) {
      if (rest <= to - from) {
        if (!taken.has(from + rest)) return from + rest;
        break;
      }
      rest -= to - from + 1;
    }
  }
  return undefined;
}

function portsFor(app: App, bundles: Bundle[], random: Random): number[] | undefined {
  const taken = new Set<number>();
  for (const { port: wanted } of app.config.portDefinitions ?? []) {
    const fixed = app.config.requirePorts && wanted !== 0;
    const port = fixed ? wanted : anyPort(bundles, taken, random);
    if (port === undefined || taken.has(port)) return undefined;
    if (fixed && !bundles.some(({ ports }) => isIn(ports, port))) return undefined;
    taken.add(port);
  }
  return [...taken];
}

export function matchOffer(app: App, offer: Offer, instances: Instances, random: Random): Match {
  const accepted = acceptedOf(app);
  const bundles = Object.entries(offer.resources)
    .filter(([role]) => accepted.includes(role))
    .map(([, bundle]) => bundle);
  const has = (name: 'cpus' | 'mem' | 'disk'): boolean =>
    app.config[name] === 0 ||
    bundles.some((bundle) => bundle[name] > 0 && bundle[name] + EPSILON >= app.config[name]);
  const reasons: Reason[] = [];
  if (!has('cpus')) reasons.push('InsufficientCpus');
  if (!has('mem')) reasons.push('InsufficientMemory');
  if (app.config.gpus > 0) reasons.push('InsufficientGpus');
  if (!has('disk')) reasons.push('InsufficientDisk');
  if (bundles.length === 0) reasons.push('UnfulfilledRole');
  // Marathon looks at the constraints only when the resources suffice, and at the ports last.
  if (reasons.length > 0) return { reasons };
  if (!meetsConstraints(app, instances, offer)) return { reasons: ['UnfulfilledConstraint'] };
  const ports = portsFor(app, bundles, random);
  return ports ? { ports } : { reasons: ['InsufficientPorts'] };
}

/** The offer with what a task takes left out of it. */
export function withoutTask(offer: Offer, app: App, ports: readonly number[]): Offer {
  const accepted = acceptedOf(app);
  const role = Object.keys(offer.resources).find(
    (name) => accepted.includes(name) && offer.resources[name]!.cpus + EPSILON >= app.config.cpus,
  )!;
  const { cpus, mem, disk, ports: ranges } = offer.resources[role]!;
  const left: Bundle = {
    cpus: cpus - app.config.cpus,
    mem: mem - app.config.mem,
    disk: disk - app.config.disk,
    ports: ports.reduce(withoutPort, ranges),
  };
  return { ...offer, resources: { ...offer.resources, [role]: left } };
}

function withoutPort(ranges: Bundle['ports'], port: number): Bundle['ports'] {
  return ranges.flatMap(([from, to]): Bundle['ports'] => {
    if (port < from || port > to) return [[from, to]];
    const parts: Bundle['ports'] = [];
    if (port > from) parts.push([from, port - 1]);
    if (port < to) parts.push([port + 1, to]);
    return parts;
  });
}
