// A plan, a simulated install and the lab itself, on 10 to 5,000 agents, in this process and on a virtual clock: CPU of the lab and
// the client together, requests, and how long it would have taken.
import type { MesosAgent } from '../../src/dcos/types.ts';
import { defaultOptions } from '../../src/options/defaults.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { install, START, withLab } from '../rollout/on-lab.ts';
import { clusterOf } from './clusters.ts';
import type { Report } from './report.ts';

const SIZES = [10, 1000, 5000];
/** Above 200 agents the full mesh is refused, so every size goes without it. */
const SOURCES = { set: ['node.node-to-node-mesh=false'] };

export function benchPlan(report: Report): void {
  const options = defaultOptions();
  options.node['node-to-node-mesh'] = false;
  const { agents, marathon, now } = clusterOf(5000);
  const about = { who: 'anna', command: 'dcos calico install', message: '', deployments: [] };
  const began = process.cpuUsage();
  const plan = makePlan({
    ...about,
    options,
    installed: undefined,
    agents: agents as MesosAgent[],
    group: undefined,
    marathon,
    now,
  });
  const cpu = cpuSince(began);
  if (plan.waves.length < 2) throw new Error('The plan has no waves');
  report.goal('the plan for 5,000 agents, CPU ms', cpu, 100);
  report.table(
    ['PLAN FOR', 'WAVES', 'CPU MS', 'AT MOST'],
    [['5000', plan.waves.length, cpu.toFixed(0), 100]],
  );
}

export async function benchInstall(report: Report): Promise<void> {
  const rows: (string | number)[][] = [];
  for (const size of SIZES) {
    const began = process.cpuUsage();
    let peak = 0;
    await withLab({ agents: { private: size - 1, public: 1 } }, async (lab) => {
      const up = cpuSince(began);
      const { prepared, summary } = await install(lab, {
        sources: SOURCES,
        watch: () => {
          peak = Math.max(peak, process.memoryUsage().rss);
        },
      });
      if (summary.exit !== 0) throw new Error(`The install of ${size} ended with ${summary.exit}`);
      const requests = lab.requests();
      rows.push([
        size,
        prepared.plan.waves.length,
        requests.reduce((sum, { count }) => sum + count, 0),
        requests
          .filter(({ method, path }) => method === 'GET' && path.startsWith('/service/marathon/v2/groups'))
          .reduce((sum, { count }) => sum + count, 0),
        Math.round((lab.clock.now() - START) / 1000),
        up.toFixed(0),
        cpuSince(began).toFixed(0),
        (cpuSince(began) / size).toFixed(1),
        (peak / 2 ** 20).toFixed(0),
      ]);
    });
  }
  report.line('Lab and client in one process; SECONDS are those of the cluster');
  report.table(
    [
      'INSTALL ON',
      'WAVES',
      'REQUESTS',
      'OF THE GROUP',
      'SECONDS',
      'LAB UP CPU MS',
      'CPU MS',
      'AN AGENT',
      'PEAK MIB',
    ],
    rows,
  );
}

function cpuSince(began: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}
