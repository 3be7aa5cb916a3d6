// What the flags of `install` say, as options and times.
import { CHECKS } from '../checks/run.ts';
import { EXIT, UserError } from '../errors.ts';
import type { PartialOptions } from '../options/paths.ts';
import type { RolloutOptions } from '../options/types.ts';
import { parseDuration } from '../status/duration.ts';

/** What a flag lists that may be given more than once, and with commas: each once. */
export const words = (texts: readonly string[] = []) => [
  ...new Set(texts.flatMap((text) => text.split(',')).filter(Boolean)),
];

/** `--exclude`, as the option of the same meaning. */
export function excludeFlag(texts: readonly string[]): PartialOptions {
  const hosts = words(texts);
  return hosts.length > 0 ? { rollout: { exclude: hosts } } : {};
}

/**
 * `--exclude` and `--ignore`, as the options of the same meaning.
 *
 * @throws {UserError} `no-such-check`, exit code 2
 */
export function lookFlags(given: { exclude?: string[]; ignore?: string[] }): PartialOptions {
  const codes = words(given.ignore).map((code) => code.toUpperCase());
  const unknown = codes.filter((code) => !CHECKS.some((check) => check.code === code));
  if (unknown.length > 0)
    throw new UserError({
      code: 'no-such-check',
      what: `--ignore ${unknown[0]} cannot be used`,
      why: 'there is no check of that code',
      remedy: ['dcos calico preflight     shows the code of each finding'],
      exit: EXIT.usage,
    });
  const { exclude } = excludeFlag(given.exclude ?? []).rollout ?? {};
  const rollout = { ...(exclude ? { exclude } : {}), ...(codes.length > 0 ? { ignore: codes } : {}) };
  return Object.keys(rollout).length > 0 ? { rollout } : {};
}

/**
 * `--canary 2`, `5%` or `10.0.1.11,10.0.2.20`, as the option's value.
 *
 * @throws {UserError} `bad-canary`, exit code 2
 */
export function canaryFlag(text: string): RolloutOptions['canary'] {
  if (/^\d+$/.test(text)) return Number(text);
  if (/^\d+(\.\d+)?%$/.test(text) && Number.parseFloat(text) <= 100) return text;
  const hosts = text.split(',').filter(Boolean);
  if (hosts.length > 0 && hosts.every((host) => /^[\w.:-]+$/.test(host))) return [...new Set(hosts)];
  throw new UserError({
    code: 'bad-canary',
    what: `--canary ${text} cannot be used`,
    why: 'it is neither a count, nor a percentage, nor addresses of agents',
    remedy: ['Such as --canary 2, --canary 5% or --canary 10.0.1.11,10.0.2.20'],
    exit: EXIT.usage,
  });
}

/**
 * A version that an upgrade would bring, as a part of the request; nothing without the flag.
 *
 * @throws {UserError} `bad-version`, exit code 2
 */
export function versionFlag<Key extends string>(
  key: Key,
  flag: string,
  text: string | undefined,
): { [K in Key]?: string } {
  if (text === undefined) return {};
  if (/^\d{1,4}(\.\d{1,6}){0,3}([-+~][\w.+~-]{1,40})?$/.test(text))
    return { [key]: text } as { [K in Key]?: string };
  throw new UserError({
    code: 'bad-version',
    what: `${flag} ${text} cannot be used`,
    why: 'it is no version',
    remedy: ['--for-dcos 2.1     --for-docker 23.0'],
    exit: EXIT.usage,
  });
}

/**
 * `--until`: a time of day (`22:00`, of this machine; the next one), an ISO time, or a time from now (`2h`).
 *
 * @returns ms since 1970
 * @throws {UserError} `bad-time`, exit code 2
 */
export function untilTime(text: string, now: number): number {
  const clock = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text);
  if (clock) {
    const at = new Date(now);
    at.setHours(Number(clock[1]), Number(clock[2]), 0, 0);
    if (at.getTime() <= now) at.setDate(at.getDate() + 1);
    return at.getTime();
  }
  const duration = parseDuration(text);
  if (duration !== undefined) return now + duration;
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw badTime(text, 'it is no time of day, date or duration');
  if (at <= now) throw badTime(text, 'it is over');
  return at;
}

function badTime(text: string, why: string): UserError {
  return new UserError({
    code: 'bad-time',
    what: `--until ${text} cannot be used`,
    why,
    remedy: ['Such as --until 22:00, --until 2h or --until 2026-11-24T22:00:00Z'],
    exit: EXIT.usage,
  });
}
