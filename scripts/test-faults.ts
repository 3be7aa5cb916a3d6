// `npm run test:faults -- --seed N`: the fault campaign. Any seed must pass; a case that fails is named with the command that runs it
// again, and so is one that was under way when the campaign itself ended.
import { availableParallelism } from 'node:os';
import { inspect, parseArgs } from 'node:util';
import { SeededRandom } from '../src/lab/random.ts';
import { allCases, FAMILIES } from '../test/faults/campaign.ts';
import type { Choice } from '../test/faults/case.ts';
import { Runner } from '../test/faults/runner.ts';

const MOST_FAILURES_SHOWN = 20;
const USAGE = `npm run test:faults -- [--seed N] [--short | --every] [--minutes M] [--only FAMILY,…] [--case NAME]
  --seed N       what chance decides, 1 when missing
  (neither)      every kind of each family but load: about ten minutes
  --short        a sample of each family, for every change: about two minutes
  --every        each single request, of two versions of DC/OS: an estimated half a day on two cores
  --minutes M    begin no case after so many minutes
  --only FAMILY  ${FAMILIES.map(({ name }) => name).join(', ')}
  --case NAME    one case, as a failure names it
`;

interface Settings extends Choice {
  minutes: number;
  only?: string[];
  name?: string;
}

function settings(): Settings {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      short: { type: 'boolean' },
      every: { type: 'boolean' },
      minutes: { type: 'string' },
      only: { type: 'string' },
      case: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const seed = Number(values.seed);
  const minutes = values.minutes === undefined ? Number.POSITIVE_INFINITY : Number(values.minutes);
  const known = FAMILIES.map(({ name }) => name);
  const only = values.only?.split(',');
  const unfit = !Number.isSafeInteger(seed) || !(minutes > 0) || only?.some((name) => !known.includes(name));
  if (values.help || unfit || (values.short && values.every)) {
    process.stderr.write(USAGE);
    process.exit(values.help ? 0 : 2);
  }
  return {
    seed,
    depth: values.every ? 'every' : values.short ? 'short' : 'normal',
    minutes,
    ...(only ? { only } : {}),
    ...(values.case ? { name: values.case } : {}),
  };
}

interface Tally {
  survived: number;
  failed: number;
  /** What its cases took, one after the other. */
  ms: number;
  went: Map<string, number>;
}

function replay(name: string, seed: number): string {
  return `npm run test:faults -- --seed ${seed} --case ${`'${name.replaceAll("'", `'\\''`)}'`}`;
}

const runners: Runner[] = [];

function runner(): Runner {
  const one = new Runner();
  runners.push(one);
  return one;
}

async function one(name: string, seed: number): Promise<number> {
  const { wrong, went } = await runner().run(name, seed);
  console.log(`${name}\n  ${went}`);
  for (const why of wrong) console.log(`  WRONG: ${why}`);
  if (wrong.length > 0) console.log(`failed: ${replay(name, seed)}`);
  return wrong.length > 0 ? 1 : 0;
}

async function campaign({ seed, depth, minutes, only }: Settings): Promise<number> {
  const began = Date.now();
  console.log(`test:faults, seed ${seed}, ${depth}`);
  // In an order of the seed's, so that a run that is cut short has something of everything; what takes longest begins first.
  const shuffled = new SeededRandom(seed).shuffle(await allCases({ seed, depth }, only));
  const queue = [...shuffled.filter(isLong), ...shuffled.filter((name) => !isLong(name))];
  const all = queue.length;
  console.log(`${all} cases`);
  const tallies = new Map<string, Tally>();
  const failures: string[] = [];
  let done = 0;
  let told = Date.now();
  const work = async () => {
    const mine = runner();
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      if (Date.now() - began > minutes * 60_000) {
        queue.length = 0;
        break;
      }
      const since = Date.now();
      const { wrong, went } = await mine.run(name, seed);
      count(tallies, name, { went, failed: wrong.length > 0, ms: Date.now() - since });
      done++;
      if (wrong.length > 0) {
        failures.push(name);
        if (failures.length <= MOST_FAILURES_SHOWN) {
          console.log(
            `\nFAILED ${name}\n${wrong.map((why) => `  ${why}`).join('\n')}\n  ${replay(name, seed)}\n`,
          );
        }
      }
      if (Date.now() - told > 30_000) {
        told = Date.now();
        console.log(`${done} of ${all} cases, ${failures.length} failed`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(4, availableParallelism())) }, work));
  console.log(report(tallies));
  const seconds = Math.round((Date.now() - began) / 1000);
  const skipped = all - done > 0 ? `, ${all - done} not begun for want of time` : '';
  console.log(`${done - failures.length} of ${done} cases survived in ${seconds} s${skipped} (seed ${seed})`);
  for (const name of failures) console.log(`failed: ${replay(name, seed)}`);
  return failures.length > 0 ? 1 : 0;
}

const isLong = (name: string) =>
  FAMILIES.some((family) => family.longestMs && name.startsWith(`${family.name} `));

function count(
  tallies: Map<string, Tally>,
  name: string,
  { went, failed, ms }: { went: string; failed: boolean; ms: number },
): void {
  const family = name.split(' ', 1)[0]!;
  const tally = tallies.get(family) ?? { survived: 0, failed: 0, ms: 0, went: new Map<string, number>() };
  tallies.set(family, tally);
  tally.ms += ms;
  if (failed) tally.failed++;
  else tally.survived++;
  tally.went.set(went, (tally.went.get(went) ?? 0) + 1);
}

/** What was tried, and how it went, by kind. */
function report(tallies: ReadonlyMap<string, Tally>): string {
  const lines: string[] = [];
  for (const { name, about } of FAMILIES) {
    const tally = tallies.get(name);
    if (!tally) continue;
    const { survived, failed, ms } = tally;
    const lost = failed ? `, ${failed} FAILED` : '';
    lines.push('', `${about} (${name}): ${survived} survived${lost}, ${Math.round(ms / 1000)} s`);
    for (const [went, times] of [...tally.went].sort(([a], [b]) => (a < b ? -1 : 1)))
      lines.push(`${String(times).padStart(6)}  ${went}`);
  }
  return `${lines.join('\n')}\n`;
}

/** The campaign itself has failed, or was ended: with which seed, and which cases were under way. */
function broken(why: string, { seed, name }: Settings): never {
  console.error(`\nThe campaign itself ended (seed ${seed}): ${why}`);
  const under = [...new Set([...(name ? [name] : []), ...runners.flatMap(({ now }) => now ?? [])])];
  for (const one of under) console.error(`under way: ${replay(one, seed)}`);
  for (const one of runners) one.stop();
  process.exit(1);
}

const chosen = settings();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => broken(`it got ${signal}`, chosen));
process.on('uncaughtException', (error) => broken(inspect(error), chosen));
process.on('unhandledRejection', (error) => broken(inspect(error), chosen));
process.exitCode = await (chosen.name ? one(chosen.name, chosen.seed) : campaign(chosen));
for (const each of runners) each.stop();
