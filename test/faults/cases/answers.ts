// Answers of Marathon, of Mesos and of agents, `status.json` among them, in which something is not as it should be: whatever it is, no
// stack trace comes of it, nothing hangs, and no control character reaches the terminal.
import type { Answer } from '../../../src/dcos/answer.ts';
import type { DcosVersion } from '../../../src/lab/types.ts';
import {
  type Choice,
  type Family,
  holds,
  type Outcome,
  oneOf,
  randomOf,
  recover,
  sample,
  versions,
} from '../case.ts';
import type { Words } from '../operator.ts';
import { SCENARIO, SCENARIOS, type ScenarioName } from '../scenarios.ts';

type Random = ReturnType<typeof randomOf>;

const STRANGE: unknown[] = [
  null,
  undefined,
  true,
  0,
  -1,
  1e308,
  Number.MAX_SAFE_INTEGER,
  '',
  'x'.repeat(5000),
  '\u001b[2J\u001b]0;owned\u0007\u009b31m\u202e',
  '__proto__',
  '2026-99-99T99:99:99Z',
  [],
  {},
  [[[[]]]],
  { toString: 'x', length: -1 },
];

/** Every place of a document, as the object that holds it and its key there. */
function places(value: unknown, found: [object: Record<string, unknown>, key: string][] = []) {
  if (typeof value !== 'object' || value === null) return found;
  for (const key of Object.keys(value)) {
    found.push([value as Record<string, unknown>, key]);
    places((value as Record<string, unknown>)[key], found);
  }
  return found;
}

/** The same document, with something strange in one to three places; a file of an agent also in its text. */
function mutated(answer: Answer, random: Random): Answer {
  if (!answer.isJson) return answer;
  const holder: { json?: unknown } = { json: structuredClone(answer.json) };
  for (let left = 1 + Math.floor(random.next() * 3); left > 0; left--) {
    const all = places(holder);
    const [object, key] = oneOf(random, all);
    const was = object[key];
    if (key === 'data' && typeof was === 'string' && random.next() < 0.9)
      object[key] = mutatedText(was, random);
    else if (Array.isArray(was) && random.next() < 0.3) object[key] = [...was, ...was];
    else if (object !== holder && random.next() < 0.15) delete object[key];
    else object[key] = structuredClone(oneOf(random, STRANGE));
  }
  // As it comes over a wire: without holes.
  return { ...answer, json: JSON.parse(JSON.stringify(holder.json) ?? 'null') };
}

function mutatedText(text: string, random: Random): string {
  const at = Math.floor(random.next() * text.length);
  const how = random.next();
  if (how < 0.3) return text.slice(0, at);
  if (how < 0.4) return `${text.slice(0, at)}\u0000\u001b[31m${text.slice(at)}`;
  try {
    const holder = { json: JSON.parse(text) as unknown };
    const [object, key] = oneOf(random, places(holder));
    object[key] = structuredClone(oneOf(random, STRANGE));
    return JSON.stringify(holder.json) ?? '';
  } catch {
    return text.slice(at);
  }
}

const LOOKS: Words[] = [{ command: 'status' }, { command: 'plan status' }];
const TRIES = 20;

async function cases({ seed, depth }: Choice): Promise<string[]> {
  const random = randomOf('answers', seed);
  const many = depth === 'every' ? 200 : depth === 'normal' ? 6 : 2;
  const names = versions(seed, depth).flatMap((dcos) =>
    SCENARIOS.flatMap((scenario) =>
      ['looks', 'command'].flatMap((what) =>
        Array.from({ length: many }, (_, index) => `${scenario} ${dcos} ${what} ${index + 1}`),
      ),
    ),
  );
  return depth === 'short' ? sample(names, 10, random) : names;
}

async function run(name: string, seed: number): Promise<Outcome> {
  const [scenarioName, dcos, what] = name.split(' ') as [ScenarioName, DcosVersion, string];
  const scenario = SCENARIO[scenarioName];
  const random = randomOf(name, seed);
  const world = await scenario.prepare({ dcos, seed });
  try {
    const ends: Record<string, number> = {};
    const tries = what === 'looks' ? TRIES : 1;
    for (let i = 0; i < tries; i++) {
      const chance = what === 'looks' ? 0.5 : 0.02 + random.next() * 0.1;
      const words = what === 'looks' ? oneOf(random, LOOKS) : scenario.words;
      const ran = await world.direct(words, {
        change: (_, answer) => (random.next() < chance ? mutated(answer, random) : answer),
      });
      const end = ran.problem?.code ?? `exit ${ran.exit}`;
      ends[end] = (ends[end] ?? 0) + 1;
    }
    await world.pass(60_000);
    await recover(world, scenarioName, { words: scenario.words, most: 3 });
    // What is told of an agent that is not so may have it counted, and restarted, once more than it takes.
    holds(world, scenarioName, { again: 'restarts', clients: 3 });
    return { wrong: world.wrong, went: `${what}: ${Object.keys(ends).sort().join(', ')}` };
  } finally {
    await world.stop();
  }
}

export const ANSWERS: Family = {
  name: 'answers',
  about: 'Answers with something strange in them',
  cases,
  run,
};
