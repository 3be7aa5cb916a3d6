// Completion for fish. `dcos` itself has none for it (dcos-cli, pkg/cmd/completion: bash and zsh): the file is to be put where
// fish looks for that of `dcos`.
import type { HelpSource } from '../help.ts';
import { type Completable, completables } from './words.ts';

const HEAD = `# Completion of \`dcos calico\` in fish. Made from the commands by scripts/docs.ts; a test fails when it is stale.
# The DC/OS CLI has no completion for fish: put this file at ~/.config/fish/completions/dcos.fish, or source it from there.

# Whether the words so far are those of a command (\`calico lab start\`), with so many arguments behind it.
function __dcos_calico_at
    set -l wanted (string split ' ' -- $argv[1])
    set -l place
    set -l skip 0
    set -l rest 0
    for word in (commandline -opc)[2..-1]
        if test $skip = 1
            set skip 0
        else if string match -q -- '-*' $word
            __dcos_calico_takes $word (string join ' ' -- $place); and set skip 1
        else if test $rest = 0; and __dcos_calico_is_command (string join ' ' -- $place $word)
            set place $place $word
        else
            set rest (math $rest + 1)
        end
    end
    test "$place" = "$wanted"; and begin
        test (count $argv) -lt 2; or test $rest = $argv[2]
    end
end
`;

/** The text of `completion/fish/calico.fish`. */
export function fishCompletion(source: HelpSource): string {
  const all = completables(source);
  const takers = all.flatMap(({ path, flags }) =>
    flags
      .filter(({ takesValue }) => takesValue)
      .flatMap(({ name, char }) => [`'--${name} ${path}'`, ...(char ? [`'-${char} ${path}'`] : [])]),
  );
  return `${HEAD}
function __dcos_calico_takes
    contains -- "$argv[1] $argv[2]" ${takers.join(' ')}
end

function __dcos_calico_is_command
    contains -- $argv[1] ${all.map(({ path }) => `'${path}'`).join(' ')}
end

complete -c dcos -n __fish_use_subcommand -f -a calico -d ${quoted(all[0]!.path === 'calico' ? rootAbout(source) : '')}
${all.flatMap(linesOf).join('\n')}
`;
}

const rootAbout = ({ commands }: HelpSource) => commands.calico?.summary ?? '';

function linesOf({ path, commands, flags, args }: Completable): string[] {
  const at = `complete -c dcos -n "__dcos_calico_at '${path}'"`;
  return [
    ...commands.map(
      ({ name, about }) =>
        `complete -c dcos -n "__dcos_calico_at '${path}' 0" -f -a ${name} -d ${quoted(about)}`,
    ),
    ...args.flatMap((values, index) =>
      values.length > 0
        ? [`complete -c dcos -n "__dcos_calico_at '${path}' ${index}" -f -a ${quoted(values.join(' '))}`]
        : [],
    ),
    ...flags.map(({ name, char, about, takesValue, values }) =>
      [
        at,
        `-l ${name}`,
        ...(char ? [`-s ${char}`] : []),
        ...(values.length > 0 ? [`-x -a ${quoted(values.join(' '))}`] : takesValue ? ['-r'] : ['-f']),
        `-d ${quoted(about)}`,
      ].join(' '),
    ),
  ];
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
