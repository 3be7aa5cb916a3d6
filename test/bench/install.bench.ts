// What an install costs on simulated clusters of 10 to 5,000 agents, in this process and on a virtual clock: requests in all and a
// look, the lab's and the client's CPU and memory together, and how long it would have taken.
import { availableParallelism } from 'node:os';
import { tableLines } from '../../src/view/table.ts';
import { install, START, withLab } from '../rollout/on-lab.ts';

const SIZES = [10, 100, 1000, 5000];
/** Above 200 agents the full mesh is refused, so every size goes without it. */
const OPTIONS = { flags: { node: { 'node-to-node-mesh': false } } };

export async function benchInstall(print: (line: string) => void): Promise<void> {
  const rows: string[][] = [];
  for (const size of SIZES) {
    const cpu = process.cpuUsage();
    let peak = 0;
    await withLab({ agents: { private: size - 1, public: 1 } }, async (lab) => {
      const { prepared } = await install(lab, {
        sources: OPTIONS as never,
        watch: () => {
          peak = Math.max(peak, process.memoryUsage().rss);
        },
      });
      const used = process.cpuUsage(cpu);
      const requests = lab.requests().reduce((sum, { count }) => sum + count, 0);
      const group = lab.requests().find(({ path }) => path.startsWith('/service/marathon/v2/groups'));
      rows.push([
        String(size),
        String(prepared.plan.waves.length),
        String(requests),
        String(group?.count ?? 0),
        String(Math.round((lab.clock.now() - START) / 1000)),
        String(Math.round((used.user + used.system) / 1000)),
        String(Math.round(peak / 1024 / 1024)),
      ]);
    });
  }
  print(`Install on simulated agents (${availableParallelism()} cores; lab and client in one process)`);
  const columns = ['AGENTS', 'WAVES', 'REQUESTS', 'WHOLE GROUP', 'SECONDS', 'CPU MS', 'PEAK MIB'].map(
    (heading) => ({
      heading,
      align: 'right' as const,
    }),
  );
  for (const line of tableLines(
    columns,
    rows.map((row) => ({ cells: row.map((text) => ({ text })) })),
    false,
  ))
    print(line);
}

if (import.meta.main) await benchInstall((line) => process.stdout.write(`${line}\n`));
