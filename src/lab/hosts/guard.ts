// What a lab of hosts has made goes with it, even when the lab is killed: a small shell watches this process by a pipe.
import { execFile, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Writable } from 'node:stream';
import { promisify } from 'node:util';
import guardScript from './guard.sh';
import takeDownScript from './take-down.sh';

const run = promisify(execFile);

/** Ends the machines of a lab and removes its bridge, cgroups and directory, whatever of them is there. */
export async function takeDown(directory: string, bridge: string): Promise<void> {
  await run('/bin/sh', ['-c', takeDownScript, 'sh', directory, bridge], { cwd: '/' });
}

/** Starts the guard. `over`: nothing is left for it to do. */
export function startGuard(directory: string, bridge: string): { over(): void } {
  const script = join(directory, 'guard.sh');
  writeFileSync(script, `${guardScript}\n${takeDownScript}`, { mode: 0o600 });
  const guard = spawn('/bin/sh', [script, directory, bridge], {
    stdio: ['pipe', 'ignore', 'ignore'],
    cwd: '/',
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    // Its own session: a Ctrl-C in the terminal must not end it before the lab.
    detached: true,
  });
  guard.unref();
  const pipe = guard.stdin as Writable & { unref?(): void };
  pipe.on('error', () => {});
  pipe.unref?.();
  return { over: () => void pipe.end('over\n') };
}
