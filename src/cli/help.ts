// Help screens, in the order and the form of the DC/OS CLI (dcos-cli, design/style.md): Description, Usage, Examples, Commands, Options.
// Made from the manifest alone, so that help loads neither a command nor oclif.
import type { ExitCode } from '../errors.ts';
import { wrap } from '../view/wrap.ts';
import { COMMON_EXITS, EXIT_MEANINGS } from './exit-codes.ts';

export interface FlagHelp {
  name: string;
  char?: string;
  type: string;
  description?: string;
  summary?: string;
  helpValue?: string;
  helpGroup?: string;
  hidden?: boolean;
  required?: boolean;
  multiple?: boolean;
  allowNo?: boolean;
  default?: unknown;
  options?: readonly string[];
}

export interface ArgHelp {
  name: string;
  description?: string;
  required?: boolean;
  hidden?: boolean;
  options?: readonly string[];
}

/** What is known of a command: a part of oclif's manifest. */
export interface CommandHelp {
  id: string;
  summary?: string;
  description?: string;
  usage?: string | readonly string[];
  examples?: readonly (string | { command: string; description?: string })[];
  args?: Record<string, ArgHelp>;
  flags?: Record<string, FlagHelp>;
  hidden?: boolean;
  strict?: boolean;
  exits?: readonly ExitCode[];
}

export interface HelpSource {
  commands: Record<string, CommandHelp>;
  /** Topics that are not commands themselves, with their descriptions: `calico:lab`. */
  topics: Record<string, { description?: string }>;
}

const INDENT = '    ';
const WIDEST = 100;
const WITHOUT_TERMINAL = 80;

/** The help screen of a command or topic, ending in a line feed. */
export function helpScreen(source: HelpSource, id: string, columns: number): string {
  const width = Number.isFinite(columns) ? Math.max(40, Math.min(columns, WIDEST)) : WITHOUT_TERMINAL;
  const command = source.commands[id] ?? { id, ...topicOf(source, id) };
  const children = childrenOf(source, id);
  const isRoot = !id.includes(':');
  const sections = [
    section('Description', paragraphs(command, width)),
    section('Usage', usage(command, children.length > 0)),
    section('Examples', examples(command, width)),
    section(
      'Commands',
      children.flatMap(({ name, summary }) => [INDENT + name, ...wrap(summary, width, INDENT + INDENT)]),
    ),
    section('Options', options(command, isRoot || !source.commands[id], width)),
    section('Exit codes', exitCodes(source.commands[id], isRoot)),
  ].filter((text) => text !== undefined);
  const more = children.length ? `\nMore about a command: dcos ${words(id)} COMMAND --help\n` : '';
  return `${sections.join('\n')}${more}`;
}

function section(heading: string, lines: readonly string[]): string | undefined {
  return lines.length ? `${heading}:\n${lines.join('\n')}\n` : undefined;
}

function topicOf(source: HelpSource, id: string): { summary: string } {
  return { summary: source.topics[id]?.description ?? '' };
}

/** What is one level below: commands and topics, by name. */
function childrenOf(source: HelpSource, id: string): { name: string; summary: string }[] {
  const names = new Set(
    Object.values(source.commands)
      .filter((command) => command.id.startsWith(`${id}:`) && !command.hidden)
      .map((command) => command.id.slice(id.length + 1).split(':')[0]!),
  );
  return [...names].sort().map((name) => {
    const child = `${id}:${name}`;
    const { summary, description } = source.commands[child] ?? {
      summary: topicOf(source, child).summary,
      description: undefined,
    };
    return { name, summary: filled(firstLine(summary ?? description ?? ''), child) };
  });
}

function paragraphs(command: CommandHelp, width: number): string[] {
  const parts = [command.summary, command.description].filter((text) => text?.trim());
  return parts.flatMap((text, index) => [
    ...(index ? [''] : []),
    ...filled(text!, command.id)
      .trim()
      .split('\n')
      .flatMap((line) =>
        /^\s{2,}/.test(line) || !line ? [line ? INDENT + line : ''] : wrap(line, width, INDENT),
      ),
  ]);
}

