// Lists that come in a different order with each answer, as Marathon's hash maps make them, without touching the lab's chance:
// how often somebody looks must not change what happens.

export class Orders {
  #state = 0x2545f491;

  shuffle<T>(items: Iterable<T>): T[] {
    const result = [...items];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.#next() % (i + 1);
      [result[i], result[j]] = [result[j]!, result[i]!];
    }
    return result;
  }

  /** xorshift32. */
  #next(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return this.#state >>> 0;
  }
}
