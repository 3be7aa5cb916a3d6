// `lab start`: the lab in a process of its own, which outlives this one and ends with the shell that it was started from.
import { type ChildProcess, spawn } from 'node:child_process';
import { UserError } from '../../errors.ts';
import { findOwner } from './owner.ts';
import { type LabState, labDirectory, labRuns, readState, removeDirectory } from './place.ts';
import { processFacts } from './processes.ts';

/** What the lab's process tells the one that started it. */
export type Hello = { ready: LabState } | { failed: UserError['problem'] } | { saying: string };
type LastHello = Exclude<Hello, { saying: string }>;

/** Throws `lab-runs` if there is one; clears what a killed one has left. */
export function makeRoom(directory = labDirectory()): void {
  const found = readState(directory);
  if (found === 'stale') removeDirectory(directory);
  else if (found)
    throw labRuns(found.url ? `one is running already, at ${found.url}` : 'one is starting already');
}

/** The process above this one that the lab is to end with, or the one given by its id. */
export function ownerOf(pid: number | undefined): LabState['owner'] {
  const owner = pid === undefined ? findOwner(process.pid) : processFacts(pid);
  return owner && { pid: owner.pid, started: owner.started, name: owner.name };
}

/**
 * Starts this program again as the lab's own process, with the same flags. Resolves when the lab answers; what takes long is
 * said meanwhile.
 * Throws what the lab could not start for.
 */
export async function startDetached(
  flags: readonly string[],
  say: (line: string) => void = () => {},
): Promise<LabState> {
  const program = process.argv[1]!;
  const child = spawn(
    process.execPath,
    [...process.execArgv, program, 'calico', 'lab', 'start', '--child', ...flags],
    { detached: true, stdio: ['ignore', 'ignore', 'pipe', 'ipc'], cwd: '/', windowsHide: true },
  );
  const hello = await helloOf(child, say);
  child.disconnect();
  child.stderr?.destroy();
  child.unref();
  if ('failed' in hello) throw new UserError(hello.failed);
  return hello.ready;
}

function helloOf(child: ChildProcess, say: (line: string) => void): Promise<LastHello> {
  let talk = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    talk = `${talk}${chunk}`.slice(-2000);
  });
  return new Promise((resolve, reject) => {
    child.on('message', (message) => {
      const hello = message as Hello;
      if ('saying' in hello) say(hello.saying);
      else resolve(hello);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      const detail = talk.trim();
      resolve({
        failed: {
          code: 'lab-died',
          what: 'The lab was not started',
          why: `its process ended ${signal ? `by ${signal}` : `with code ${code}`}`,
          remedy: ['Run it in the foreground to see why: dcos calico lab start --foreground'],
          detail: detail || undefined,
          exit: 1,
        },
      });
    });
  });
}
