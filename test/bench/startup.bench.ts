// What a start costs: the program as it is packed against the same Node with nothing to do. CPU, since wall time on a busy machine
// tells of its neighbours.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startCanned } from '../status/canned.ts';
import { clusterOf } from './clusters.ts';
import { medians } from './cpu.ts';
import type { Packed } from './packed.ts';
import type { Report } from './report.ts';

const RUNS = 7;
const COMMANDS: readonly (readonly [line: string, atMost: number])[] = [
  ['--info', 2.2],
  ['--help', 2.2],
  ['install --help', 2.2],
  ['statsu', 2.2],
  ['status --wrong', 2.2],
  ['status', 3],
];

export async function benchStartup(report: Report, { folder, command }: Packed): Promise<void> {
  const nothing = join(folder, 'nothing.cjs');
  writeFileSync(nothing, '');
  const canned = await startCanned(clusterOf(10));
  try {
    const env = { DCOS_URL: canned.url, DCOS_ACS_TOKEN: 'x', HOME: folder };
    // The same requests, by Node alone: what is left of `status` is ours.
    const urls = [
      '/mesos/slaves',
      '/service/marathon/v2/groups/calico?embed=group.apps',
      '/service/marathon/v2/info',
    ];
    const plain = [process.execPath, join(import.meta.dirname, 'status-plain.mjs')];
    const costs = await medians(
      [
        { command: [process.execPath, nothing] },
        { command: [...plain, ...urls.map((url) => canned.url + url)] },
        ...COMMANDS.map(([line]) => ({ command: command(line), env })),
      ],
      RUNS,
    );
    const [floor = 1, requests = 1] = costs.map(({ cpu }) => cpu);
    const rows = COMMANDS.map(([line, atMost], index) => {
      const { cpu } = costs[index + 2]!;
      const own = line === 'status' ? cpu - (requests - floor) : cpu;
      report.goal(`start of ${line}, in empty programs`, own / floor, atMost);
      return [line, cpu.toFixed(0), (own / floor).toFixed(2), atMost];
    });
    report.table(
      ['START OF', 'CPU MS', 'RATIO', 'AT MOST'],
      [
        ['(an empty program)', floor.toFixed(0), '1.00', ''],
        ['(the requests of status alone)', requests.toFixed(0), (requests / floor).toFixed(2), ''],
        ...rows,
      ],
    );
  } finally {
    await canned.close();
  }
}
