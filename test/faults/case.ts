// A case: what is done to a cluster and its clients, named so that it can be had again, and what must hold afterwards.
import { SeededRandom } from '../../src/lab/random.ts';
import type { DcosVersion } from '../../src/lab/types.ts';
import { type Asked, DirectCluster } from './direct.ts';
import type { Ran, Words } from './operator.ts';
import {
  isAsked,
  notAsWanted,
  restartedTwice,
  SCENARIO,
  type Scenario,
  type ScenarioName,
  startedTwice,
} from './scenarios.ts';
import { secretsIn } from './secrets.ts';
import type { World } from './world.ts';

export interface Outcome {
  /** What must not be, as sentences; empty: survived. */
  wrong: string[];
  /** How it went, in a few words that are counted in the report. */
  went: string;
}

export interface Family {
  /** The first word of its cases' names. */
  name: string;
  about: string;
  /** The longest that one may take, real time; else three minutes. Such a family runs only where it is named, or with `--every`. */
  longestMs?: number;
  /** Names of its cases, without the first word. */
  cases(choice: Choice): Promise<string[]>;
  run(name: string, seed: number): Promise<Outcome>;
}

export interface Choice {
  seed: number;
  /** `short`: a sample; `normal`: every kind of request in every phase; `every`: each single request. */
  depth: 'short' | 'normal' | 'every';
}

/** The longest that a case may take of the lab's time, recovery included. */
const LONGEST_MS = 3 * 3600_000;

/** `2.0`, whose Marathon has checks and roles, and one other a seed. DC/OS from 2.1 on has a Calico of its own, which stops an install. */
export function versions(seed: number, depth: Choice['depth']): DcosVersion[] {
  const others: DcosVersion[] = ['1.12', '1.9', '1.13', '1.10', '1.11'];
  const other = others[seed % others.length]!;
  return depth === 'short' ? [seed % 2 ? '2.0' : other] : ['2.0', other];
}

export type Random = SeededRandom;

export function randomOf(name: string, seed: number): Random {
  return new SeededRandom(`${seed} ${name}`);
}

/** One of several, by chance. */
export function oneOf<T>(random: SeededRandom, of: readonly T[]): T {
  return of[Math.floor(random.next() * of.length)]!;
}

/** A sample of so many, in their order. */
export function sample<T>(all: readonly T[], count: number, random: SeededRandom): T[] {
  const chosen = new Set(random.shuffle(all).slice(0, count));
  return all.filter((one) => chosen.has(one));
}

/** A request of a command: the n-th of this method and path. */
export interface Numbered extends Asked {
  nth: number;
  /** Requests that changed something before it. */
  writes: number;
}

/** All requests of an undisturbed run. */
export async function requestsOf(scenario: Scenario, dcos: DcosVersion, seed: number): Promise<Numbered[]> {
  const world = await scenario.prepare({ dcos, seed });
  try {
    const seen = new Map<string, number>();
    const all: Numbered[] = [];
    let writes = 0;
    await world.killable(scenario.words, ({ method, path }) => {
      const key = `${method} ${path}`;
      seen.set(key, (seen.get(key) ?? 0) + 1);
      all.push({ method, path, nth: seen.get(key)!, writes });
      if (method !== 'GET') writes++;
      return undefined;
    });
    return all;
  } finally {
    await world.stop();
  }
}

