// The page `docs/commands.md`: what `--help` says, in Markdown, from the same manifest.
import {
  argText,
  type CommandHelp,
  exitsOf,
  type FlagHelp,
  filled,
  flagName,
  flagText,
  type HelpSource,
  sharedFlag,
  usage,
} from '../cli/help.ts';

const INTRODUCTION = `# Commands

<!-- Made from the commands by scripts/docs.ts. A test fails when it is stale. -->

What each command's \`--help\` says. What every command has: \`--json\` prints one JSON document, \`-v\` shows each request and the detail
of errors, \`-h\` shows the help. Results are on standard output, everything else on standard error. Exit codes: [errors.md](errors.md).
`;

/** Flags that every command has: told once. */
const COMMON = new Set(['json', 'verbose']);

export function commandsPage(source: HelpSource): string {
  const commands = Object.values(source.commands)
    .filter(({ id, hidden }) => !hidden && id.includes(':'))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const overview = commands.map(
    ({ id, summary = '' }) => `| [\`${words(id)}\`](#${anchor(words(id))}) | ${summary} |`,
  );
  const table = ['| command | |', '|---|---|', ...overview].join('\n');
  return `${[`${INTRODUCTION}\n${table}`, ...commands.map(section)].join('\n\n')}\n`;
}

function section(command: CommandHelp): string {
  const { id, summary, description, args, flags } = command;
  const parts = [
    `## ${words(id)}`,
    sentence(summary),
    description && filled(description, id),
    fenced(usage(command, false).map((line) => line.trim())),
    ...examples(command),
    list(
      'Arguments',
      Object.values(args ?? {})
        .filter(({ hidden, description: about }) => !hidden && about)
        .map((arg) => `- \`${arg.name.toUpperCase()}\`: ${argText(arg)}`),
    ),
    list(
      'Options',
      Object.values(flags ?? {})
        .filter(({ name, hidden }) => !hidden && !COMMON.has(name))
        .map(flagLine),
    ),
    `Exit codes: ${exitsOf(command).join(', ')}`,
  ];
  return parts.filter(Boolean).join('\n\n');
}

function examples({ id, examples: given = [] }: CommandHelp): string[] {
  return given.flatMap((example) => {
    const { command, description } =
      typeof example === 'string' ? { command: example, description: undefined } : example;
    return [...(description ? [`${filled(description, id)}:`] : []), fenced([filled(command, id)])];
  });
}

function flagLine(flag: FlagHelp): string {
  return `- \`${flagName(flag)}\`: ${flagText(sharedFlag(flag))}`;
}

function list(title: string, lines: readonly string[]): string {
  return lines.length > 0 ? `${title}:\n\n${lines.join('\n')}` : '';
}

const fenced = (lines: readonly string[]): string => ['```', ...lines, '```'].join('\n');
const sentence = (text = ''): string => (text && !/[.?]$/.test(text) ? `${text}.` : text);
const words = (id: string): string => `dcos ${id.replaceAll(':', ' ')}`;
/** As GitHub makes anchors of headings. */
const anchor = (heading: string): string => heading.toLowerCase().replaceAll(' ', '-');
