// The file that `dcos` sources for completion in bash and in zsh: one function `_dcos_<command>` in `completion/bash/*.sh` of the
// plugin (dcos-cli, design/plugin.md and pkg/cmd/completion/completion.sh).
import type { HelpSource } from '../help.ts';
import functions from './functions.sh';
import { type Completable, completables } from './words.ts';

/** The text of `completion/bash/calico.sh`. */
export function bashCompletion(source: HelpSource): string {
  const cases = completables(source).flatMap(casesOf);
  const lines = cases.map(([pattern, words]) => `        "${pattern}") echo "${words.join(' ')}" ;;`);
  return `${functions}
# __dcos_calico_words KIND PLACE
__dcos_calico_words() {
    case "$1 $2" in
${lines.join('\n')}
    esac
}
`;
}

/** What needs no quotes in any shell. */
const PLAIN = /^[A-Za-z0-9._=/:-]+$/;

type Case = [pattern: string, words: string[]];

function casesOf({ path, commands, flags, args }: Completable): Case[] {
  const takers = flags.filter(({ takesValue }) => takesValue);
  const spelt = ({ name, char }: { name: string; char?: string }) => [
    `--${name}`,
    ...(char ? [`-${char}`] : []),
  ];
  const cases: Case[] = [
    [`commands ${path}`, commands.map(({ name }) => name)],
    [`flags ${path}`, flags.map(({ name, takesValue }) => `--${name}${takesValue ? '=' : ''}`)],
    [`takes ${path}`, takers.flatMap(spelt)],
    ...takers.flatMap((flag) =>
      spelt(flag).map((spelling): Case => [`values ${path} ${spelling}`, [...flag.values]]),
    ),
    ...args.map((values, index): Case => [`args ${path} ${index + 1}`, [...values]]),
  ];
  for (const word of cases.flatMap(([, words]) => words))
    if (!PLAIN.test(word)) throw new Error(`"${word}" would need quotes in a shell`);
  return cases.filter(([, words]) => words.length > 0);
}
