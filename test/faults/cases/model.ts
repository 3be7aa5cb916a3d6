// Two operators at once in a small model: one agent, two clients that are the program's own, and every schedule in which each of them
// is interrupted once at most. One begins, and is held before one of its requests; the other one goes on, to its end or until it is held
// before one of its own; then the first one ends, and at last the second.
import type { DcosVersion } from '../../../src/lab/types.ts';
import type { InstalledOptions } from '../../../src/steps/options-app.ts';
import { agents } from '../../rollout/agents.ts';
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
import type { Asked } from '../direct.ts';
import { interleave, NAMES, type Point, type Turns, type Which } from '../interleave.ts';
import type { Ran, Words } from '../operator.ts';
import { notAsWanted, SCENARIO, type Scenario } from '../scenarios.ts';
import { type Wants, Witness } from '../witness.ts';
import { SMALL, World } from '../world.ts';

interface One {
  words: Words;
  wants?: Wants;
  /** Whether Calico is there once it is done. */
  present: boolean;
}

interface Pair {
  installed: boolean;
  both: [One, One];
}

const ipip = (value: string) => (installed: InstalledOptions | undefined) =>
  installed?.options.node.ipip === value;
const install = (value: string): One => ({
  words: { command: 'install', set: [...SMALL, `node.ipip=${value}`], apiOnly: true },
  wants: ipip(value),
  present: true,
});
const plain: One = {
  words: { command: 'install', set: SMALL, apiOnly: true },
  wants: ipip('off'),
  present: true,
};
const undo: One = { words: { command: 'plan undo' }, present: true };
const pause: One = { words: { command: 'plan pause' }, present: true };
const repair: One = { words: { command: 'repair' }, present: true };
const uninstall: One = { words: { command: 'uninstall', apiOnly: true }, present: false };

const PAIRS: Record<string, Pair> = {
  'two first installs': { installed: false, both: [install('always'), install('cross-subnet')] },
  'two changes': { installed: true, both: [install('always'), install('cross-subnet')] },
  'the same change twice': { installed: true, both: [install('always'), install('always')] },
  'a change and its undoing': { installed: true, both: [install('always'), undo] },
  'a change and a pause': { installed: true, both: [install('always'), pause] },
  'a change and a repair': { installed: true, both: [install('always'), repair] },
  'a change and an uninstall': { installed: true, both: [install('always'), uninstall] },
  'an uninstall and an install': { installed: true, both: [uninstall, plain] },
  'two uninstalls': { installed: true, both: [uninstall, uninstall] },
};

/** Before which request of its own each is held; undefined: before none. */
interface Schedule {
  first: Which;
  at?: number;
  back?: number;
}

class Held implements Turns {
  readonly begins: Which;
  /** What the second one asked while the first one was held. */
  readonly meanwhile: Asked[] = [];
  readonly #schedule: Schedule;
  readonly #witness: Witness;

  constructor(schedule: Schedule, witness: Witness) {
    this.begins = schedule.first;
    this.#schedule = schedule;
    this.#witness = witness;
  }

  next({ who, number }: Point): Which {
    const { first, at, back } = this.#schedule;
    const held = who === first ? number === at : number === back;
    return held ? ((1 - who) as Which) : who;
  }

  async before(point: Point): Promise<void> {
    if (point.who !== this.begins) this.meanwhile.push(point.asked);
    await this.#witness.before(point);
  }

  after: Turns['after'] = (...heard) => this.#witness.after(...heard);
}

async function prepared(pair: Pair, dcos: DcosVersion, seed: number): Promise<World> {
  const world = await World.start({ dcos, seed, agents: agents(1) });
  if (!pair.installed) return world;
  const { exit, output } = await world.direct(plain.words);
  if (exit !== 0) throw new Error(`the preparation ended with ${exit}\n${output}`);
  await world.pass(5000);
  world.launches.clear();
  world.ran.length = 0;
  Object.assign(world.most, { working: 0, restarting: 0 });
  return world;
}

/** What both clients read alike whatever the other one does: to be held before it is to be held before the request after it. */
const UNMOVED = /^\/(dcos-metadata|mesos_dns|mesos\/slaves|service\/marathon\/v2\/info)/;

/**
 * Requests, by their numbers, before which to be held makes a difference: of the same question asked again and again between two
 * changes of one's own, the first and the last.
 */
export function points(asked: readonly Asked[]): number[] {
  const byKind = new Map<string, number[]>();
  let writes = 0;
  asked.forEach(({ method, path }, index) => {
    if (!UNMOVED.test(path)) {
      const key = `${writes} ${method} ${path.replace(/^\/agent\/.*/, 'file')}`;
      byKind.set(key, [...(byKind.get(key) ?? []), index + 1]);
    }
    if (method !== 'GET') writes++;
  });
  return [...byKind.values()]
    .flatMap((numbers) => [...new Set([numbers[0]!, numbers.at(-1)!])])
    .sort((a, b) => a - b);
}

/** What one asks when nobody else is at work. */
async function alone(pair: Pair, who: Which, dcos: DcosVersion, seed: number): Promise<Asked[]> {
  const world = await prepared(pair, dcos, seed);
  try {
    const asked: Asked[] = [];
    await world.direct(pair.both[who].words, { before: (one) => void asked.push(one) });
    return asked;
  } finally {
    await world.stop();
  }
}

