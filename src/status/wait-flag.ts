// `--wait` may stand alone or with a duration, which oclif's flags cannot do: a bare one gets the value that means "no end".
import { EXIT, UserError } from '../errors.ts';
import { parseDuration } from './duration.ts';

export const NO_END = 'forever';

/** The same words with `--wait` always having a value. What follows it is taken for one if it begins with a digit and has no dot. */
export function withWaitValue(argv: readonly string[]): string[] {
  const words: string[] = [];
  argv.forEach((word, index) => {
    words.push(word);
    if (word !== '--wait' || argv.slice(0, index).includes('--')) return;
    const next = argv[index + 1];
    if (next !== NO_END && (next === undefined || !/^\d[^.:-]*$/.test(next))) words.push(NO_END);
  });
  return words;
}

/** `--wait`'s value in milliseconds; undefined: the flag was not given. */
export function waitMsOf(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (value === NO_END) return Number.POSITIVE_INFINITY;
  const ms = parseDuration(value);
  if (ms === undefined)
    throw new UserError({
      code: 'bad-duration',
      what: `"${value}" is not a duration`,
      why: 'a duration is numbers with s, m, h or d, such as 90s, 10m or 1h30m',
      remedy: ['dcos calico status --wait 10m'],
      exit: EXIT.usage,
    });
  return ms;
}
