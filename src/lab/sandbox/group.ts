// A real process of a host, in a process group of its own that ends with the lab.
import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { reaper } from './reaper.ts';
import type { Ended, Process } from './systemd/process.ts';

export interface GroupOptions {
  argv: [string, ...string[]];
  cwd: string;
  env: Record<string, string>;
  /** File descriptors; `ignore` where there are none. */
  stdout: number | 'ignore' | 'pipe';
  stderr: number | 'ignore' | 'pipe';
  onOutput?: (stream: 'stdout' | 'stderr', text: string) => void;
}

/**
 * Starts a process in a new group. It waits at a gate until the reaper knows its group, so that not even a lab killed
 * at this very moment leaves it behind. The end is that of the group's leader; what it left running is killed with it.
 */
export function startGroup(options: GroupOptions): Process {
  const child = spawn(
    '/bin/sh',
    ['-c', 'read -r go <&3 || exit 0; exec 3<&-; exec "$@"', 'sh', ...options.argv],
    {
      cwd: options.cwd,
      env: options.env,
      detached: true,
      stdio: ['ignore', options.stdout, options.stderr, 'pipe'],
    },
  );
  const listeners: ((ended: Ended) => void)[] = [];
  let ended: Ended | undefined;
  const pid = child.pid ?? -1;
  const finish = (code: number | null, signal: string | null): void => {
    if (ended) return;
    ended = { code, signal };
    if (pid > 0) {
      killGroup(pid, 'SIGKILL');
      reaper.removeGroup(pid);
    }
    for (const listener of listeners) listener(ended);
  };
  child.on('error', () => finish(127, null));
  child.on('exit', finish);
  child.stdout?.on('data', (data: Buffer) => options.onOutput?.('stdout', data.toString()));
  child.stderr?.on('data', (data: Buffer) => options.onOutput?.('stderr', data.toString()));
  if (pid > 0) {
    reaper.addGroup(pid);
    const gate = child.stdio[3] as Writable;
    gate.on('error', () => {});
    gate.end('go\n');
  }
  return {
    pid,
    get ended() {
      return ended;
    },
    onEnd(listener) {
      if (ended) listener(ended);
      else listeners.push(listener);
    },
    signal: (name) => killGroup(pid, name),
  };
}

export function killGroup(pgid: number, signal: string): void {
  try {
    process.kill(-pgid, signal as NodeJS.Signals);
  } catch {}
}
