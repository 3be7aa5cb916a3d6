// The client is killed before and after every request that it makes; then the same command, or another one from another machine.

import type { DcosVersion } from '../../../src/lab/types.ts';
import {
  type Choice,
  differing,
  type Family,
  fromWords,
  holds,
  inWords,
  isThe,
  type Outcome,
  oneOf,
  randomOf,
  recover,
  requestsOf,
  sample,
  versions,
} from '../case.ts';
import { SCENARIO, SCENARIOS, type ScenarioName } from '../scenarios.ts';

/** How long nobody does anything: the other one is at once at it, or the wave has come to its end. */
const PAUSES = [0, 3_000, 20_000, 180_000];

async function cases({ seed, depth }: Choice): Promise<string[]> {
  const random = randomOf('kills', seed);
  const names: string[] = [];
  for (const dcos of versions(seed, depth)) {
    for (const scenario of SCENARIOS) {
      const all = await requestsOf(SCENARIO[scenario], dcos, seed);
      const chosen = depth === 'every' ? all : differing(all, random);
      const here = chosen.flatMap((one) =>
        // What is killed after a read has changed nothing since it was killed before it.
        (depth === 'every' || one.method !== 'GET' ? ['before', 'after'] : ['before']).map(
          (when) => `${scenario} ${dcos} ${when} ${inWords(one)}`,
        ),
      );
      names.push(...(depth === 'short' ? sample(here, 12, random) : here));
    }
  }
  return names;
}

async function run(name: string, seed: number): Promise<Outcome> {
  const [, scenarioName, dcos, when, words] = /^(\S+) (\S+) (before|after) (.+)$/.exec(name)!;
  const scenario = SCENARIO[scenarioName as ScenarioName];
  const random = randomOf(name, seed);
  const world = await scenario.prepare({ dcos: dcos as DcosVersion, seed });
  try {
    const struck = isThe(words!);
    const ran = await world.killable(scenario.words, (asked) =>
      struck(asked) ? (when as 'before' | 'after') : undefined,
    );
    if (ran.exit !== undefined) return { wrong: world.wrong, went: 'not reached' };
    await world.pass(oneOf(random, PAUSES));
    const go = oneOf(random, [scenario.words, ...scenario.orElse]);
    await recover(world, scenarioName as ScenarioName, { words: go });
    holds(world, scenarioName as ScenarioName);
    return {
      wrong: world.wrong,
      went: `killed ${when} a ${fromWords(words!).method}, gone on with ${go.command}`,
    };
  } finally {
    await world.stop();
  }
}

export const KILLS: Family = {
  name: 'kill',
  about: 'The client is killed before or after a request',
  cases,
  run,
};