export function usage(command: CommandHelp, hasChildren: boolean): string[] {
  if (command.usage) return [command.usage].flat().map((line) => INDENT + filled(line, command.id));
  const args = Object.values(command.args ?? {})
    .filter(({ hidden }) => !hidden)
    .map(({ name, required }) => (required ? name.toUpperCase() : `[${name.toUpperCase()}]`));
  const parts = ['dcos', words(command.id), ...(hasChildren ? ['COMMAND'] : args), '[options]'];
  return [INDENT + parts.join(' ') + (command.strict === false ? ' …' : '')];
}

function examples(command: CommandHelp, width: number): string[] {
  return (command.examples ?? []).flatMap((example) => {
    const { command: line, description } =
      typeof example === 'string' ? { command: example, description: undefined } : example;
    const shown = filled(line, command.id).replace(/^\$\s*/, '');
    return [
      INDENT + shown,
      ...(description ? wrap(filled(description, command.id), width, INDENT + INDENT) : []),
    ];
  });
}

function options(command: CommandHelp, bare: boolean, width: number): string[] {
  const flags = Object.values(command.flags ?? {}).filter(({ hidden }) => !hidden);
  const own = flags.filter(({ helpGroup }) => helpGroup !== 'GLOBAL');
  const shared = flags.filter(({ helpGroup }) => helpGroup === 'GLOBAL').map(sharedFlag);
  const args = Object.values(command.args ?? {}).filter(({ hidden, description }) => !hidden && description);
  const help: FlagHelp = { name: 'help', char: 'h', type: 'boolean', description: 'Show this help' };
  const version: FlagHelp = { name: 'version', type: 'boolean', description: 'Show the version' };
  return [
    ...args.flatMap((arg) => [
      INDENT + arg.name.toUpperCase(),
      ...wrap(argText(arg), width, INDENT + INDENT),
    ]),
    ...[...own, ...shared, help, ...(bare && command.id === 'calico' ? [version] : [])].flatMap((flag) => [
      INDENT + flagName(flag),
      ...wrap(flagText(flag), width, INDENT + INDENT),
    ]),
  ];
}

export function sharedFlag(flag: FlagHelp): FlagHelp {
  return flag.name === 'json' ? { ...flag, description: 'Print one JSON document' } : flag;
}

export function argText({ description = '', options }: ArgHelp): string {
  return description + (options ? ` (${options.join(', ')})` : '');
}

export function flagName(flag: FlagHelp): string {
  const long = flag.allowNo ? `--[no-]${flag.name}` : `--${flag.name}`;
  const name = flag.char ? `-${flag.char}, ${long}` : long;
  if (flag.type !== 'option') return name;
  return `${name} ${flag.helpValue ?? flag.name.toUpperCase().replaceAll('-', '_')}`;
}

export function flagText(flag: FlagHelp): string {
  const notes = [
    ...(flag.required ? ['required'] : []),
    ...(flag.options ? [`one of ${flag.options.join(', ')}`] : []),
    ...(flag.multiple ? ['may be given several times'] : []),
    ...(flag.type === 'option' &&
    flag.default !== undefined &&
    flag.default !== '' &&
    typeof flag.default !== 'object'
      ? [`default: ${String(flag.default)}`]
      : []),
  ];
  const text = flag.summary ?? flag.description ?? '';
  return notes.length ? `${text} (${notes.join('; ')})` : text;
}

function exitCodes(command: CommandHelp | undefined, isRoot: boolean): string[] {
  if (!command) return [];
  const all = Object.keys(EXIT_MEANINGS).map((code) => Number(code) as ExitCode);
  return (isRoot ? all : exitsOf(command))
    .sort((a, b) => a - b)
    .map((code) => `${INDENT}${String(code).padStart(3)}  ${EXIT_MEANINGS[code]}`);
}

/** Exit codes that a command can end with. */
export function exitsOf(command: CommandHelp): ExitCode[] {
  return [...new Set([...COMMON_EXITS, ...(command.exits ?? [])])].sort((a, b) => a - b);
}

const words = (id: string): string => id.replaceAll(':', ' ');
const firstLine = (text: string): string => text.split('\n')[0]!;

/** oclif's templates, as far as commands use them. */
export function filled(text: string, id: string): string {
  return text.replaceAll('<%= config.bin %>', 'dcos').replaceAll('<%= command.id %>', words(id));
}