/** Those that differ: of the same question asked again and again between two changes, the first and one by chance. */
export function differing(all: readonly Numbered[], random: SeededRandom): Numbered[] {
  const groups = new Map<string, Numbered[]>();
  for (const one of all) {
    const key = `${one.writes} ${one.method} ${one.path}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flatMap(([first, ...rest]) =>
    rest.length ? [first!, oneOf(random, rest)] : [first!],
  );
}

/** The number of a request, the first is 1: the short phases between two changes are met as often as the long wait for a wave. */
export function inAnyPhase(all: readonly Numbered[], random: SeededRandom): number {
  const phase = oneOf(random, [...new Set(all.map(({ writes }) => writes))]);
  const there = all.flatMap(({ writes }, index) => (writes === phase ? [index + 1] : []));
  return oneOf(random, there);
}

/** `GET /mesos/slaves #3`, and back. */
export const inWords = ({ method, path, nth }: Numbered) => `${method} ${path} #${nth}`;

export function fromWords(words: string): { method: string; path: string; nth: number } {
  const [, method, path, nth] = /^(\S+) (\S+) #(\d+)$/.exec(words)!;
  return { method: method!, path: path!, nth: Number(nth) };
}

/** Says of each request in turn whether it is the one that is meant. */
export function isThe(words: string): (asked: Asked) => boolean {
  const { method, path, nth } = fromWords(words);
  let seen = 0;
  return (asked) => asked.method === method && asked.path === path && ++seen === nth;
}

/** How often the command that brings all that is wanted may have to be given, as it says each time. */
const MOST_WHOLE = 2;

/**
 * The cluster is gone on with, by the same command or another, from another machine; and then everything is as wanted. Where
 * somebody else did something meanwhile, it may take a few commands, as each says.
 */
export async function recover(
  world: World,
  name: ScenarioName,
  { words, most = 1, last, byHand = false }: { words: Words; most?: number; last?: Words; byHand?: boolean },
): Promise<void> {
  const scenario = SCENARIO[name];
  let ran: Ran | undefined;
  for (let tries = 0; tries < most && ran?.exit !== 0; tries++) {
    // What was under way comes to its end, and what an error asks to wait for passes.
    if (tries > 0) await world.pass(60_000);
    if (tries > 1) await cancelled(world, byHand);
    ran = await world.direct(tries === 0 ? words : scenario.words, {}, 'bob@desk');
    // Before the first PUT there is nothing to resume: it says so, and the command itself is still to be given.
    if (ran.problem?.code === 'not-installed' && words !== scenario.words)
      ran = await world.direct(scenario.words, {}, 'bob@desk');
  }
  if (most > 1 && ran!.exit !== 0) await cancelled(world, byHand);
  // What somebody else did besides is not a restart's to mend, and who is gone for good is to be forgotten. An agent that was of doubt
  // is first looked at, and restarted by the next command.
  if (most > 1 && (ran!.exit !== 0 || name === 'restart')) {
    ran = undefined;
    for (let tries = 0; tries < MOST_WHOLE && ran?.exit !== 0; tries++) {
      if (tries > 0) await world.pass(60_000);
      ran = await world.direct(last ?? scenario.whole, {}, 'bob@desk');
    }
  }
  // Killed before its first PUT, a change is not there to be resumed: what is installed was, and that is said with exit code 0.
  if (ran!.exit === 0 && words !== scenario.words && !(await isAsked(world, scenario)))
    ran = await world.direct(scenario.words, {}, 'bob@desk');
  if (ran!.exit !== 0) world.wrong.push(`${ran!.words} ended with ${ran!.exit}: ${lastLines(ran!)}`);
  world.wrong.push(...(await notAsWanted(world, scenario)));
}

/**
 * A Marathon before 1.8 starts no task anew of an app that a deployment holds, and one of ours is open for as long as an agent is not
 * ready; and what somebody else has begun is never overridden unasked: it is ended by hand, as `dcos marathon deployment stop` does.
 */
async function cancelled(world: World, byHand: boolean): Promise<void> {
  const { lab } = world;
  if (!byHand && !['1.9', '1.10', '1.11', '1.12'].includes(lab.dcos)) return;
  const cluster = new DirectCluster(lab, lab.token);
  for (const { id } of await cluster.marathon.deployments()) {
    const path = `/service/marathon/v2/deployments/${id}`;
    await cluster.http.send({ method: 'DELETE', path, query: [['force', true]] });
  }
  // Until it counts anew.
  await world.pass(330_000);
}

export function lastLines({ output }: Ran): string {
  return output.trim().split('\n').slice(-12).join(' | ');
}

export interface Held {
  /** What was done may have been undone by others, so that it is done again: tasks start anew, or a daemon restarts once more as well. */
  again?: 'tasks' | 'restarts';
  /** Where alone it may restart once more: addresses; everywhere when missing. */
  undone?: readonly string[];
  /** Commands that were at work at a time: agents that one has begun finish while another takes over. */
  clients?: number;
}

/** What holds of every case, whatever was done. */
export function holds(world: World, name: ScenarioName, { again, undone, clients = 1 }: Held = {}): void {
  world.assertBudget(clients);
  const more = (address: string) => again === 'restarts' && (undone?.includes(address) ?? true);
  world.wrong.push(...restartedTwice(world, SCENARIO[name], more));
  if (!again) world.wrong.push(...startedTwice(world, SCENARIO[name]));
  const took = world.lab.clock.now() - world.began;
  if (took > LONGEST_MS) world.wrong.push(`it took ${Math.round(took / 60_000)} minutes of the lab's time`);
  for (const ran of world.ran) {
    const { problem } = ran;
    if (problem && problem.code !== 'bug' && !problem.remedy?.length)
      world.wrong.push(`${ran.words} does not say what to do: ${lastLines(ran)}`);
    world.wrong.push(...unfit(ran.output).map((why) => `${ran.words} printed ${why}`));
    world.wrong.push(
      ...secretsIn(ran.output, [world.lab.token]).map((which) => `${ran.words} printed ${which}`),
    );
  }
}

/** What no output may have in it. */
export function unfit(output: string): string[] {
  const found: string[] = [];
  if (/^\s+at .+[:(].+:\d+:\d+\)?$/m.test(output)) found.push('a stack trace');
  if (/\[object |\bundefined\b|\bNaN\b|\bInvalid Date\b/.test(output))
    found.push(
      `a value that is none: ${/.*(\[object |\bundefined\b|\bNaN\b|\bInvalid Date\b).*/.exec(output)![0]}`,
    );
  // What has passed since is never less than nothing, whatever an agent's clock says.
  if (/(?<![\w.-])-\d+ (s|min|h|days)\b/.test(output)) found.push('a time that runs backwards');
  if (/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(output)) found.push('a control character');
  return found;
}
