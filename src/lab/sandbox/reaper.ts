// Everything dies with the lab, even when the lab is killed: one small shell watches this process by a pipe, knows the
// process groups and directories that exist on its behalf, and clears them when the pipe ends.
import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import script from './reaper.sh';

let watcher: ChildProcess | undefined;
const registered = new Set<string>();

function tell(sign: '+' | '-', what: string): void {
  const before = registered.size;
  if (sign === '+') registered.add(what);
  else registered.delete(what);
  if (registered.size === before) return;
  if (!watcher) {
    watcher = spawn('/bin/sh', ['-c', script], {
      stdio: ['pipe', 'ignore', 'ignore'],
      cwd: '/',
      env: { PATH: '/usr/bin:/bin' },
      // Its own session: a Ctrl-C in the terminal must not end it before the lab.
      detached: true,
    });
    watcher.unref();
    watcher.stdin!.on('error', () => {});
    (watcher.stdin as Writable & { unref?(): void }).unref?.();
    for (const each of registered) watcher.stdin!.write(`+${each}\n`);
    return;
  }
  watcher.stdin!.write(`${sign}${what}\n`);
  if (!registered.size) {
    watcher.stdin!.end();
    watcher = undefined;
  }
}

export const reaper = {
  addGroup: (pgid: number) => tell('+', `g ${pgid}`),
  removeGroup: (pgid: number) => tell('-', `g ${pgid}`),
  /** The directory is removed when this process ends, unless it is taken back before. */
  addDirectory: (dir: string) => tell('+', `d ${dir}`),
  removeDirectory: (dir: string) => tell('-', `d ${dir}`),
};
