// What `status` costs on clusters of 10 to 5,000 agents: requests, bytes, CPU, memory, and how that compares with a plain program
// that only fetches and parses the same answers. Run: node --import ./scripts/text-modules.mjs test/bench/status.bench.ts
import { join } from 'node:path';
import type { MesosAgent } from '../../src/dcos/types.ts';
import type { ClusterRead } from '../../src/status/build.ts';
import { tableLines } from '../../src/view/table.ts';
import { recordings } from '../conformance/recordings.ts';
import { buildBundle } from '../status/bundle.ts';
import { startCanned } from '../status/canned.ts';
import { type AgentWords, clusterRead } from '../status/cluster.ts';
import { type Cost, measured } from './measured.ts';

const SIZES = [10, 100, 1000, 5000];
const RUNS = 3;
export const EMBEDS = [
  'groups',
  'apps',
  'apps.tasks',
  'apps.counts',
  'apps.deployments',
  'apps.lastTaskFailure',
]
  .map((part) => `embed=group.${part}`)
  .join('&');

/** Agents and tasks with every key that the real systems send, so that the answers are as large as theirs. */
function fullSize(read: ClusterRead): ClusterRead {
  const recorded = recordings('mesos-1.11.1').find(({ name }) => name === '062-master-slaves-with-tasks')!;
  const [template] = (recorded.response.body as { slaves: MesosAgent[] }).slaves;
  for (const app of read.group!.apps)
    for (const task of app.tasks ?? [])
      Object.assign(task, {
        ipAddresses: [{ ipAddress: task.host, protocol: 'IPv4' }],
        ports: [],
        servicePorts: [],
        localVolumes: [],
        role: 'slave_public',
      });
  return {
    ...read,
    agents: read.agents.map((agent) => ({
      ...template!,
      ...agent,
      attributes: { ...template!.attributes, ...agent.attributes },
    })),
  };
}

/** Nine of ten agents are ready, some wait, one in a hundred failed. */
export function clusterOf(size: number): ClusterRead {
  const agents = Array.from({ length: size }, (_, index): AgentWords => {
    const host = `10.${Math.floor(index / 60_000)}.${Math.floor(index / 240)}.${(index % 240) + 1}`;
    if (index % 100 === 3)
      return { host, steps: { docker: 'failed' }, reasons: { docker: 'daemon.json is not JSON' } };
    if (index % 10 === 7) return { host, steps: 'waiting for turn', reasons: { node: 'waits for its turn' } };
    return { host, public: index % 20 === 0 };
  });
  return fullSize(clusterRead({ agents }));
}

const median = (values: number[]) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

async function times(work: () => Promise<Cost>): Promise<Cost> {
  const costs: Cost[] = [];
  for (let run = 0; run < RUNS; run++) costs.push(await work());
  const of = (key: 'cpuMs' | 'wallMs' | 'peakMiB' | 'printed') => median(costs.map((cost) => cost[key]));
  return {
    code: costs[0]!.code,
    cpuMs: of('cpuMs'),
    wallMs: of('wallMs'),
    peakMiB: of('peakMiB'),
    printed: of('printed'),
  };
}

const HEADINGS = [
  'AGENTS',
  'REQUESTS',
  'FILES READ',
  'MB READ',
  'CPU MS',
  'WALL MS',
  'PEAK MIB',
  'PLAIN CPU MS',
  'PLAIN PEAK MIB',
  'CPU RATIO',
];

export async function benchStatus(print: (line: string) => void): Promise<void> {
  const bundle = buildBundle();
  const rows: string[][] = [];
  try {
    for (const size of SIZES) {
      const canned = await startCanned(clusterOf(size));
      try {
        const env = { DCOS_URL: canned.url, DCOS_ACS_TOKEN: 'x' };
        const status = await times(() => measured([bundle.path, 'calico', 'status'], env));
        const { agents = 0, group = 0, info = 0, file = 0, other = 0 } = canned.asked;
        const megabytes = canned.bytes / RUNS / 1e6;
        const plain = await times(() =>
          measured(
            [
              join(import.meta.dirname, 'status-plain.mjs'),
              `${canned.url}/mesos/slaves`,
              `${canned.url}/service/marathon/v2/groups/calico?${EMBEDS}`,
              `${canned.url}/service/marathon/v2/info`,
            ],
            {},
          ),
        );
        rows.push(
          [
            size,
            (agents + group + info + other) / RUNS,
            file / RUNS,
            megabytes.toFixed(1),
            status.cpuMs,
            status.wallMs,
            status.peakMiB,
            plain.cpuMs,
            plain.peakMiB,
            (status.cpuMs / plain.cpuMs).toFixed(1),
          ].map(String),
        );
      } finally {
        await canned.close();
      }
    }
  } finally {
    bundle.remove();
  }
  const columns = HEADINGS.map((heading) => ({ heading, align: 'right' as const }));
  for (const line of tableLines(
    columns,
    rows.map((row) => ({ cells: row.map((text) => ({ text })) })),
    false,
  ))
    print(line);
}

if (import.meta.main) {
  console.log('dcos calico status, medians of 3 runs');
  await benchStatus((line) => console.log(line));
}
