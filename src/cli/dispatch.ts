// Which command a command line means. oclif joins words by colons and says so in its errors; here words stay words.
import { nearest } from '../options/names.ts';

export type Dispatch =
  | { kind: 'command'; id: string; argv: string[] }
  /** `id` is a command or a topic. */
  | { kind: 'help'; id: string }
  | { kind: 'version' }
  /** `below`: what was understood, `word`: what was not, `meant`: the id that comes nearest. */
  | { kind: 'unknown'; below: string; word: string; meant?: string };

const ROOT = 'calico';
/** Flags of every command, which may stand before its name. */
const BEFORE = /^(-v+|--verbose|--json|-y|--yes)$/;

/** Decides about a command line without the program's name. Ids are joined by colons: `calico:lab:start`. */
export function dispatch(argv: readonly string[], commands: readonly string[]): Dispatch {
  const rest = argv[0] === ROOT ? argv.slice(1) : [...argv];
  const before: string[] = [];
  while (rest[0] !== undefined && BEFORE.test(rest[0])) before.push(rest.shift()!);
  if (rest[0] === '--version') return { kind: 'version' };

  const end = rest.indexOf('--');
  const options = end < 0 ? rest : rest.slice(0, end);
  const askedByFlag = options.includes('--help') || options.includes('-h');
  const askedByWord = rest[0] === 'help';
  if (askedByWord) rest.shift();
  const words: string[] = [];
  for (const word of rest) {
    if (word.startsWith('-')) break;
    words.push(word);
  }
  const help = askedByFlag || askedByWord;

  const topics = new Set(commands.flatMap((id) => prefixes(id)));
  let id = ROOT;
  let used = 0;
  while (used < words.length) {
    const next = `${id}:${words[used]}`;
    if (!commands.includes(next) && !topics.has(next)) break;
    id = next;
    used++;
  }
  const isCommand = commands.includes(id) && id !== ROOT;
  const word = words[used];
  if (word !== undefined && (!isCommand || askedByWord)) {
    const below = commands.filter((other) => other.startsWith(`${id}:`));
    const names = [...new Set(below.map((other) => other.slice(id.length + 1).split(':')[0]!))];
    const near = nearest(word, names);
    return { kind: 'unknown', below: id, word, ...(near ? { meant: `${id}:${near}` } : {}) };
  }
  if (help || !isCommand) return { kind: 'help', id };
  return { kind: 'command', id, argv: [...rest.slice(used), ...before] };
}

function prefixes(id: string): string[] {
  const parts = id.split(':');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join(':'));
}
