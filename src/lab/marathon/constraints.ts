// Whether an offer meets an app's constraints (mesosphere/marathon 1.11.24: mesosphere/mesos/Constraints.scala).
import type { Offer } from '../types.ts';
import type { App } from './app.ts';
import type { Instance, Instances } from './instances.ts';

export const OPERATORS = ['UNIQUE', 'CLUSTER', 'GROUP_BY', 'LIKE', 'MAX_PER', 'UNLIKE', 'IS'];

const patterns = new Map<string, RegExp>();

/** A Java pattern as one of ours: leading flags and quotations are written differently, the rest of common use is the same. */
function compiled(pattern: string): RegExp {
  const flags = /^\(\?([ims]+)\)/.exec(pattern);
  const rest = pattern
    .slice(flags?.[0].length ?? 0)
    .replaceAll(/\\Q(.*?)(?:\\E|$)/g, (_, quoted: string) =>
      quoted.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&'),
    );
  return new RegExp(`^(?:${rest})$`, flags?.[1] ?? '');
}

/** Java's `String.matches`: the whole of it. Throws SyntaxError for what is no pattern. */
export function matches(value: string, pattern: string): boolean {
  let known = patterns.get(pattern);
  if (!known) {
    known = compiled(pattern);
    if (patterns.size > 1000) patterns.clear();
    patterns.set(pattern, known);
  }
  return known.test(value);
}

type Values = (of: { host: string; attributes: Record<string, string | number> }) => string | undefined;

/** Numbers with up to three digits after the point, as Marathon compares them. */
function decimal(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

function reader(field: string): Values {
  if (field === 'hostname' || field === '@hostname') return ({ host }) => host;
  // The lab's agents have no fault domain.
  if (field === '@region' || field === '@zone') return () => undefined;
  return ({ attributes }) => {
    const value = attributes[field];
    return typeof value === 'number' ? decimal(value) : value;
  };
}

/** Instances of the same configuration that are placed: older ones do not count (ResourceMatcher.scala). */
function* placed(app: App, all: Iterable<Instance>): Generator<Instance> {
  for (const instance of all) {
    if (!instance.task || instance.app.version < app.lastConfigChangeAt) continue;
    if (instance.condition === 'Unreachable') continue;
    if (instance.goal === 'Running' && !countsAsPlaced(instance)) continue;
    yield instance;
  }
}

const ENDED = new Set(['Scheduled', 'Error', 'Failed', 'Finished', 'Killed', 'Gone', 'Dropped', 'Unknown']);
const countsAsPlaced = ({ condition }: Instance): boolean => !ENDED.has(condition);

function counts(app: App, instances: Instances, read: Values): Map<string | undefined, number> {
  const result = new Map<string | undefined, number>();
  for (const { task } of placed(app, instances.ofApp(app.id))) {
    const value = read(task!);
    result.set(value, (result.get(value) ?? 0) + 1);
  }
  return result;
}

function groupBy(app: App, instances: Instances, read: Values, offered: string, value: string): boolean {
  const desiredGroups = Math.max(0, Number.parseInt(value, 10) || 0);
  const current = counts(app, instances, read);
  const here = current.get(offered);
  if (here === undefined) return current.size < desiredGroups;
  const perGroup = Math.floor(app.instances / desiredGroups);
  let unused = app.instances % desiredGroups;
  for (const count of current.values()) unused -= Math.max(0, count - perGroup);
  return here < perGroup || (here === perGroup && unused > 0);
}

function unique(app: App, instances: Instances, read: Values, field: string, offer: Offer): boolean {
  if (field === 'hostname' || field === '@hostname') {
    return placed(app, instances.onHost(app.id, offer.host)).next().done === true;
  }
  return !counts(app, instances, read).has(read(offer));
}

function meets(
  app: App,
  instances: Instances,
  offer: Offer,
  [field = '', operator, value = '']: string[],
): boolean {
  const read = reader(field);
  const offered = read(offer);
  if (offered === undefined) return operator === 'UNLIKE';
  switch (operator) {
    case 'LIKE':
      return value !== '' && matches(offered, value);
    case 'UNLIKE':
      return value !== '' && !matches(offered, value);
    case 'UNIQUE':
      return unique(app, instances, read, field, offer);
    case 'GROUP_BY':
      return groupBy(app, instances, read, offered, value);
    case 'MAX_PER':
      return (counts(app, instances, read).get(offered) ?? 0) < Number(value);
    case 'CLUSTER': {
      if (value !== '') return offered === value;
      const first = placed(app, instances.ofApp(app.id)).next();
      return first.done === true || read(first.value.task!) === offered;
    }
    default:
      return offered === (/^\d+(\.\d+)?$/.test(value) ? decimal(Number(value)) : value);
  }
}

export function meetsConstraints(app: App, instances: Instances, offer: Offer): boolean {
  return app.config.constraints.every((constraint) => meets(app, instances, offer, constraint));
}
