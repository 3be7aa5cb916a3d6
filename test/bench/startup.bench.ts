// What a start costs: the program as it is packed against the same Node with nothing to do. CPU, since wall time on a busy machine
// tells of its neighbours; medians of runs taken in turn.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tableLines } from '../../src/view/table.ts';
import { startCanned } from '../status/canned.ts';
import { clusterRead } from '../status/cluster.ts';
import { cpuMs } from './cpu.ts';

const RUNS = 7;
const root = join(import.meta.dirname, '../..');

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

export async function benchStartup(print: (line: string) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-startup-'));
  const platform = `${process.platform}-${process.arch}`;
  const canned = await startCanned(
    clusterRead({ agents: Array.from({ length: 10 }, (_, index) => ({ host: `10.0.1.${index + 1}` })) }),
  );
  try {
    execFileSync(process.execPath, ['scripts/package.mjs', '--unpacked', platform], {
      cwd: root,
      env: { ...process.env, OUT: folder },
    });
    const nothing = join(folder, 'nothing.cjs');
    writeFileSync(nothing, '');
    // The same two requests, by Node alone: what is left of `status` is ours.
    const plain = [
      process.execPath,
      join(import.meta.dirname, 'status-plain.mjs'),
      `${canned.url}/mesos/slaves`,
      `${canned.url}/service/marathon/v2/groups/calico`,
    ];
    const program = join(folder, platform, 'bin/dcos-calico');
    const commands: [string, string[], number][] = [
      ['(nothing)', [process.execPath, nothing], 1],
      ['(requests alone)', plain, 0],
      ...(
        [
          ['--info', 2.2],
          ['--help', 2.2],
          ['install --help', 2.2],
          ['statsu', 2.2],
          ['status', 3],
          ['status --wrong', 2.2],
        ] as const
      ).map(([args, goal]): [string, string[], number] => [
        args,
        [program, 'calico', ...args.split(' ')],
        goal,
      ]),
    ];
    const env = { DCOS_URL: canned.url, DCOS_ACS_TOKEN: 'x', HOME: folder };
    const costs = commands.map(() => [] as number[]);
    // The first start compiles and keeps what it compiled: not counted.
    for (let run = 0; run <= RUNS; run++)
      for (const [index, [, command]] of commands.entries()) {
        const cost = await cpuMs(command, env);
        if (run > 0) costs[index]!.push(cost);
      }
    const [floor = 1, requests = 1] = costs.map(median);
    const rows = commands.map(([name, , goal], index) => {
      const cost = median(costs[index]!);
      // Of status, what the network takes is left out.
      const own = name === 'status' ? cost - (requests - floor) : cost;
      return [name, cost.toFixed(0), (own / floor).toFixed(2), goal ? String(goal) : ''];
    });
    const columns = [
      { heading: 'START OF' },
      ...['CPU MS', 'RATIO', 'AT MOST'].map((heading) => ({ heading, align: 'right' as const })),
    ];
    for (const line of tableLines(
      columns,
      rows.map((row) => ({ cells: row.map((text) => ({ text })) })),
      false,
    ))
      print(line);
  } finally {
    await canned.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.main) await benchStartup((line) => console.log(line));
