// What can be completed, taken from the manifest: the same for every shell.
import type { CommandHelp, FlagHelp, HelpSource } from '../help.ts';

export interface Choice {
  name: string;
  /** Its summary, for shells that show one. */
  about: string;
}

export interface FlagWords {
  /** Without its dashes. */
  name: string;
  char?: string;
  about: string;
  takesValue: boolean;
  /** Of one that takes one of these. */
  values: readonly string[];
}

/** What can stand behind the words of a command or topic. */
export interface Completable {
  /** `calico lab start`. */
  path: string;
  commands: Choice[];
  flags: FlagWords[];
  /** By position: the values that an argument can have; empty where nobody knows them beforehand. */
  args: (readonly string[])[];
}

/** The root, every topic and every command, by their words. */
export function completables({ commands, topics }: HelpSource): Completable[] {
  const ids = new Set<string>();
  for (const { id, hidden } of Object.values(commands)) {
    if (hidden) continue;
    id.split(':').forEach((_, index, parts) => {
      ids.add(parts.slice(0, index + 1).join(':'));
    });
  }
  const about = (id: string) =>
    firstLine(commands[id]?.summary ?? topics[id]?.description ?? commands[id]?.description ?? '');
  return [...ids].sort().map((id) => ({
    path: id.replaceAll(':', ' '),
    commands: [...ids]
      .filter((other) => other.startsWith(`${id}:`) && !other.slice(id.length + 1).includes(':'))
      .sort()
      .map((other) => ({ name: other.slice(id.length + 1), about: about(other) })),
    flags: flagsOf(commands[id], id),
    args: Object.values(commands[id]?.args ?? {})
      .filter(({ hidden }) => !hidden)
      .map(({ options }) => options ?? []),
  }));
}

function flagsOf(command: CommandHelp | undefined, id: string): FlagWords[] {
  const own = Object.values(command?.flags ?? {})
    .filter(({ hidden }) => !hidden)
    .map(flagWords);
  const common = [{ name: 'help', char: 'h', about: 'Show this help', takesValue: false, values: [] }];
  const version = { name: 'version', about: 'Show the version', takesValue: false, values: [] };
  return [...own, ...common, ...(id.includes(':') ? [] : [version])];
}

function flagWords({ name, char, type, description, summary, options }: FlagHelp): FlagWords {
  return {
    name,
    ...(char && { char }),
    about: name === 'json' ? 'Print one JSON document' : firstLine(summary ?? description ?? ''),
    takesValue: type === 'option',
    values: options ?? [],
  };
}

const firstLine = (text: string): string => text.split('\n')[0]!;