async function once(pair: Pair, dcos: DcosVersion, seed: number, schedule: Schedule) {
  const world = await prepared(pair, dcos, seed);
  try {
    const witness = new Witness(world);
    const held = new Held(schedule, witness);
    const { both } = pair;
    const ran = await interleave(world, [both[0].words, both[1].words], held);
    await witness.settle();
    const takesOff = both.some(({ present }) => !present);
    world.wrong.push(...unexpected(ran, takesOff), ...witness.verdict(ran, [both[0].wants, both[1].wants]));
    await world.pass(20_000);
    await ends(world, pair, ran, witness);
    // Calico that is taken off twice, set up anew in between, takes Docker's store away twice.
    holds(world, takesOff ? 'uninstall' : 'change', { again: takesOff ? 'restarts' : 'tasks', clients: 2 });
    const went = ran.map(({ exit, problem }) => problem?.code ?? `exit ${exit}`).join(', ');
    return { meanwhile: held.meanwhile, went, wrong: world.wrong };
  } finally {
    await world.stop();
  }
}

/** The ways in which one may give way to the other. */
const MAY_END = new Set([
  'changed-meanwhile',
  'marathon-locked',
  'being-removed',
  'nothing-to-undo',
  'locked',
  'not-installed',
  'not-paused',
]);

/** @param takesOff whether one of them uninstalls: as long as its tasks end, there is no room for others */
function unexpected(ran: readonly Ran[], takesOff: boolean): string[] {
  return ran
    .filter(({ problem }) => problem && !MAY_END.has(problem.code))
    .filter(({ problem }) => !(takesOff && problem!.code === 'no-eligible-agents'))
    .map((one) => `${one.words} ended with ${one.problem!.code}: ${lastLines(one)}`);
}

/** As the one wanted who wrote last, if it says that it is done; else a third one has all as wanted. */
async function ends(
  world: World,
  { both }: Pair,
  ran: readonly [Ran, Ran],
  { last }: Witness,
): Promise<void> {
  const end = (one: One, words: Words): Scenario => ({ ...SCENARIO.change, words, present: one.present });
  if (last !== undefined && ran[last].exit === 0) {
    const one = both[last];
    world.wrong.push(...(await notAsWanted(world, end(one, one.words))));
    return;
  }
  const third = both.every(({ present }) => !present) ? uninstall : plain;
  let ended = await world.direct(third.words, {}, 'carla@desk');
  if (ended.problem?.code === 'being-removed') {
    await world.direct(uninstall.words, {}, 'carla@desk');
    ended = await world.direct(third.words, {}, 'carla@desk');
  }
  if (ended.exit !== 0) world.wrong.push(`${ended.words} ended with ${ended.exit}: ${lastLines(ended)}`);
  world.wrong.push(...(await notAsWanted(world, end(third, third.words))));
}

async function cases({ seed, depth }: Choice): Promise<string[]> {
  const random = randomOf('model', seed);
  const once: string[] = [];
  const twice: string[] = [];
  for (const dcos of depth === 'every' ? versions(seed, 'normal') : (['2.0'] as const))
    for (const [name, pair] of Object.entries(PAIRS))
      for (const first of [0, 1] as const) {
        once.push(`${dcos} ${name}: ${NAMES[first]} held once`);
        if (depth === 'short') continue;
        for (const number of points(await alone(pair, first, dcos, seed)))
          twice.push(`${dcos} ${name}: ${NAMES[first]} held at ${number}`);
      }
  if (depth === 'every') return [...once, ...twice];
  return depth === 'short' ? sample(once, 1, random) : [...once, ...sample(twice, 12, random)];
}

async function run(name: string, seed: number): Promise<Outcome> {
  const [, dcos, pairName, who, where] = /^(\S+) (.+): (\S+) held (once|at .+)$/.exec(name)!;
  const pair = PAIRS[pairName!]!;
  const first = NAMES.indexOf(who as (typeof NAMES)[number]) as Which;
  const wrong: string[] = [];
  const ends = new Map<string, number>();
  const tried = async (schedule: Schedule) => {
    const { meanwhile, went, wrong: found } = await once(pair, dcos as DcosVersion, seed, schedule);
    ends.set(went, (ends.get(went) ?? 0) + 1);
    wrong.push(...found.map((why) => `${JSON.stringify(schedule)}: ${why}`));
    return meanwhile;
  };
  const [, exact, exactBack] = /^at (\d+)(?: and (\d+))?$/.exec(where!) ?? [];
  if (exactBack) await tried({ first, at: Number(exact), back: Number(exactBack) });
  else if (exact) {
    const at = Number(exact);
    const meanwhile = await tried({ first, at });
    // Before its first request the second one has done nothing.
    for (const back of points(meanwhile).filter((number) => number > 1)) await tried({ first, at, back });
  } else {
    for (const at of points(await alone(pair, first, dcos as DcosVersion, seed))) await tried({ first, at });
  }
  const went = [...ends].sort(([a], [b]) => (a < b ? -1 : 1)).map(([end]) => end);
  return { wrong, went: `${pairName}: ${went.join('; ')}` };
}

export const MODEL: Family = {
  name: 'model',
  about: 'Two operators at once in a small model, held before each request',
  cases,
  run,
};
