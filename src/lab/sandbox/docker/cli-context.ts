// What docker's verbs share: the host, where they print, and their complaints.
import type { Call } from '../call.ts';
import type { Machine } from '../machine.ts';
import type { Engine } from './engine.ts';

export type Terminal = Pick<Call, 'out' | 'err' | 'signal'>;

export const NO_DAEMON =
  'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n';

export class Cli {
  readonly machine: Machine;
  readonly terminal: Terminal;

  constructor(machine: Machine, terminal: Terminal) {
    this.machine = machine;
    this.terminal = terminal;
  }

  get engine(): Engine {
    return this.machine.engine;
  }

  say(line: string): void {
    this.terminal.out(`${line}\n`);
  }

  noDaemon(): number {
    this.terminal.err(NO_DAEMON);
    return 1;
  }

  unknown(verb: string): number {
    this.terminal.err(`docker: '${verb}' is not a docker command.\nSee 'docker --help'\n`);
    return 1;
  }
}

/** Splits arguments into options (with values where `valued` says so) and words. */
export function split(args: readonly string[], valued: readonly string[]) {
  const options = new Map<string, string>();
  const words: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const argument = args[i]!;
    if (!argument.startsWith('-') || argument === '-') {
      words.push(argument);
      continue;
    }
    const equals = argument.indexOf('=');
    const name = equals > 0 ? argument.slice(0, equals) : argument;
    if (equals > 0) options.set(name, argument.slice(equals + 1));
    else options.set(name, valued.includes(name) ? (args[++i] ?? '') : 'true');
  }
  return { options, words };
}

export const formatOf = (options: Map<string, string>) => options.get('--format') ?? options.get('-f');

export function table(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) => row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]! + 3))).join(''))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}
