// What the flags of `install` say, as options and times.
import { EXIT, UserError } from '../errors.ts';
import type { PartialOptions } from '../options/paths.ts';
import { parseDuration } from '../status/duration.ts';

/** `--canary 2`, `5%` or `10.0.1.11,10.0.2.20`, and `--exclude`, each as the option of the same meaning. */
export function rolloutFlags(canary: string | undefined, exclude: readonly string[]): PartialOptions {
  const hosts = exclude.flatMap((text) => text.split(',')).filter(Boolean);
  const rollout = {
    ...(canary === undefined ? {} : { canary: canaryOf(canary) }),
    ...(hosts.length > 0 ? { exclude: [...new Set(hosts)] } : {}),
  };
  return Object.keys(rollout).length > 0 ? ({ rollout } as PartialOptions) : {};
}

function canaryOf(text: string): number | string | string[] {
  if (/^\d+$/.test(text)) return Number(text);
  return text.endsWith('%') ? text : text.split(',').filter(Boolean);
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
    remedy: ['--until 22:00     --until 2h     --until 2026-11-24T22:00:00Z'],
    exit: EXIT.usage,
  });
}
