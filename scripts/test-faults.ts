// `npm run test:faults -- --seed N`: the fault campaign. Any seed must pass; a case that fails is named with the command that runs it
// again.
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { SeededRandom } from '../src/lab/random.ts';
import { allCases, FAMILIES, runCase } from '../test/faults/campaign.ts';
import type { Choice, Outcome } from '../test/faults/case.ts';

/** A case that takes longer hangs. */
const LONGEST_MS = 180_000;
const MOST_FAILURES_SHOWN = 20;
const USAGE = `npm run test:faults -- [--seed N] [--short | --every] [--minutes M] [--only FAMILY,…] [--case NAME]
  --seed N       what chance decides, 1 when missing
  --short        a sample of each family, for every change: about two minutes
  --every        each single request, of two versions of DC/OS: hours
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
  const known = FAMILIES.map(({ name }) => name);
  const only = values.only?.split(',');
  if (values.help || !Number.isSafeInteger(seed) || only?.some((name) => !known.includes(name))) {
    process.stderr.write(USAGE);
    process.exit(values.help ? 0 : 2);
  }
  return {
    seed,
    depth: values.every ? 'every' : values.short ? 'short' : 'normal',
    minutes: values.minutes ? Number(values.minutes) : Number.POSITIVE_INFINITY,
    ...(only ? { only } : {}),
    ...(values.case ? { name: values.case } : {}),
  };
}

/** One process that runs case after case; ended and begun anew when a case hangs or ends it. */
class Runner {
  #child: ChildProcess | undefined;

  async run(name: string, seed: number): Promise<Outcome> {
    this.#child ??= await started();
    const child = this.#child;
    return new Promise((resolve) => {
      const over = (outcome: Outcome, dead: boolean) => {
        clearTimeout(timer);
        child.off('message', heard);
        child.off('exit', died);
        if (dead) {
          child.kill('SIGKILL');
          this.#child = undefined;
        }
        resolve(outcome);
      };
      const heard = (message: unknown) => over((message as { outcome: Outcome }).outcome, false);
      const died = (code: number | null, signal: string | null) =>
        over({ wrong: [`its process ended with ${signal ?? code}`], went: 'broken' }, true);
      const longest = FAMILIES.find((family) => name.startsWith(`${family.name} `))?.longestMs ?? LONGEST_MS;
      const timer = setTimeout(
        () => over({ wrong: [`it was not over after ${longest / 1000} s`], went: 'hangs' }, true),
        longest,
      );
      child.on('message', heard);
      child.once('exit', died);
      child.send({ name, seed });
    });
  }

  stop(): void {
    this.#child?.kill();
  }
}

async function started(): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, '../test/faults/worker.ts'), {
    execArgv: ['--expose-gc', '--import', join(import.meta.dirname, 'text-modules.mjs')],
    cwd: join(import.meta.dirname, '..'),
  });
  await new Promise((resolve) => child.once('message', resolve));
  return child;
}

interface Tally {
  survived: number;
  failed: number;
  went: Map<string, number>;
}

function replay(name: string, seed: number): string {
  return `npm run test:faults -- --seed ${seed} --case ${`'${name.replaceAll("'", `'\\''`)}'`}`;
}

async function one(name: string, seed: number): Promise<number> {
  const { wrong, went } = await runCase(name, seed);
  console.log(`${name}\n  ${went}`);
  for (const why of wrong) console.log(`  WRONG: ${why}`);
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
    const runner = new Runner();
    for (let name = queue.shift(); name !== undefined; name = queue.shift()) {
      if (Date.now() - began > minutes * 60_000) {
        queue.length = 0;
        break;
      }
      const { wrong, went } = await runner.run(name, seed);
      count(tallies, name, went, wrong.length > 0);
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
    runner.stop();
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

function count(tallies: Map<string, Tally>, name: string, went: string, failed: boolean): void {
  const family = name.split(' ', 1)[0]!;
  const tally = tallies.get(family) ?? { survived: 0, failed: 0, went: new Map<string, number>() };
  tallies.set(family, tally);
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
    const { survived, failed } = tally;
    lines.push('', `${about} (${name}): ${survived} survived${failed ? `, ${failed} FAILED` : ''}`);
    for (const [went, times] of [...tally.went].sort(([a], [b]) => (a < b ? -1 : 1)))
      lines.push(`${String(times).padStart(6)}  ${went}`);
  }
  return `${lines.join('\n')}\n`;
}

const chosen = settings();
process.exitCode = chosen.name ? await one(chosen.name, chosen.seed) : await campaign(chosen);
