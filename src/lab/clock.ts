// The lab's time: real, or virtual so that hours pass in milliseconds and in the same order each time.

export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  after(ms: number, run: () => void): Timer;
}

export const realClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return { cancel: () => clearTimeout(timer) };
  },
};

interface Due {
  at: number;
  order: number;
  run: () => void;
  cancelled: boolean;
}

/** A clock that moves only when it is told to. Timers run in the order of their times, those of one time in the order set. */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  #due: Due[] = [];

  constructor(start: number) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  after(ms: number, run: () => void): Timer {
    const due: Due = {
      at: this.#now + Math.max(0, Math.round(ms)),
      order: this.#order++,
      run,
      cancelled: false,
    };
    let low = 0;
    let high = this.#due.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#due[middle]!;
      if (other.at < due.at || (other.at === due.at && other.order < due.order)) low = middle + 1;
      else high = middle;
    }
    this.#due.splice(low, 0, due);
    return {
      cancel: () => {
        due.cancelled = true;
      },
    };
  }

  /** Timers that are set and not cancelled. */
  get waiting(): number {
    return this.#due.filter(({ cancelled }) => !cancelled).length;
  }

  /** Runs everything that falls due within `ms`, and leaves the time there. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#due[0];
      if (!next || next.at > end) break;
      this.#due.shift();
      if (next.cancelled) continue;
      this.#now = next.at;
      next.run();
    }
    this.#now = end;
  }
}
