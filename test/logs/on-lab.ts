// Logs of a simulated lab in this process, on its virtual clock.
import type { Lab } from '../../src/lab/lab.ts';
import { type Follower, followLog } from '../../src/logs/follow.ts';
import { readLog } from '../../src/logs/read.ts';
import { type LogSource, logSource } from '../../src/logs/source.ts';
import { clusterOf } from '../rollout/on-lab.ts';

export function sourceOf(lab: Lab): LogSource {
  return { ...logSource(clusterOf(lab)), now: () => lab.clock.now() };
}

/** Follows until `enough` of what was printed and said; fails after `seconds` of the lab's time. */
export async function follow(
  lab: Lab,
  wanted: Parameters<typeof readLog>[1],
  enough: (lines: string[], said: string[]) => boolean,
  { seconds = 600, source = sourceOf(lab) } = {},
): Promise<{ lines: string[]; said: string[] }> {
  const lines: string[] = [];
  const said: string[] = [];
  const end = lab.clock.now() + seconds * 1000;
  const follower: Follower = {
    line: (text) => lines.push(text),
    say: (text) => said.push(text),
    sleep: (ms) => lab.sleep(ms),
    over: () => {
      if (lab.clock.now() > end)
        throw new Error(
          `not in ${seconds} s; printed ${JSON.stringify(lines)}, said ${JSON.stringify(said)}`,
        );
      return enough(lines, said);
    },
  };
  await followLog(source, wanted, await readLog(source, wanted, 0), follower);
  return { lines, said };
}
