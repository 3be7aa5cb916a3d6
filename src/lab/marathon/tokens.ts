// Marathon launches only so many tasks before it hears that they run (`--launch_token`, `--launch_token_refresh_interval`;
// mesosphere/marathon 1.11.24: core/flow/impl/OfferMatcherLaunchTokensActor.scala). There each change of a running task gives one
// back, and what bounds it then is Marathon's own speed (measured: 1,000 tasks in 84 s on two slow cores); here each task does once.

const TOKENS = 100;
const REFRESH_MS = 30_000;

export class LaunchTokens {
  #left = TOKENS;
  #refreshed: number;

  constructor(now: number) {
    this.#refreshed = now;
  }

  left(now: number): number {
    const passed = Math.floor((now - this.#refreshed) / REFRESH_MS);
    if (passed > 0) {
      this.#refreshed += passed * REFRESH_MS;
      this.#left = TOKENS;
    }
    return this.#left;
  }

  take(): void {
    this.#left--;
  }

  /** A launched task runs. */
  add(): void {
    this.#left++;
  }

  nextRefresh(): number {
    return this.#refreshed + REFRESH_MS;
  }
}
