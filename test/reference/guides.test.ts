// What the guides say against what there is: commands, flags, options, links, and the sentences of troubleshooting.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { helpSource } from '../../scripts/manifest.ts';
import { dispatch } from '../../src/cli/dispatch.ts';
import { ALL_OPTIONS } from '../../src/options/paths.ts';

const root = join(import.meta.dirname, '../..');
const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const textOf = (page: string) => readFileSync(join(root, page), 'utf8');
const source = helpSource();

/** Lines of a shell that call `dcos calico`, whole; of inline code only what is complete in itself. */
function commandsOf(page: string): string[] {
  const found: string[] = [];
  let fenced = false;
  for (const line of textOf(page).split('\n')) {
    if (line.startsWith('```')) fenced = !fenced;
    else if (fenced) {
      const call = /^\s*(?:\$ |eval "\$\()?(dcos calico .*)$/.exec(line)?.[1];
      if (call) found.push(call.replace(/\)"$/, ''));
    } else for (const [, call] of line.matchAll(/`(dcos calico [^`]+)`/g)) found.push(call!);
  }
  return found;
}

/** A shell's words: quotes group, a comment ends. */
function wordsOf(line: string): string[] {
  const plain = line.replace(/\s#.*$| [|>] .*$| \[options\]$/g, '').replace(/\[([A-Z]+)\]/g, '$1');
  const words = [...plain.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)];
  return words.map(([, single, double, plain]) => single ?? double ?? plain!);
}

function problemOf(line: string): string | undefined {
  const argv = wordsOf(line).slice(1);
  // COMMAND and WORD stand for any.
  if (/\b(COMMAND|WORD)\b/.test(line)) return undefined;
  const asked = dispatch(argv, Object.keys(source.commands));
  if (asked.kind === 'unknown') return `there is no command ${asked.word}`;
  if (asked.kind !== 'command') return undefined;
  const { flags = {}, args = {} } = source.commands[asked.id]!;
  const known = Object.values(flags);
  let positions = 0;
  for (let index = 0; index < asked.argv.length; index++) {
    const word = asked.argv[index]!;
    const [name, value] = word.split('=', 2) as [string, string | undefined];
    if (!word.startsWith('-') || word === '-') {
      positions++;
      continue;
    }
    if (/^-v+$/.test(word)) continue;
    const flag = known.find((one) => name === `--${one.name}` || name === `-${one.char}`);
    if (!flag) return `it has no flag ${name}`;
    if (flag.type !== 'option') continue;
    // The one flag whose value may be left out.
    if (value === undefined && flag.name === 'wait') {
      if (/^\d/.test(asked.argv[index + 1] ?? '')) index++;
      continue;
    }
    const given = value ?? asked.argv[++index];
    if (given === undefined) return `${name} needs a value`;
    if (flag.options && !flag.options.includes(given) && !/^[A-Z]+$/.test(given))
      return `${name} cannot be ${given}`;
  }
  const required = Object.values(args).filter((arg) => arg.required).length;
  const most = Object.keys(args).length;
  if (positions > most) return `it takes ${most} arguments`;
  if (positions < required && !line.endsWith('…'))
    return isMention(asked.argv) ? undefined : 'an argument is missing';
  return undefined;
}

/** The bare name of a command, in a sentence about it. */
const isMention = (argv: readonly string[]) => argv.length === 0;

test('every call of dcos calico in the guides is one that there is', () => {
  const wrong = pages.flatMap((page) =>
    commandsOf(page).flatMap((line) => {
      const problem = problemOf(line);
      return problem ? [`${page}: ${line}: ${problem}`] : [];
    }),
  );
  assert.deepEqual(wrong, []);
  assert.ok(pages.flatMap(commandsOf).length > 80);
});

test('a call that there is not is found', () => {
  assert.match(problemOf('dcos calico statsu')!, /no command/);
  assert.match(problemOf('dcos calico status --al')!, /no flag/);
  assert.match(problemOf('dcos calico logs 10.0.1.1')!, /missing/);
  assert.match(problemOf('dcos calico lab start --dcos 3.0')!, /cannot be/);
  assert.equal(problemOf('dcos calico status 10.0.1.1 --wait 10m --json   # all'), undefined);
});

test('every option that a guide names is one', () => {
  const names = new Set(ALL_OPTIONS.map(({ path }) => path));
  const sections = [...new Set([...names].map((name) => name.split('.')[0]!))].join('|');
  const wrong = pages.flatMap((page) =>
    [...textOf(page).matchAll(new RegExp(`(?:\`|--set '?)((?:${sections})\\.[a-z0-9.-]+)`, 'g'))]
      .map(([, name]) => name!)
      .filter((name) => ![...names].some((one) => one === name || one.startsWith(`${name}.`)))
      .map((name) => `${page}: ${name}`),
  );
  assert.deepEqual(
    wrong.filter((one) => !/: docker\.(service|sock)$/.test(one)),
    [],
  );
});

test('links lead somewhere', () => {
  const anchorsOf = (page: string) =>
    [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
      heading!
        .toLowerCase()
        .replace(/[^\w\- ]/g, '')
        .replaceAll(' ', '-'),
    );
  const wrong = pages.flatMap((page) =>
    [...textOf(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]*))?\)/g)].flatMap(([, path, anchor]) => {
      const target = path ? join(dirname(page), path) : page;
      try {
        textOf(target);
      } catch {
        return [`${page}: ${path} is not there`];
      }
      return anchor && target.endsWith('.md') && !anchorsOf(target).includes(anchor)
        ? [`${page}: ${path}#${anchor} is not there`]
        : [];
    }),
  );
  assert.deepEqual(wrong, []);
});

test('every page of docs is reached from another', () => {
  const linked = new Set(
    pages.flatMap((page) =>
      [...textOf(page).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path]) => join(dirname(page), path!)),
    ),
  );
  const lonely = pages.filter((page) => page !== 'README.md' && !linked.has(page));
  assert.deepEqual(
    lonely.filter((page) => !ENTRANCES.has(page)),
    [],
  );
});

/** Linked from the README. */
const ENTRANCES = new Set(['docs/commands.md', 'docs/getting-started.md', 'docs/manual-install.md']);

test('apps in the guides are JSON, each in the form of its Marathon', () => {
  for (const page of pages)
    for (const [, block] of textOf(page).matchAll(/```json\n([\s\S]*?)\n```/g)) {
      const app = JSON.parse(block!) as { id: string; networks?: unknown; ipAddress?: unknown };
      assert.match(app.id, /^\//, page);
      assert.ok((app.networks === undefined) !== (app.ipAddress === undefined), `${page}: ${app.id}`);
    }
});

test('the sentences of troubleshooting are those that are printed', () => {
  const texts = ['src/steps', 'src/status', 'src/plan']
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && /\.(py|sh|ts)$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8').replaceAll("\\'", "'"))
    .join('\n');
  const headings = [...textOf('docs/troubleshooting.md').matchAll(/^### (.*)$/gm)].map(
    ([, heading]) => heading!,
  );
  assert.ok(headings.length > 35);
  const wrong = headings.flatMap((heading) =>
    heading
      .replace(/^(no room|not covered|unreachable|inactive|no report): /, '')
      .split(/[A-Z]{2,}\b|(?<=\w), (?=draining)|90 s|\/run\/\S+\.sock/)
      .map((part) => part.replace(/^[\s/:)]+|[\s(:]+$/g, ''))
      .filter((part) => part.length > 3 && !texts.includes(part))
      .map((part) => `${heading}: "${part}"`),
  );
  assert.deepEqual(wrong, []);
});
