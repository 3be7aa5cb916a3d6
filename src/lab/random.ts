// Everything in the lab that is random comes from one seed, so that a run can be had again.
import type { Random } from './types.ts';

/** sfc32: small, fast, and the same on every machine. */
export class SeededRandom implements Random {
  #a: number;
  #b: number;
  #c: number;
  #counter = 1;

  constructor(seed: number | string) {
    // FNV-1a spreads small seeds, which would otherwise begin alike.
    let hash = 0x811c9dc5;
    for (const character of String(seed)) {
      hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193);
    }
    this.#a = hash | 0;
    this.#b = ~hash | 0;
    this.#c = Math.imul(hash, 0x9e3779b1) | 0;
    for (let i = 0; i < 12; i++) this.next();
  }

  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum;
    this.#c |= 0;
    return (sum >>> 0) / 4294967296;
  }

  /** In [from, to). */
  between(from: number, to: number): number {
    return from + this.next() * (to - from);
  }

  shuffle<T>(items: readonly T[]): T[] {
    const result = items.slice();
    for (let i = result.length - 1; i > 0; i--) {
      const j = Math.floor(this.next() * (i + 1));
      [result[i], result[j]] = [result[j]!, result[i]!];
    }
    return result;
  }

  /** In the form of a UUID version 4. */
  uuid(): string {
    let hex = '';
    while (hex.length < 32) hex += Math.floor(this.next() * 16).toString(16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }
}
