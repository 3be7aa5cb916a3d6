// What one process costs, whatever it is written in.
import { execFile } from 'node:child_process';

export interface Cost {
  /** User and system together, milliseconds. */
  cpu: number;
  /** Largest resident size, MiB. */
  peak: number;
}

// Node cannot ask what one child cost; Python can. What started Python may have had children of its own, which count as its.
const MEASURE = `
import resource, subprocess, sys
before = resource.getrusage(resource.RUSAGE_CHILDREN)
subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
cpu = used.ru_utime - before.ru_utime + used.ru_stime - before.ru_stime
print(cpu * 1000, used.ru_maxrss / (1048576 if sys.platform == 'darwin' else 1024))
`;

/** Runs `command` to its end; its output is thrown away. */
export function costOf(command: readonly string[], env: Record<string, string> = {}): Promise<Cost> {
  return new Promise((resolve, reject) => {
    execFile(
      'python3',
      ['-c', MEASURE, ...command],
      { env: { PATH: process.env.PATH, ...env } },
      (error, out) => {
        if (error) return reject(error);
        const [cpu = 0, peak = 0] = out.split(' ').map(Number);
        resolve({ cpu, peak });
      },
    );
  });
}

/** Each command's median of `runs` runs, taken in turn: on a busy machine the runs of a round have the same neighbours. */
export async function medians(
  commands: readonly { command: readonly string[]; env?: Record<string, string> }[],
  runs: number,
): Promise<Cost[]> {
  const costs = commands.map(() => [] as Cost[]);
  // The first start compiles, and keeps what it compiled: not counted.
  for (let run = 0; run <= runs; run++)
    for (const [index, { command, env }] of commands.entries()) {
      const cost = await costOf(command, env);
      if (run > 0) costs[index]!.push(cost);
    }
  return costs.map((all) => ({
    cpu: median(all.map(({ cpu }) => cpu)),
    peak: median(all.map(({ peak }) => peak)),
  }));
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
