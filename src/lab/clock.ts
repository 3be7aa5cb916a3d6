// The lab's time: real, or virtual so that hours pass in milliseconds and in the same order each time.
import { type Due, TimerHeap } from './timer-heap.ts';

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

/** The real time, with timers that can all be taken back at once. */
export class RealClock implements Clock {
  readonly #timers = new Set<NodeJS.Timeout>();
  #stopped = false;

  now(): number {
    return Date.now();
  }

  after(ms: number, run: () => void): Timer {
    // Tasks that end because the lab does are news to nobody.
    if (this.#stopped) return { cancel() {} };
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, ms);
    this.#timers.add(timer);
    return {
      cancel: () => {
        clearTimeout(timer);
        this.#timers.delete(timer);
      },
    };
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}

/** A clock that moves only when it is told to. Timers run in the order of their times, those of one time in the order set. */
export class VirtualClock implements Clock {
  #now: number;
  #order = 0;
  readonly #due = new TimerHeap();

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
    this.#due.push(due);
    return {
      cancel: () => {
        due.cancelled = true;
      },
    };
  }

  /** Timers that are set and not cancelled. */
  get waiting(): number {
    return this.#due.waiting;
  }

  /** Runs everything that falls due within `ms`, and leaves the time there. */
  advance(ms: number): void {
    const end = this.#now + ms;
    for (;;) {
      const next = this.#due.peek();
      if (!next || next.at > end) break;
      this.#due.pop();
      if (next.cancelled) continue;
      this.#now = next.at;
      next.run();
    }
    this.#now = end;
  }
}
