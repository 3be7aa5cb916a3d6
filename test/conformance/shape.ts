// Compares a recorded answer with another one: keys, types (a float is not an integer), and words, not values.

/** A number as it was written. */
export class NumberText {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  get kind(): 'float' | 'integer' {
    return /[.eE]/.test(this.text) ? 'float' : 'integer';
  }
}

/** Reads JSON and keeps how its numbers were written: `4.0` is not `4`. */
export function parseExact(text: string): unknown {
  const parse = JSON.parse as (
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ) => unknown;
  return parse(text, (_key, value, context) =>
    typeof value === 'number' ? new NumberText(context.source ?? String(value)) : value,
  );
}

export interface Rules {
  /** Keys of these objects are data, not shape: their values are compared, the names are not. */
  maps?: RegExp;
  /** Strings that must be the same word, not merely a string. */
  words?: RegExp;
  /** Only some fields were kept: others may be there. */
  excerpt?: boolean;
}

/** The differences, each as `PATH: what`; paths have `[]` for elements and no values in them. */
export function differences(recorded: unknown, other: unknown, rules: Rules = {}): string[] {
  const found = new Set<string>();
  compare([recorded], other, '', rules, found);
  return [...found];
}

/** `recorded`: all that were seen in this place; the other one has to be like one of them. */
function compare(recorded: unknown[], other: unknown, path: string, rules: Rules, found: Set<string>): void {
  const kinds = new Set(recorded.map(kindOf));
  const kind = kindOf(other);
  if (!kinds.has(kind)) {
    found.add(`${path || '/'}: recorded ${[...kinds].join(' or ')}, here ${kind}`);
    return;
  }
  const alike = recorded.filter((one) => kindOf(one) === kind);
  if (kind === 'array') compareArrays(alike as unknown[][], other as unknown[], path, rules, found);
  else if (kind === 'object') compareObjects(alike as Fields[], other as Fields, path, rules, found);
  else if (kind === 'string' && rules.words?.test(path) && !alike.includes(other)) {
    found.add(`${path}: recorded ${alike.map((one) => `"${one}"`).join(' or ')}, here "${other}"`);
  }
}

type Fields = Record<string, unknown>;

function compareArrays(
  recorded: unknown[][],
  other: unknown[],
  path: string,
  rules: Rules,
  found: Set<string>,
) {
  const elements = recorded.flat();
  // Whether there are any is the situation's matter; where there are some they must look alike.
  if (elements.length === 0 && other.length > 0) found.add(`${path}: recorded empty, here not`);
  if (recorded.every((one) => one.length > 0) && other.length === 0)
    found.add(`${path}: recorded not empty, here empty`);
  if (elements.length === 0) return;
  for (const element of other) compare(elements, element, `${path}[]`, rules, found);
}

function compareObjects(recorded: Fields[], other: Fields, path: string, rules: Rules, found: Set<string>) {
  if (rules.maps?.test(path)) {
    const values = recorded.flatMap(Object.values);
    if (values.length > 0)
      for (const value of Object.values(other)) compare(values, value, `${path}/*`, rules, found);
    return;
  }
  for (const key of Object.keys(other)) {
    const seen = recorded.filter((one) => key in one).map((one) => one[key]);
    if (seen.length === 0) {
      if (!rules.excerpt) found.add(`${path}/${key}: not recorded`);
    } else compare(seen, other[key], `${path}/${key}`, rules, found);
  }
  for (const key of Object.keys(recorded[0]!)) {
    if (recorded.every((one) => key in one) && !(key in other)) found.add(`${path}/${key}: missing`);
  }
}

function kindOf(value: unknown): string {
  if (value instanceof NumberText) return value.kind;
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  return typeof value;
}
