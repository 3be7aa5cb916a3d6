// Options files of the Universe package `calico`: taken as they are, whole or mixed with our own names.
import { sameValue } from './differences.ts';
import { nearest } from './names.ts';
import { setAt, valueAt } from './paths.ts';
import { type OptionProblem, shown } from './problems.ts';
import { type Fate, NAMES_IN_OUR_SECTIONS, OWN_DEFAULT_REASON, UNIVERSE_GROUPS } from './universe-names.ts';

export interface Conversion {
  /** The document in our names. What is not known of either stays where it is, for validation to name. */
  document: Record<string, unknown>;
  /** Whether anything was in the package's names. */
  universe: boolean;
  /** Where an option stood in the file, by its path here: `etcd.run-proxy` → `Etcd Settings.run-proxy`. */
  origins: Map<string, string>;
  /** The options of the file that have no counterpart, each with the reason. */
  notUsed: { path: string; because: string }[];
  /** What to know of those that have one. */
  notes: { path: string; note: string }[];
  /** Names that the package does not have either, and values that contradict ours. */
  problems: OptionProblem[];
}

const OUR_IMAGES = ['node.override-node-image', 'libnetwork.override-libnetwork-image'];

/** Converts what is in the package's names. Looks at names and at equal values only: types are the schema's to judge. */
export function fromUniverse(source: Record<string, unknown>): Conversion {
  const conversion: Conversion = {
    document: {},
    universe: false,
    origins: new Map(),
    notUsed: [],
    notes: [],
    problems: [],
  };
  const converted: { path: string; from: string; value: unknown }[] = [];

  function take(from: string, value: unknown, fate: Fate): void {
    conversion.universe = true;
    if ('because' in fate) conversion.notUsed.push({ path: from, because: fate.because });
    else if (fate.unlessDefault?.includes(value as string)) {
      conversion.notUsed.push({ path: from, because: OWN_DEFAULT_REASON });
    } else if (value === '' && fate.to.some((path) => OUR_IMAGES.includes(path))) {
      // The package's way to say that nothing is overridden.
    } else {
      if (fate.note) conversion.notes.push({ path: from, note: fate.note });
      for (const path of fate.to) converted.push({ path, from, value });
    }
  }

  for (const [name, section] of Object.entries(source)) {
    const group = Object.hasOwn(UNIVERSE_GROUPS, name) ? UNIVERSE_GROUPS[name] : undefined;
    const ours = Object.hasOwn(NAMES_IN_OUR_SECTIONS, name) ? NAMES_IN_OUR_SECTIONS[name]! : {};
    if (!isObject(section)) {
      // The package's schema lets a group be empty: `"resource-overrides": null`.
      if (group && section !== null) conversion.problems.push(notAnObject(name));
      else if (!group) define(conversion.document, name, section);
      if (group) conversion.universe = true;
      continue;
    }
    if (group) conversion.universe = true;
    const rest: Record<string, unknown> = {};
    for (const [key, value] of Object.entries(section)) {
      const fate = (group ?? ours)[key];
      if (fate && Object.hasOwn(group ?? ours, key)) take(`${name}.${key}`, value, fate);
      else if (group) conversion.problems.push(unknownInGroup(name, key, Object.keys(group)));
      else define(rest, key, emptyImage(name, key, value) ? undefined : value);
    }
    if (!group) define(conversion.document, name, withoutUndefined(rest));
  }

  for (const { path, from, value } of converted) {
    const existing = valueAt(conversion.document, path);
    const other = conversion.origins.get(path) ?? path;
    if (existing !== undefined && !sameValue(existing, value)) {
      conversion.problems.push({
        level: 'error',
        code: 'given-twice',
        path: from,
        others: [other],
        what: `${from} and ${other} are the same option with different values`,
        remedy: `Leave ${from} out`,
      });
    } else if (existing === undefined && isObject(valueAt(conversion.document, path.split('.')[0]!) ?? {})) {
      setAt(conversion.document, path, value);
      conversion.origins.set(path, from);
    }
  }
  return conversion;
}

/** The warnings that a conversion leaves: nothing is dropped in silence. */
export function conversionWarnings(conversion: Conversion): OptionProblem[] {
  return [
    ...conversion.notUsed.map(
      ({ path, because }): OptionProblem => ({
        level: 'warning',
        code: 'not-used',
        path,
        what: `Not used, because ${because}`,
      }),
    ),
    ...conversion.notes.map(
      ({ path, note }): OptionProblem => ({
        level: 'warning',
        code: 'converted',
        path,
        what: sentence(note),
      }),
    ),
  ];
}

const sentence = (note: string): string => note.charAt(0).toUpperCase() + note.slice(1);

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

// Not by assignment: a key `__proto__` would vanish instead of being an unknown one.
function define(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, writable: true, configurable: true });
}

function emptyImage(section: string, key: string, value: unknown): boolean {
  return value === '' && OUR_IMAGES.includes(`${section}.${key}`);
}

function withoutUndefined(section: Record<string, unknown>): Record<string, unknown> {
  for (const key of Object.keys(section)) if (section[key] === undefined) delete section[key];
  return section;
}

function notAnObject(name: string): OptionProblem {
  return {
    level: 'error',
    code: 'wrong-type',
    path: name,
    what: `The group "${name}" of the Universe package is not an object`,
  };
}

function unknownInGroup(group: string, key: string, known: string[]): OptionProblem {
  const near = nearest(key, known);
  return {
    level: 'error',
    code: 'unknown-option',
    path: shown(`${group}.${key}`, 120),
    what: 'The Universe package has no option of this name',
    ...(near && { nearest: `${group}.${near}` }),
  };
}
