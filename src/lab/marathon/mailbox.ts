// One thing after another: what is posted while something is handled waits until that is done.

export class Mailbox {
  #queue: (() => void)[] = [];
  #draining = false;

  post(run: () => void): void {
    this.#queue.push(run);
    if (this.#draining) return;
    this.#draining = true;
    try {
      for (let next = 0; next < this.#queue.length; next++) this.#queue[next]!();
    } finally {
      this.#queue = [];
      this.#draining = false;
    }
  }
}
