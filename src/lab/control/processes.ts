// What the system knows of a process: its parent, its name, and when it started, which tells it from a later one of the same id.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface ProcessFacts {
  pid: number;
  parent: number;
  /** As `ps -o comm=` says, without its directory. */
  name: string;
  /** Opaque: the same text means the same process. */
  started: string;
  command: string;
}

/** Facts of a live process; undefined when there is none, or the system does not say. */
export function processFacts(pid: number): ProcessFacts | undefined {
  if (process.platform === 'linux') return fromProc(pid);
  if (process.platform === 'win32') return isAlive(pid) ? unknown(pid) : undefined;
  return fromPs(pid);
}

/** Whether a process of this id lives; a zombie does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  return process.platform !== 'linux' || fromProc(pid) !== undefined;
}

/** Whether this is the process that it was when its facts were taken. */
export function isSame(pid: number, started: string): boolean {
  return processFacts(pid)?.started === started;
}

function unknown(pid: number): ProcessFacts {
  return { pid, parent: 0, name: '', started: String(pid), command: '' };
}

function fromProc(pid: number): ProcessFacts | undefined {
  let stat: string;
  let command: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return undefined;
  }
  // The name, in parentheses, can hold anything.
  const end = stat.lastIndexOf(')');
  const fields = stat.slice(end + 2).split(' ');
  const [state, parent] = fields;
  if (state === 'Z' || state === 'X') return undefined;
  return {
    pid,
    parent: Number(parent),
    name: stat.slice(stat.indexOf('(') + 1, end),
    started: fields[19] ?? '',
    command,
  };
}

function fromPs(pid: number): ProcessFacts | undefined {
  try {
    const ps = (format: string) =>
      execFileSync('/bin/ps', ['-o', format, '-p', String(pid)], { encoding: 'utf8' }).trim();
    const [parent, ...started] = ps('ppid=,lstart=').split(/\s+/);
    const name = ps('comm=').split('/').at(-1) ?? '';
    return { pid, parent: Number(parent), name, started: started.join(' '), command: ps('command=') };
  } catch {
    return undefined;
  }
}
