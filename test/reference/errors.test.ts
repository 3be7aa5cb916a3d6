// The catalogue of errors against the sources: every code that an error can have is in it, with its exit code, and no other.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { test } from 'node:test';
import { EXIT } from '../../src/errors.ts';
import { ERROR_SECTIONS } from '../../src/reference/errors/catalogue.ts';
import { OPTION_PROBLEMS } from '../../src/reference/errors/options.ts';

const root = join(import.meta.dirname, '../..');
const sources = ['src', 'commands']
  .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
  .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
  .sort();

/** Codes of something else than an error that the program ends with. */
const OTHER_CODES = [
  /^src\/checks\//, // findings of preflight: docs/checks.md
  /^src\/status\/notes\.ts$/, // notes below the table
  /^src\/reference\//,
  /^src\/lab\/(?!control\/|hosts\/)/, // what the lab's own servers and stand-ins answer
];

interface Used {
  code: string;
  /** `failed` where the source names none. */
  exit: string;
  file: string;
}

/** Each `code: '…'` with the exit code that stands beside it: at the same indentation, or on the same line. */
function codesOf(file: string): Used[] {
  const lines = readFileSync(join(root, file), 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    const found = /^(\s*)(.*?)\bcode: (['`])([a-z0-9-]+)(?:\$\{(\w+)\})?\3/.exec(line);
    if (!found) return [];
    const [, indent, before, , text, variable] = found as unknown as string[];
    const block = before === '' ? beside(lines, index, indent!.length) : line;
    const exit = /\bexit: (?:EXIT\.(\w+)|1\b)/.exec(block);
    const codes = variable ? VARIABLES[variable]!.map((value) => text + value) : [text!];
    return codes.map((code) => ({ code, exit: exit ? (exit[1] ?? 'failed') : 'failed', file }));
  });
}

/** Values of the variables that a code may be made with. */
const VARIABLES: Record<string, string[]> = { status: ['502', '503', '504'] };

function beside(lines: string[], at: number, indent: number): string {
  const same = [];
  for (let index = at; index < lines.length; index++) {
    const line = lines[index]!;
    const own = line.search(/\S/);
    if (own >= 0 && own < indent) break;
    if (own === indent) same.push(line);
  }
  return same.join('\n');
}

const isOptionProblem = (file: string, code: string) =>
  file.startsWith('src/options/') && Object.hasOwn(OPTION_PROBLEMS, code);
const used = sources.filter((file) => !OTHER_CODES.some((other) => other.test(file))).flatMap(codesOf);
const catalogue = new Map(ERROR_SECTIONS.flatMap(({ entries }) => Object.entries(entries)));

test('every code of the sources is in the catalogue', () => {
  const unknown = used.filter(({ file, code }) => !isOptionProblem(file, code) && !catalogue.has(code));
  assert.deepEqual(
    unknown.map(({ file, code }) => `${file}: ${code}`),
    [],
    'explain it in src/reference/errors/, then npm run docs',
  );
});

test('the catalogue has no code that the sources do not', () => {
  const there = new Set(used.map(({ code }) => code));
  // The one that a redirect or a leader's change makes of a choice.
  const chosen = readFileSync(join(root, 'src/dcos/redirects.ts'), 'utf8');
  const unused = [...catalogue.keys(), ...Object.keys(OPTION_PROBLEMS)].filter(
    (code) => !there.has(code) && !chosen.includes(`'${code}'`) && !CHOSEN.has(code),
  );
  assert.deepEqual(unused, []);
});

/** Codes that a source writes in another form than `code: '…'`: a choice between two. */
const CHOSEN = new Set(['wrong-type']);

test('exit codes are those of the sources', () => {
  const names = new Map<string, number>(Object.entries(EXIT));
  const found = new Map<string, Set<number>>();
  for (const { file, code, exit } of used) {
    if (isOptionProblem(file, code)) continue;
    const exits = found.get(code) ?? new Set();
    // Errors of the command line get theirs in one place for all.
    exits.add(file === 'src/cli/usage-errors.ts' ? EXIT.usage : names.get(exit)!);
    found.set(code, exits);
  }
  const told = (exits: Iterable<number>) => [...exits].sort((a, b) => a - b).join(', ');
  const wrong = [...found].filter(([code, exits]) => told(catalogue.get(code)!.exits) !== told(exits));
  assert.deepEqual(
    wrong.map(([code, exits]) => `${code}: the sources exit with ${told(exits)}`),
    [],
  );
});

test('each entry is whole, and in the words of the house', () => {
  for (const [code, { what, why, todo, exits }] of catalogue) {
    assert.match(code, /^[a-z]+(-[a-z0-9]+)*$/);
    for (const text of [why, todo]) assert.match(text, /\.$/, `${code}: ${text}`);
    assert.doesNotMatch(what, /\.$/, code);
    assert.ok(exits.length > 0);
    for (const text of [what, why, todo]) assert.doesNotMatch(text, /please|!/i, code);
  }
});
