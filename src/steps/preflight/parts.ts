// Cuts Python texts into the statements of their top level, so that the preflight can run the steps' own looking code, word for word,
// and nothing that changes a host goes with it.

export interface Part {
  text: string;
  /** What it defines. */
  names: readonly string[];
  /** The names that it refers to. */
  words: ReadonlySet<string>;
}

const LIST = String.raw`\w+(?:, \w+)*`;

/** Names that a function has of its own: what it is given, and what it assigns. */
function localsOf(code: string): string[] {
  const lists = [
    /^def \w+\(([^)]*)\)/m,
    new RegExp(String.raw`^\s+(${LIST})(?:, )? [-+|]?= `, 'gm'),
    new RegExp(String.raw`\bfor \(?(${LIST})`, 'g'),
    /\bas (\w+)/g,
    /\blambda ([^:]*):/g,
  ].flatMap((pattern) => [...code.matchAll(new RegExp(pattern, `${pattern.flags.replace('g', '')}g`))]);
  const globals = [...code.matchAll(/^\s+global (.+)$/gm)].flatMap(([, names]) => names!.split(', '));
  return lists
    .flatMap(([, names]) => names!.split(',').map((name) => name.trim().replace(/^\*+|\s*=.*$/g, '')))
    .filter((name) => !globals.includes(name));
}

/** The names that a text refers to, but for its own: without strings, comments and what follows a dot. */
export function wordsOf(text: string): Set<string> {
  const code = text
    .replace(/"""[\s\S]*?"""/g, '')
    .replace(/'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"/g, "''")
    .replace(/#.*$/gm, '');
  const words = new Set(code.replace(/\.\s*[A-Za-z_]\w*/g, '').match(/[A-Za-z_]\w*/g));
  if (/^(?:#.*\n|\n)*def /.test(code)) for (const name of localsOf(code)) words.delete(name);
  return words;
}

function namesOf(text: string): string[] {
  const line = text.split('\n').find((each) => !each.startsWith('#')) ?? '';
  const list = (names: string) => names.split(',').map((name) => name.trim());
  const defined = /^(?:def|class) (\w+)/.exec(line);
  if (defined) return [defined[1]!];
  const others = /^(?:from \w+ )?import (.+)$/.exec(line) ?? /^([\w, ]+?) = /.exec(line);
  return others ? list(others[1]!) : [];
}

/** The statements of a text in their order; a comment goes with what follows it at once. */
export function partsOf(source: string): Part[] {
  const texts: string[] = [];
  let comment = '';
  for (const line of source.split('\n')) {
    if (line.startsWith('#')) {
      comment += `${line}\n`;
      continue;
    }
    if (/^[A-Za-z_@]/.test(line)) texts.push(comment + line);
    else if (line !== '' && texts.length > 0) texts.push(`${texts.pop()}\n${line}`);
    comment = '';
  }
  return texts.map((text) => ({ text, names: namesOf(text), words: wordsOf(text) }));
}

/**
 * Parts that several programs have in common, word for word, and that mean the same in each: they refer to nothing that only one
 * has, and do not depend on whose program it is (`STEP`, outside of functions).
 */
export function sharedParts(programs: readonly (readonly Part[])[]): Set<string> {
  const count = new Map<string, number>();
  for (const parts of programs) for (const { text } of parts) count.set(text, (count.get(text) ?? 0) + 1);
  const fixed = ({ text, names, words }: Part) =>
    !/^(?:#.*\n)*(?:def|class|import|from) /.test(text) && words.has('STEP') && !names.includes('STEP');
  const all = new Map(programs.flat().map((part) => [part.text, part]));
  const shared = new Set(
    [...all.values()].filter((part) => count.get(part.text)! > 1 && !fixed(part)).map(({ text }) => text),
  );
  for (let changed = true; changed; ) {
    changed = false;
    const own = new Set(
      [...all.values()].filter(({ text }) => !shared.has(text)).flatMap(({ names }) => names),
    );
    for (const text of shared) {
      if (![...all.get(text)!.words].some((word) => own.has(word))) continue;
      shared.delete(text);
      changed = true;
    }
  }
  return shared;
}

/**
 * The parts that `roots` need, in their order, with every word of theirs that none of the parts defines.
 *
 * @param without names that are never taken, whoever needs them
 */
export function take(
  parts: readonly Part[],
  roots: Iterable<string>,
  without: ReadonlySet<string>,
): { text: string; needs: ReadonlySet<string> } {
  const byName = new Map<string, Part[]>();
  for (const part of parts)
    for (const name of part.names)
      if (!without.has(name)) byName.set(name, [...(byName.get(name) ?? []), part]);
  const taken = new Set<Part>();
  const needs = new Set<string>();
  const seen = new Set<string>();
  const open = [...roots];
  while (open.length > 0) {
    const name = open.pop()!;
    if (seen.has(name)) continue;
    seen.add(name);
    const found = byName.get(name) ?? [];
    if (found.length === 0) needs.add(name);
    for (const part of found) {
      if (taken.has(part)) continue;
      taken.add(part);
      open.push(...part.words);
    }
  }
  const texts = parts.filter((part) => taken.has(part)).map(({ text }) => text);
  return { text: texts.length > 0 ? `${texts.join('\n\n')}\n` : '', needs };
}
