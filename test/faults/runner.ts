// One process that runs case after case; ended and begun anew when a case hangs or ends it.
import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { FAMILIES } from './campaign.ts';
import type { Outcome } from './case.ts';

/** A case that takes longer hangs. */
const LONGEST_MS = 180_000;
const ROOT = join(import.meta.dirname, '../..');

export function longestMs(name: string): number {
  return FAMILIES.find((family) => name.startsWith(`${family.name} `))?.longestMs ?? LONGEST_MS;
}

export class Runner {
  readonly #program: string;
  readonly #longest: (name: string) => number;
  #child: ChildProcess | undefined;
  /** The case that is under way. */
  now: string | undefined;

  constructor(program = join(import.meta.dirname, 'worker.ts'), longest = longestMs) {
    this.#program = program;
    this.#longest = longest;
  }

  /** Never throws: a process that cannot be had, ends or hangs is an outcome of the case. */
  async run(name: string, seed: number): Promise<Outcome> {
    this.now = name;
    try {
      this.#child ??= await started(this.#program);
    } catch (error) {
      return { wrong: [(error as Error).message], went: 'broken' };
    }
    const child = this.#child;
    return new Promise((resolve) => {
      const over = (outcome: Outcome, dead: boolean) => {
        clearTimeout(timer);
        child.off('message', heard);
        child.off('exit', died);
        child.off('error', lost);
        if (dead) {
          // Of what it may still say nobody hears.
          child.on('error', () => {});
          child.kill('SIGKILL');
          this.#child = undefined;
        }
        this.now = undefined;
        resolve(outcome);
      };
      const broken = (why: string) => over({ wrong: [`its process ${why}`], went: 'broken' }, true);
      const heard = (message: unknown) => over((message as { outcome: Outcome }).outcome, false);
      const died = (code: number | null, signal: string | null) => broken(`ended with ${signal ?? code}`);
      const lost = (error: Error) => broken(`cannot be reached: ${error.message}`);
      const longest = this.#longest(name);
      const timer = setTimeout(
        () => over({ wrong: [`it was not over after ${longest / 1000} s`], went: 'hangs' }, true),
        longest,
      );
      child.on('message', heard);
      child.once('exit', died);
      child.once('error', lost);
      // Between two cases it may have ended, too.
      if (child.connected) child.send({ name, seed });
      else died(child.exitCode, child.signalCode);
    });
  }

  stop(): void {
    this.#child?.kill('SIGKILL');
  }
}

async function started(program: string): Promise<ChildProcess> {
  const child = fork(program, {
    execArgv: ['--expose-gc', '--import', join(ROOT, 'scripts/text-modules.mjs')],
    cwd: ROOT,
  });
  await new Promise<void>((resolve, reject) => {
    const died = (code: number | null, signal: string | null) =>
      reject(new Error(`no process could be started for it: it ended with ${signal ?? code}`));
    child.once('exit', died);
    child.once('error', reject);
    child.once('message', () => {
      child.off('exit', died);
      child.off('error', reject);
      resolve();
    });
  });
  return child;
}
