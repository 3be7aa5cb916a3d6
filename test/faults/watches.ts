// Many who watch one cluster at once: each the built program in a process of its own, over real connections.
import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Lab } from '../../src/lab/lab.ts';
import type { Bundle, Ended } from '../bundle.ts';

/** The longest that is waited for anything, real time: on a slow machine a look of twenty takes minutes. */
const LONGEST_MS = 480_000;
const PAUSE_MS = 200;

export interface Watch {
  process: ChildProcess;
  ended: Promise<Ended>;
  /** What it has printed so far. */
  printed: { text: string };
}

export function watch(bundle: Bundle, lab: Lab): Watch {
  const { process, ended } = bundle.start(['status', '--watch'], {
    DCOS_URL: lab.url,
    DCOS_ACS_TOKEN: lab.token,
    // The cluster is one process on this machine, and so are all of them: the last one waits for the first nineteen.
    DCOS_CALICO_TIMEOUT: '900',
  });
  const printed = { text: '' };
  process.stdout!.on('data', (part) => {
    printed.text += part;
  });
  return { process, ended, printed };
}

/** Waits until it holds of all, or until one has ended that should not; returns those of which it does not hold. */
export async function untilAll(
  watches: readonly Watch[],
  holds: (watch: Watch) => boolean,
  longestMs = LONGEST_MS,
): Promise<Watch[]> {
  const until = Date.now() + longestMs;
  for (;;) {
    const left = watches.filter((one) => !holds(one));
    const dead = left.filter(({ process }) => process.exitCode !== null);
    if (left.length === 0 || dead.length > 0 || Date.now() > until) return left;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

/** Megabytes that it has in memory now, and the most that it ever had; Linux. */
export function memoryOf({ process }: Watch): { now: number; most: number } {
  if (process.exitCode !== null) return { now: 0, most: 0 };
  const status = readFileSync(`/proc/${process.pid}/status`, 'utf8');
  const of = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  return { now: of('VmRSS'), most: of('VmHWM') };
}

/** What those say that have ended by themselves. */
export async function endedEarly(watches: readonly Watch[]): Promise<string[]> {
  const dead = watches.filter(({ process }) => process.exitCode !== null);
  return Promise.all(
    dead.map(async ({ ended }) => {
      const { exit, stderr } = await ended;
      return `a watch ended by itself with ${exit}: ${stderr.slice(-500)}`;
    }),
  );
}
