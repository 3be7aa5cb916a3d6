// Load: 5,000 agents with 25,000 tasks, many who watch at once, and commands that run for long while the cluster changes under them.

import { VirtualClock } from '../../../src/lab/clock.ts';
import { type Lab, startLab } from '../../../src/lab/lab.ts';
import { StatusReader } from '../../../src/status/read.ts';
import { statusSource } from '../../../src/status/source.ts';
import { showFollowing } from '../../../src/view/status-run.ts';
import { buildBundle } from '../../bundle.ts';
import { type Choice, type Family, type Outcome, randomOf } from '../case.ts';
import { Churn } from '../churn.ts';
import { DirectCluster } from '../direct.ts';
import { growth, heap, percent } from '../memory.ts';
import { run as runCommand, timeOf } from '../operator.ts';
import { endedEarly, memoryOf, untilAll, type Watch, watch } from '../watches.ts';

const START = Date.parse('2026-11-24T03:00:00.000Z');
const TERMINAL = { width: 120, height: 50, colour: true, interactive: true };
/** By how much memory may rise over the second half of a long run: what a lab and a client keep for good would be several times that. */
const MOST_GROWTH = 0.1;
/** What a command may hold of a cluster of 240 agents when it has gone through them by twos. */
const MOST_HELD = 4 * 2 ** 20;

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

const GROUP = '/service/marathon/v2/groups/calico';
const WATCHES = 20;
/** What one may have in memory at most, MiB: 5,000 agents take some 400. */
const MOST_MIB = 800;

/** Whoever watches sees the same: an agent that goes out of sight, and that it is back. */
async function seenByAll(lab: Lab, watches: readonly Watch[], address: string): Promise<string[]> {
  const wrong: string[] = [];
  const lines = (one: Watch) => one.printed.text.split('\n').filter((line) => line.includes(address)).length;
  const step = async (what: string, happens: () => void, passMs: number) => {
    const before = new Map(watches.map((one) => [one, lines(one)]));
    happens();
    await lab.sleep(passMs);
    const left = await untilAll(watches, (one) => lines(one) > before.get(one)!);
    if (left.length > 0) wrong.push(`${left.length} of ${watches.length} never saw that ${address} ${what}`);
  };
  await step('was gone', () => lab.master.crashAgent(address), 400_000);
  await step('was back', () => lab.master.returnAgent(address), 60_000);
  return wrong;
}

