// The options of `docker run` and `docker create`.
import { readFileSync } from 'node:fs';
import type { Machine } from '../machine.ts';
import type { RunOptions } from './container.ts';

const FLAGS = new Set([
  ...[
    '--detach',
    '-d',
    '--rm',
    '--privileged',
    '--interactive',
    '-i',
    '--tty',
    '-t',
    '--init',
    '--read-only',
    '--no-healthcheck',
  ],
  ...['--oom-kill-disable', '--publish-all', '-P', '--sig-proxy', '--disable-content-trust', '--quiet', '-q'],
]);

export interface RunRequest {
  options: RunOptions;
  detach: boolean;
  pull: string;
}

export class UsageError extends Error {}

function bytes(text: string): number {
  const match = /^([\d.]+)\s*([bkmg])?b?$/i.exec(text);
  if (!match)
    throw new UsageError(`invalid argument "${text}" for "-m, --memory" flag: invalid size: '${text}'`);
  return Math.round(Number(match[1]) * 1024 ** 'bkmg'.indexOf((match[2] ?? 'b').toLowerCase()));
}

/** Parses what follows `docker run`. Throws `UsageError` with docker's message. */
export function parseRun(machine: Machine, args: readonly string[]): RunRequest {
  const options: RunOptions = {
    name: '',
    image: '',
    command: [],
    env: [],
    binds: [],
    labels: {},
    network: 'default',
    privileged: false,
    restart: 'no',
    remove: false,
    memory: 0,
    cpuShares: 0,
  };
  let detach = false;
  let pull = 'missing';
  let i = 0;
  for (; i < args.length; i++) {
    const argument = args[i]!;
    if (!argument.startsWith('-')) break;
    if (argument === '--') {
      i++;
      break;
    }
    const equals = argument.startsWith('--') ? argument.indexOf('=') : -1;
    const name = equals > 0 ? argument.slice(0, equals) : argument;
    if (FLAGS.has(name) || /^-[dit]+$/.test(name)) {
      if (equals > 0 && argument.slice(equals + 1) === 'false') continue;
      if (name === '--rm') options.remove = true;
      if (name === '--privileged') options.privileged = true;
      if (name === '--detach' || /^-[it]*d/.test(name)) detach = true;
      continue;
    }
    const short = /^-[a-z]./.test(argument) && !argument.startsWith('--');
    const value = equals > 0 ? argument.slice(equals + 1) : short ? argument.slice(2) : args[++i];
    if (value === undefined) throw new UsageError(`flag needs an argument: ${name}`);
    switch (short ? argument.slice(0, 2) : name) {
      case '--name':
        options.name = value;
        break;
      case '-e':
      case '--env':
        options.env.push(value.includes('=') ? value : `${value}=`);
        break;
      case '--env-file': {
        const path = machine.path(machine.hostPath(value));
        let text: string;
        try {
          text = readFileSync(path, 'utf8');
        } catch {
          throw new UsageError(`open ${value}: no such file or directory`);
        }
        for (const line of text.split('\n')) {
          if (line.trim() && !line.startsWith('#')) options.env.push(line);
        }
        break;
      }
      case '-v':
      case '--volume':
        // Sources with the host's root in front mean the host's own path.
        options.binds.push(machine.hostPath(value.split(':')[0]!) + value.slice(value.split(':')[0]!.length));
        break;
      case '--mount': {
        const fields = Object.fromEntries(
          value.split(',').map((part) => part.split('=') as [string, string]),
        );
        const source = machine.hostPath(fields.source ?? fields.src ?? '');
        options.binds.push(`${source}:${fields.target ?? fields.dst ?? fields.destination}`);
        break;
      }
      case '-l':
      case '--label':
        options.labels[value.split('=')[0]!] = value.slice(value.indexOf('=') + 1);
        break;
      case '--net':
      case '--network':
        options.network = value;
        break;
      case '--restart':
        options.restart = value;
        break;
      case '-m':
      case '--memory':
        options.memory = bytes(value);
        break;
      case '-c':
      case '--cpu-shares':
        options.cpuShares = Number(value);
        break;
      case '--pull':
        pull = value;
        break;
      default:
        if (!/^--?[a-z][\w-]*$/.test(name)) throw new UsageError(`unknown flag: ${name}`);
    }
  }
  const image = args[i];
  if (image === undefined) {
    throw new UsageError(`"docker run" requires at least 1 argument.\nSee 'docker run --help'.`);
  }
  if (options.remove && options.restart !== 'no') {
    throw new UsageError('conflicting options: --restart and --rm');
  }
  options.image = image;
  options.command = args.slice(i + 1);
  return { options, detach, pull };
}
