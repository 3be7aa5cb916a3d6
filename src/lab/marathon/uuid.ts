// Ids in the forms that Marathon gives them.
import type { Random } from '../types.ts';

/** A random UUID, as deployments have it. */
export function randomUuid(random: Random): string {
  let hex = '';
  while (hex.length < 32)
    hex += Math.floor(random.next() * 0x10000)
      .toString(16)
      .padStart(4, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}

const GREGORIAN_MS = 12_219_292_800_000;

/** Time-based UUIDs (version 1), as instances have them: in the order of time, never one twice. */
export class TimeUuids {
  #last = 0n;

  next(now: number): string {
    const ticks = BigInt(Math.floor(now + GREGORIAN_MS)) * 10_000n;
    this.#last = ticks > this.#last ? ticks : this.#last + 1n;
    const hex = this.#last.toString(16).padStart(15, '0');
    return `${hex.slice(-8)}-${hex.slice(-12, -8)}-1${hex.slice(0, 3)}-96fa-02fc00000001`;
  }
}
