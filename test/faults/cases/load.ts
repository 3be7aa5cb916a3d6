// Load: 5,000 agents with 25,000 tasks, many who watch at once, and commands that run for long while the cluster changes under them.

import { Cluster } from '../../../src/dcos/cluster.ts';
import { connectionFromEnvironment } from '../../../src/dcos/connection.ts';
import { VirtualClock } from '../../../src/lab/clock.ts';
import { type Lab, startLab } from '../../../src/lab/lab.ts';
import { readStatus } from '../../../src/rollout/install.ts';
import { showFollowing } from '../../../src/view/status-run.ts';
import { type Choice, type Family, type Outcome, randomOf } from '../case.ts';
import { DirectCluster } from '../direct.ts';
import { run as runCommand, timeOf } from '../operator.ts';

const START = Date.parse('2026-11-24T03:00:00.000Z');
const TERMINAL = { width: 120, height: 50, colour: true, interactive: true };
/** Memory at the end, in shares of what it was once all was loaded and seen for the first time. */
const MOST_GROWTH = 1.25;

/** Bytes in use once everything that can go has gone. */
function heap(): number {
  const { gc } = globalThis as { gc?: () => void };
  if (!gc) throw new Error('memory is measured with --expose-gc');
  gc();
  gc();
  return process.memoryUsage().heapUsed;
}

async function onLab(
  agents: { private: number; public: number },
  seed: number,
  use: (lab: Lab) => Promise<Outcome>,
) {
  const lab = await startLab({
    clock: new VirtualClock(START),
    grade: 'simulated',
    dcos: '2.0',
    seed,
    agents,
  });
  try {
    return await use(lab);
  } finally {
    await lab.stop();
  }
}

const direct = (lab: Lab) => new DirectCluster(lab, lab.token);
/** What the preflight has to say of BGP and the pool at this size is not the matter here. */
const LARGE = ['rollout.ignore=["CAL1010","CAL1017"]'];
const install = (lab: Lab, set: string[] = []) =>
  runCommand(
    direct(lab),
    { command: 'install', set: [...LARGE, ...set], apiOnly: true },
    { time: timeOf(lab) },
  );

const growth = (early: number, late: number) => `${Math.round((late / early) * 100)} %`;

const CASES: Record<string, (seed: number) => Promise<Outcome>> = {
  /** Twenty who look at 5,000 agents at the same moment, over real connections: each has the whole, by a fixed number of requests. */
  '20 status of 5000 agents': (seed) =>
    onLab({ private: 4950, public: 50 }, seed, async (lab) => {
      const wrong: string[] = [];
      const { exit, output } = await install(lab, ['rollout.max-concurrent=50%']);
      if (exit !== 0) wrong.push(`the install ended with ${exit}: ${output.slice(-800)}`);
      const connection = connectionFromEnvironment({ DCOS_URL: lab.url, DCOS_ACS_TOKEN: lab.token });
      lab.resetRequests();
      const all = await Promise.all(
        Array.from({ length: 20 }, async () => {
          // Server and clients are one process here: the last one waits for the first 19.
          const cluster = new Cluster(connection, { idleMs: 600_000 });
          try {
            return await readStatus(cluster, timeOf(lab));
          } finally {
            cluster.close();
          }
        }),
      );
      for (const { totals } of all)
        if (totals.ready !== 5000) wrong.push(`one of them sees ${totals.ready} of 5,000 agents ready`);
      const requests = lab.requests().reduce((sum, { count }) => sum + count, 0);
      if (requests > 20 * 6) wrong.push(`${requests} requests for 20 looks`);
      return { wrong, went: `20 looks at 5,000 agents, 25,000 tasks: ${requests} requests` };
    }),
  'a watch under churn': (seed) =>
    onLab({ private: 55, public: 5 }, seed, async (lab) => {
      const random = randomOf('watch', seed);
      await install(lab, ['rollout.max-concurrent=25%']);
      const cluster = direct(lab);
      const early = 150;
      const late = 900;
      let looks = 0;
      let written = 0;
      let first = 0;
      let last = 0;
      const over = new Error('seen enough');
      const following = showFollowing(
        {
          watch: true,
          wait: false,
          waitMs: Number.POSITIVE_INFINITY,
          read: async () => {
            looks++;
            if (looks === early) first = heap();
            if (looks === late) {
              last = heap();
              throw over;
            }
            churn(lab, random);
            return readStatus(cluster, timeOf(lab));
          },
          now: () => lab.clock.now(),
          sleep: (ms) => lab.sleep(ms),
          random: () => random.next(),
        },
        { agent: undefined, all: false, terminal: () => TERMINAL },
        { print: () => {}, say: () => {}, write: () => written++ },
      );
      await following.catch((error: unknown) => {
        if (error !== over) throw error;
      });
      const wrong =
        last / first > MOST_GROWTH
          ? [`memory grew to ${growth(first, last)} between look ${early} and ${late}`]
          : [];
      return { wrong, went: `a watch: ${late} looks${written > 0 ? '' : ', nothing shown'}` };
    }),
  'an install of 60 waves under churn': (seed) =>
    onLab({ private: 119, public: 1 }, seed, async (lab) => {
      const random = randomOf('install', seed);
      let requests = 0;
      let first = 0;
      let last = 0;
      const cluster = new DirectCluster(lab, lab.token, {
        before: () => {
          requests++;
          if (requests === 500) first = heap();
          if (requests % 40 === 0) churn(lab, random);
        },
      });
      const set = [...LARGE, 'rollout.max-concurrent=2', 'rollout.max-failures=100%'];
      const ran = await runCommand(
        cluster,
        { command: 'install', set, apiOnly: true },
        { time: timeOf(lab) },
      );
      last = heap();
      const wrong =
        last / first > MOST_GROWTH ? [`memory grew to ${growth(first, last)} in ${requests} requests`] : [];
      if (ran.exit !== 0 && ran.exit !== 3)
        wrong.push(`it ended with ${ran.exit}: ${ran.output.slice(-800)}`);
      return { wrong, went: `an install of 120 agents by twos: exit ${ran.exit}` };
    }),
};

/** One agent goes out of sight for a while, another one's task ends. */
function churn(lab: Lab, random: ReturnType<typeof randomOf>): void {
  const all = [...lab.master.agents.values()];
  const one = all[Math.floor(random.next() * all.length)]!;
  if (one.connected) lab.master.crashAgent(one.host);
  for (const agent of all) if (!agent.connected && agent !== one) lab.master.returnAgent(agent.host);
}

async function cases({ depth }: Choice): Promise<string[]> {
  return depth === 'short' ? [] : Object.keys(CASES);
}

export const LOAD: Family = {
  name: 'load',
  about: 'Many agents, many who look, and commands that run for long',
  cases,
  longestMs: 900_000,
  run: (name, seed) => CASES[name]!(seed),
};
