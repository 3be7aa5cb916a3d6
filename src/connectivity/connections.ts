// What was asked, held against what should come of it.

import type { Kind } from '../steps/connectivity/definition.ts';
import { kept } from '../steps/connectivity/resources.ts';
import { type Answers, endName } from './pairs.ts';
import type { Connection, End, Pair, Phase } from './types.ts';

/** Whether the guard keeps the one from the other. */
export function isKept({ from, to }: Pair, kinds: readonly Kind[]): boolean {
  return from.kind === kept(to.kind, kinds);
}

/** What was asked in one phase, look by look. */
export class Gathering {
  readonly #phase: Phase;
  readonly #pairs: readonly Pair[];
  readonly #kinds: readonly Kind[];
  /** By the name of the end that asks: rounds up to this one began before the phase did. */
  readonly #before: ReadonlyMap<string, number>;
  readonly #reached = new Set<string>();

  /** @param before what was answered when the phase began */
  constructor(
    phase: Phase,
    pairs: readonly Pair[],
    kinds: readonly Kind[],
    before: ReadonlyMap<string, Answers>,
  ) {
    this.#phase = phase;
    this.#pairs = pairs;
    this.#kinds = kinds;
    // The round that was under way counts for neither.
    this.#before = new Map([...before].map(([name, { round }]) => [name, round + 1]));
  }

  /**
   * Who was reached once can be reached: a small server that is asked by several at once refuses some. Whether one is kept from another
   * is what the last round says.
   */
  take(answers: ReadonlyMap<string, Answers>): Connection[] {
    return this.#pairs.map((pair) => {
      const name = `${endName(pair.from)} ${endName(pair.to)}`;
      const told = answers.get(endName(pair.from));
      const fresh = told && told.round > (this.#before.get(endName(pair.from)) ?? 0);
      const answer = fresh ? told.got.get(endName(pair.to)) : undefined;
      if (answer?.got === 'ok') this.#reached.add(name);
      const expected = this.#phase === 'guarded' && isKept(pair, this.#kinds) ? 'blocked' : 'reach';
      const { got, said } =
        expected === 'reach' && this.#reached.has(name)
          ? { got: 'ok' as const, said: endName(pair.to) }
          : (answer ?? { got: 'no answer' as const, said: '' });
      const passed = expected === 'reach' ? got === 'ok' : got === 'timeout' || got === 'unreachable';
      return { ...pair, phase: this.#phase, expected, got, said, passed };
    });
  }
}

/** A pair of which one end never came to be says nothing of the network. */
export function between(pairs: readonly Pair[], isThere: (end: End) => boolean): Pair[] {
  return pairs.filter(({ from, to }) => isThere(from) && isThere(to));
}
