// When a read is asked again, and after how long.
import { setTimeout as sleep } from 'node:timers/promises';

const RESET = new Set(['ECONNRESET', 'EPIPE', 'ECONNABORTED']);
const PASSING = new Set([429, 502, 503, 504]);
const FIRST_MS = 250;
const LONGEST_MS = 30_000;

/** A reset connection, a half answer, and the states that pass: too many requests, a service or its leader changing. */
export function isRetryable(outcome: { status: number } | { error: unknown }): boolean {
  if ('status' in outcome) return PASSING.has(outcome.status);
  const error = outcome.error as { code?: string; message?: string; retryable?: boolean; cut?: boolean };
  if (error.retryable || error.cut) return true;
  // axios reports both a time-out (not repeated: it would take as long again) and an aborted connection as ECONNABORTED.
  if (/timeout/i.test(error.message ?? '')) return false;
  return RESET.has(error.code ?? '') || /stream has been aborted|socket hang up/.test(error.message ?? '');
}

/** Doubles from attempt to attempt, drawn from half to one and a half of it; `Retry-After` is kept to, up to 30 s. */
export function retryDelayMs(
  attempt: number,
  headers: Record<string, string>,
  random: () => number,
  now: () => number = Date.now,
): number {
  const backoff = FIRST_MS * 2 ** (attempt - 1) * (0.5 + random());
  const after = headers['retry-after'];
  if (!after) return Math.min(backoff, LONGEST_MS);
  const asked = /^\d+$/.test(after.trim()) ? Number(after) * 1000 : Date.parse(after) - now();
  return Math.min(Math.max(Number.isFinite(asked) ? asked : 0, backoff), LONGEST_MS);
}

export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, signal ? { signal } : {}).catch(() => signal?.throwIfAborted());
}