const CASES: Record<string, (seed: number) => Promise<Outcome>> = {
  /** Twenty programs watch 5,000 agents at once, over real connections, and begin at the same moment. */
  '20 watches of 5000 agents': (seed) =>
    onLab({ private: 4950, public: 50 }, seed, async (lab) => {
      const wrong: string[] = [];
      const { exit, output } = await install(lab, ['rollout.max-concurrent=50%']);
      if (exit !== 0) wrong.push(`the install ended with ${exit}: ${output.slice(-800)}`);
      const bundle = buildBundle();
      lab.resetRequests();
      const began = Date.now();
      const watches = Array.from({ length: WATCHES }, () => watch(bundle, lab));
      try {
        const blind = await untilAll(watches, (one) => /10\.0\.1\.11/.test(one.printed.text));
        if (blind.length > 0) wrong.push(`${blind.length} of ${WATCHES} have shown nothing`);
        const first = Date.now() - began;
        wrong.push(...(await seenByAll(lab, watches, '10.0.3.77')));
        wrong.push(...(await endedEarly(watches)));
        const memory = watches.map(memoryOf);
        const most = Math.max(...memory.map((one) => one.most));
        if (most > MOST_MIB) wrong.push(`one of them had ${Math.round(most)} MiB in memory`);
        const seconds = (Date.now() - began) / 1000;
        const looks = lab.requests().find(({ path }) => path === GROUP)?.count ?? 0;
        // A look at most every 9 s of each, besides the first one: 12 s, a quarter less by chance.
        const may = WATCHES * (1 + seconds / 9);
        if (looks > may) wrong.push(`${looks} looks in ${Math.round(seconds)} s`);
        const all = lab.requests().reduce((sum, { count }) => sum + count, 0);
        // Two lists a look, Marathon's version once, and reports of the few agents that are not ready.
        if (all > looks * 2 + WATCHES + looks * 10) wrong.push(`${all} requests for ${looks} looks`);
        if (process.env.FIGURES)
          console.log({
            first,
            seconds,
            looks,
            all,
            most,
            sum: memory.reduce((sum, one) => sum + one.now, 0),
          });
        return { wrong, went: `${WATCHES} programs watch 5,000 agents, 25,000 tasks: all see what happens` };
      } finally {
        for (const one of watches) one.process.kill('SIGINT');
        await Promise.all(watches.map(({ ended }) => ended));
        bundle.remove();
      }
    }),
  'a watch under churn': (seed) =>
    onLab({ private: 55, public: 5 }, seed, async (lab) => {
      const churn = new Churn(lab, randomOf('watch', seed));
      const random = randomOf('watch pauses', seed);
      await install(lab, ['rollout.max-concurrent=25%']);
      const cluster = direct(lab);
      // As the command itself has it: one reader for all looks.
      const reader = new StatusReader({ ...statusSource(cluster), now: () => lab.clock.now() });
      const samples: number[] = [];
      let looks = 0;
      let written = 0;
      const over = new Error('seen enough');
      const following = showFollowing(
        {
          watch: true,
          wait: false,
          waitMs: Number.POSITIVE_INFINITY,
          read: async () => {
            looks++;
            if (looks >= 900 && looks % 100 === 0) samples.push(heap());
            if (looks === 2000) throw over;
            await churn.next();
            return reader.read();
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
      const grown = growth(samples);
      const wrong = grown > MOST_GROWTH ? [`memory grew by ${percent(grown)}: ${inMiB(samples)}`] : [];
      if (written === 0) wrong.push('it has shown nothing');
      wrong.push(...stillness(churn));
      const went = `a watch: ${looks} looks at a cluster that never rests, ${samples.length} samples: ${percent(grown)}`;
      return { wrong, went };
    }),
  /** What the cluster itself comes to have is the lab's; what the command holds of it is gone when it is over. */
  'an install under churn': (seed) =>
    onLab({ private: 239, public: 1 }, seed, async (lab) => {
      const churn = new Churn(lab, randomOf('install', seed));
      const { samples, requests, exit, problem } = await longInstall(lab, churn);
      const held = samples.at(-1)! - heap();
      const wrong = stillness(churn);
      if (held > MOST_HELD) wrong.push(`the command holds ${inMiB([held])} at its end: ${inMiB(samples)}`);
      if (samples.length < 6) wrong.push(`it was over after ${requests} requests`);
      if (problem) wrong.push(`it ended with ${exit}: ${problem}`);
      const went = `an install by twos in a cluster that never rests: ${requests} requests, exit ${exit}, ${inMiB([held])} held at its end`;
      return { wrong, went };
    }),
};

/** Nothing of the command is kept but what it comes to. */
async function longInstall(lab: Lab, churn: Churn) {
  let requests = 0;
  const samples: number[] = [];
  const cluster = new DirectCluster(lab, lab.token, {
    before: async () => {
      requests++;
      if (requests % 250 === 0) samples.push(heap());
      if (requests % 25 === 0) await churn.next();
    },
  });
  const set = [...LARGE, 'rollout.max-concurrent=2', 'rollout.max-failures=100%'];
  const ran = await runCommand(cluster, { command: 'install', set, apiOnly: true }, { time: timeOf(lab) });
  return { samples, requests, exit: ran.exit, problem: ran.problem?.what };
}

/** Every kind of thing must have happened. */
const stillness = ({ happened }: Churn) =>
  happened.size < 8 ? [`only ${[...happened.keys()].join(', ')}`] : [];

const inMiB = (samples: readonly number[]) =>
  `${samples.map((one) => (one / 2 ** 20).toFixed(1)).join(', ')} MiB`;

async function cases({ depth }: Choice): Promise<string[]> {
  return depth === 'short' ? [] : Object.keys(CASES);
}

export const LOAD: Family = {
  name: 'load',
  about: 'Many agents, many who look, and commands that run for long',
  cases,
  longestMs: 1_800_000,
  run: (name, seed) => CASES[name]!(seed),
};
