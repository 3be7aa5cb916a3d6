import { ALL_OPTIONS, valueAt } from './paths.ts';
import type { Options } from './types.ts';

export interface OptionDifference {
  /** `node.ipip` */
  path: string;
  before: unknown;
  after: unknown;
}

/** The options that differ, in the order of the schema. Lists are compared as a whole, in their order. */
export function differences(before: Options, after: Options): OptionDifference[] {
  return ALL_OPTIONS.flatMap(({ path }) => {
    const a = valueAt(before, path);
    const b = valueAt(after, path);
    return sameValue(a, b) ? [] : [{ path, before: a, after: b }];
  });
}

/** Whether two values of one option are the same: keys of objects in any order. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return Object.is(a, b);
  const keysOfA = Object.keys(a);
  return (
    Array.isArray(a) === Array.isArray(b) &&
    keysOfA.length === Object.keys(b).length &&
    keysOfA.every(
      (key) => Object.hasOwn(b, key) && sameValue(a[key as keyof typeof a], b[key as keyof typeof b]),
    )
  );
}
