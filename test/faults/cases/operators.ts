// Two operators at once: every interleaving of the changes that two clients make, each with the reads that it rests on, against the
// lab's Marathon. What both end with is what is promised where two people are at work; a third command then has all as wanted.
import type { DcosVersion } from '../../../src/lab/types.ts';
import {
  type Choice,
  type Family,
  holds,
  lastLines,
  type Outcome,
  randomOf,
  sample,
  versions,
} from '../case.ts';
import { DirectCluster } from '../direct.ts';
import { byChoices, interleave, type Which } from '../interleave.ts';
import type { Words } from '../operator.ts';
import { notAsWanted, SCENARIO, type ScenarioName } from '../scenarios.ts';
import type { World } from '../world.ts';

interface Pair {
  scenario: ScenarioName;
  both: [Words, Words];
  /** What then has all as wanted, whoever came last. */
  whole: Words;
}

const install: Words = { command: 'install', set: ['rollout.max-concurrent=2'], apiOnly: true };
const change: Words = { ...install, set: [...install.set!, 'node.ipip=always'] };
const other: Words = { ...install, set: [...install.set!, 'node.ipip=cross-subnet'] };
const uninstall: Words = { command: 'uninstall', apiOnly: true };

const PAIRS: Record<string, Pair> = {
  'two installs': { scenario: 'install', both: [install, install], whole: install },
  'two installs of other options': {
    scenario: 'install',
    both: [change, other],
    whole: { command: 'plan resume' },
  },
  'two changes': { scenario: 'change', both: [change, other], whole: { command: 'plan resume' } },
  'a change and its undoing': {
    scenario: 'change',
    both: [change, { command: 'plan undo' }],
    whole: { command: 'plan resume' },
  },
  'two restarts': {
    scenario: 'restart',
    both: [{ command: 'restart' }, { command: 'restart' }],
    whole: { command: 'plan resume' },
  },
  'a change and an uninstall': { scenario: 'change', both: [change, uninstall], whole: install },
  'two uninstalls': { scenario: 'uninstall', both: [uninstall, uninstall], whole: uninstall },
  'an uninstall and an install': { scenario: 'uninstall', both: [uninstall, install], whole: install },
};

/** A case has all interleavings that begin with so many choices. */
const PREFIX = 4;

async function cases({ seed, depth }: Choice): Promise<string[]> {
  const random = randomOf('operators', seed);
  const names = versions(seed, depth).flatMap((dcos) =>
    Object.keys(PAIRS).flatMap((pair) =>
      Array.from(
        { length: 2 ** PREFIX },
        (_, bits) => `${dcos} ${pair}: ${bits.toString(2).padStart(PREFIX, '0')}`,
      ),
    ),
  );
  if (depth === 'every') return names;
  return sample(names, depth === 'short' ? 3 : 64, random);
}

/** Interleavings that a case runs at most, unless each is asked for. */
const MOST = 24;

async function run(name: string, seed: number): Promise<Outcome> {
  const [, dcos, pairName, prefix] = /^(\S+) (.+): ([01]+)$/.exec(name)!;
  const pair = PAIRS[pairName!]!;
  const random = randomOf(name, seed);
  const wrong: string[] = [];
  const open: Which[][] = [[...prefix!].map((bit) => Number(bit) as Which)];
  let count = 0;
  const ends = new Set<string>();
  while (open.length > 0 && count < MOST) {
    const choices = open.splice(Math.floor(random.next() * open.length), 1)[0]!;
    const { made, went, wrong: found } = await once(pair, dcos as DcosVersion, seed, choices);
    count++;
    ends.add(went);
    wrong.push(...found.map((why) => `${choices.join('')}: ${why}`));
    if (wrong.length > 0) break;
    // Each further choice could have been the other one.
    for (let at = choices.length; at < made.length; at++)
      open.push([...made.slice(0, at), (1 - made[at]!) as Which]);
  }
  return { wrong, went: `${pairName}: ${[...ends].sort().join('; ')}` };
}

async function once(pair: Pair, dcos: DcosVersion, seed: number, choices: Which[]) {
  const world = await SCENARIO[pair.scenario].prepare({ dcos, seed });
  try {
    const turns = byChoices(choices);
    const ran = await interleave(world, pair.both, turns);
    for (const one of ran) {
      const { exit, problem } = one;
      if (
        exit === 1 &&
        problem &&
        !/^(changed-meanwhile|marathon-locked|being-removed|nothing-to-undo|locked|not-installed|already)/.test(
          problem.code,
        )
      )
        world.wrong.push(`${one.words} ended with ${problem.code}: ${lastLines(one)}`);
    }
    await world.pass(60_000);
    await whole(world, pair);
    const takesOff = pair.both.some(({ command }) => command === 'uninstall');
    holds(world, takesOff ? 'uninstall' : pair.scenario, {
      again: takesOff ? 'restarts' : 'tasks',
      clients: 2,
    });
    const went = ran.map(({ exit, problem }) => problem?.code ?? `exit ${exit}`).join(', ');
    return { made: turns.made, went, wrong: world.wrong };
  } finally {
    await world.stop();
  }
}

/**
 * A Marathon before 1.8 keeps a deployment open until its agents are ready, also where who began it has stopped, and it is never
 * overridden unasked: the error says what to type.
 */
async function endedByHand({ lab }: World): Promise<void> {
  const { marathon, http } = new DirectCluster(lab, lab.token);
  for (const { id } of await marathon.deployments())
    await http.send({
      method: 'DELETE',
      path: `/service/marathon/v2/deployments/${id}`,
      query: [['force', true]],
    });
  // Until Marathon counts anew.
  await lab.sleep(330_000);
}

/** A third one finishes what is there. */
async function whole(world: World, pair: Pair): Promise<void> {
  let last = await world.direct(pair.whole, {}, 'carla@desk');
  for (let tries = 0; tries < 2 && last.exit !== 0; tries++) {
    await world.pass(60_000);
    if (last.problem?.code === 'locked' || last.problem?.code === 'marathon-locked') await endedByHand(world);
    // An uninstall that was begun is to be finished before anything else.
    if (last.problem?.code === 'being-removed') await world.direct(uninstall, {}, 'carla@desk');
    last = await world.direct(
      last.problem?.code === 'not-installed' ? install : pair.whole,
      {},
      'carla@desk',
    );
  }
  if (last.exit !== 0) world.wrong.push(`${last.words} ended with ${last.exit}: ${lastLines(last)}`);
  const present = pair.whole.command !== 'uninstall';
  world.wrong.push(
    ...(await notAsWanted(world, { ...SCENARIO[pair.scenario], words: { command: 'status' }, present })),
  );
}

export const OPERATORS: Family = {
  name: 'operators',
  about: 'Two operators at once, every interleaving of their changes',
  cases,
  run,
};
