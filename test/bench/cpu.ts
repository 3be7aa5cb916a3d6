// The CPU that one process takes, whatever it is written in.
import { execFile } from 'node:child_process';

// Node cannot ask what one child cost; Python can.
const MEASURE = `
import resource, subprocess, sys
before = resource.getrusage(resource.RUSAGE_CHILDREN)
subprocess.run(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
after = resource.getrusage(resource.RUSAGE_CHILDREN)
print((after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime) * 1000)
`;

/** Milliseconds, user and system together, of `command` run to its end; its output is thrown away. */
export function cpuMs(command: readonly string[], env: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    execFile(
      'python3',
      ['-c', MEASURE, ...command],
      { env: { PATH: process.env.PATH, ...env } },
      (error, out) => (error ? reject(error) : resolve(Number(out))),
    );
  });
}
