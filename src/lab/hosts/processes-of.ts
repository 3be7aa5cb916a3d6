// Processes of a machine as this machine sees them.
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

function parentOf(pid: string): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1];
  } catch {
    return undefined;
  }
}

function pids(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

/** The only child of a process; undefined: it has none (yet). */
export function childOf(parent: number): number | undefined {
  const found = pids().find((pid) => parentOf(pid) === String(parent));
  return found === undefined ? undefined : Number(found);
}

/** Whether a process is the first of a PID namespace below this one. */
export function isFirst(pid: number): boolean {
  try {
    const numbers =
      /^NSpid:\s+(.*)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]?.split(/\s+/) ?? [];
    return numbers.length > 1 && numbers.at(-1) === '1';
  } catch {
    return false;
  }
}

/** Every process in the PID namespace of `first`, and below it, but for `first` itself. */
export function namespaceOf(first: number): number[] {
  const space = (pid: string | number): string | undefined => {
    try {
      return readlinkSync(`/proc/${pid}/ns/pid`);
    } catch {
      return undefined;
    }
  };
  const own = space(first);
  if (!own) return [];
  return pids()
    .filter((pid) => Number(pid) !== first && space(pid) === own)
    .map(Number);
}

/**
 * Wakes the `nsenter`s of this process that lead into a machine. A shutdown stops every process of the machine for a moment (systemd,
 * broadcast_signal); nsenter, which is outside of it, stops itself when its child is stopped (util-linux, continue_as_child), is not
 * woken with the others, and keeps its child, and with that the machine, from its end.
 */
export function wakeThoseInto(first: number): void {
  for (const pid of pids().filter((each) => parentOf(each) === String(process.pid))) {
    try {
      const [program, , target] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
      if (program?.endsWith('nsenter') && target === String(first)) process.kill(Number(pid), 'SIGCONT');
    } catch {
      // It has just ended.
    }
  }
}
