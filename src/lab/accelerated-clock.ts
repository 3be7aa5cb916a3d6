// Time that runs faster than the real one, for a practice cluster whose agents are only modelled.
import { VirtualClock } from './clock.ts';

/** How often it catches up, in real milliseconds. What falls due in between runs in its order, each at its own time. */
const TICK_MS = 20;

export class AcceleratedClock extends VirtualClock {
  readonly speed: number;
  readonly #startedAt: number;
  readonly #realStart = performance.now();
  readonly #timer: NodeJS.Timeout;

  /** `speed`: seconds of the lab in one real second. Begins now, unless `start` says otherwise. */
  constructor(speed: number, start = Date.now()) {
    super(start);
    this.speed = speed;
    this.#startedAt = start;
    this.#timer = setInterval(() => this.catchUp(), TICK_MS);
  }

  /** Lets everything happen that is due by now. */
  catchUp(): void {
    const due = Math.floor(this.#startedAt + (performance.now() - this.#realStart) * this.speed);
    if (due > this.now()) this.advance(due - this.now());
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
