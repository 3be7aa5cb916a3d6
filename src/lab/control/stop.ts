// `lab stop`: ends the lab and whatever a killed one has left.
import { UserError } from '../../errors.ts';
import { labDirectory, readState, removeDirectory } from './place.ts';
import { isSame } from './processes.ts';

export type Stopped = 'stopped' | 'cleared' | 'none';

const PATIENCE_MS = 15_000;
/** Machines have to be taken down. */
const HOSTS_PATIENCE_MS = 60_000;

/** `cleared`: none was running, but one that was killed had left something. */
export async function stopLab(directory = labDirectory()): Promise<Stopped> {
  const state = readState(directory);
  if (state === undefined) return 'none';
  if (state === 'stale') {
    removeDirectory(directory);
    return 'cleared';
  }
  const { pid, started } = state;
  process.kill(pid, 'SIGTERM');
  if (!(await ended(pid, started, state.grade === 'hosts' ? HOSTS_PATIENCE_MS : PATIENCE_MS))) {
    process.kill(pid, 'SIGKILL');
    if (!(await ended(pid, started, 2000))) {
      throw new UserError({ code: 'lab-stays', what: 'The lab did not end', why: `process ${pid} lives on` });
    }
  }
  removeDirectory(directory);
  return 'stopped';
}

async function ended(pid: number, started: string, patienceMs: number): Promise<boolean> {
  const until = Date.now() + patienceMs;
  while (Date.now() < until) {
    if (!isSame(pid, started)) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
