// A check or a health check of one task: when it runs, not what its result means.
import type { Clock, Timer } from '../clock.ts';
import type { RunningTask } from '../types.ts';

export interface ProbeSpec {
  command: string;
  delaySeconds: number;
  intervalSeconds: number;
  timeoutSeconds: number;
}

/**
 * Runs a command in a task after `delaySeconds`, and again `intervalSeconds` after each result, as Mesos' checker does
 * (src/checks/checker_process.cpp). A task that is only modelled is asked when it says that something changed, at the
 * next time at which a real one would be: thousands of idle tasks then cost no timers.
 */
export class Probe {
  readonly #clock: Clock;
  readonly #spec: ProbeSpec;
  readonly #task: RunningTask;
  readonly #onResult: (code: number | null) => { again: boolean };
  readonly #firstAt: number;
  #timer: Timer | undefined;
  #stopped = false;
  /** Before the first run a change needs nothing: that run will see it. */
  #ran = false;

  constructor(
    clock: Clock,
    spec: ProbeSpec,
    task: RunningTask,
    onResult: (code: number | null) => { again: boolean },
  ) {
    this.#clock = clock;
    this.#spec = spec;
    this.#task = task;
    this.#onResult = onResult;
    this.#firstAt = clock.now() + spec.delaySeconds * 1000;
    this.#timer = clock.after(spec.delaySeconds * 1000, () => this.#run());
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** The modelled task's results may have changed. */
  changed(): void {
    if (this.#stopped || this.#timer || !this.#ran) return;
    const interval = Math.max(1, this.#spec.intervalSeconds * 1000);
    const since = this.#clock.now() - this.#firstAt;
    this.#timer = this.#clock.after(interval - (since % interval), () => this.#run());
  }

  #run(): void {
    this.#timer = undefined;
    this.#ran = true;
    if (this.#task.result) {
      const { again } = this.#onResult(this.#task.result(this.#spec.command));
      if (again) this.changed();
      return;
    }
    const { command, timeoutSeconds, intervalSeconds } = this.#spec;
    // A command that could not even be run has no result, as one that timed out.
    const ran = this.#task.run(command, timeoutSeconds).catch(() => null);
    void ran.then((code) => {
      if (!this.#stopped) this.#onResult(code);
      if (!this.#stopped) this.#timer = this.#clock.after(intervalSeconds * 1000, () => this.#run());
    });
  }
}
