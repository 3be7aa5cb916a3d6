// All families of cases, and how one case is run by its whole name.

import { GIVEN_UP } from '../../src/dcos/http.ts';
import type { Choice, Family, Outcome } from './case.ts';
import { AGENTS } from './cases/agents.ts';
import { ANSWERS } from './cases/answers.ts';
import { HANDS_FAMILY } from './cases/hands.ts';
import { HTTP } from './cases/http.ts';
import { KILLS } from './cases/kills.ts';
import { LOAD } from './cases/load.ts';
import { MODEL } from './cases/model.ts';
import { OPERATORS } from './cases/operators.ts';
import { OPTIONS_FILES } from './cases/options-files.ts';
import { SCRIPTS } from './cases/scripts.ts';
import { SECRETS } from './cases/secrets.ts';

export const FAMILIES: readonly Family[] = [
  KILLS,
  HTTP,
  AGENTS,
  HANDS_FAMILY,
  OPERATORS,
  MODEL,
  ANSWERS,
  OPTIONS_FILES,
  SCRIPTS,
  SECRETS,
  LOAD,
];

/** Names of all cases of a choice, `kill install 2.0 before GET /mesos/slaves #1`. Throws with the family's name where one fails. */
export async function allCases(choice: Choice, only?: readonly string[]): Promise<string[]> {
  const names: string[] = [];
  for (const family of FAMILIES) {
    // What takes many minutes is named, or part of everything.
    const left = family.longestMs !== undefined && choice.depth !== 'every';
    if (only ? !only.includes(family.name) : left) continue;
    const own = await family.cases(choice).catch((error: unknown) => {
      throw new Error(`the cases of ${family.name} cannot be listed`, { cause: error });
    });
    names.push(...own.map((name) => `${family.name} ${name}`));
  }
  return names;
}

/** Runs one case. Never throws: what goes wrong is in the outcome. */
export async function runCase(whole: string, seed: number): Promise<Outcome> {
  const [word = ''] = whole.split(' ', 1);
  const family = FAMILIES.find(({ name }) => name === word);
  if (!family) return { wrong: [`there is no case of this name: ${whole}`], went: 'unknown' };
  const stray: unknown[] = [];
  // Of requests that were given up nobody has to hear; of anything else somebody should have.
  const listen = (error: unknown) => {
    if ((error as { code?: string } | undefined)?.code !== GIVEN_UP) stray.push(error);
  };
  process.on('unhandledRejection', listen);
  process.on('uncaughtException', listen);
  try {
    const outcome = await family.run(whole.slice(word.length + 1), seed);
    await new Promise((resolve) => setImmediate(resolve));
    const left = stray.map((error) => `nobody waited for: ${(error as Error)?.stack ?? String(error)}`);
    return { ...outcome, wrong: [...outcome.wrong, ...left] };
  } catch (error) {
    return {
      wrong: [`the case itself ended with ${(error as Error).stack ?? String(error)}`],
      went: 'broken',
    };
  } finally {
    process.off('unhandledRejection', listen);
    process.off('uncaughtException', listen);
  }
}
