// Kills, a hundred at a time, repeated until Mesos answers (mesosphere/marathon 1.11.24: core/task/termination).
import type { Clock, Timer } from '../clock.ts';
import { type Change, consideredGone, type Instance, type Instances } from './instances.ts';

/** `--kill_chunk_size` and `--kill_retry_timeout`. */
const CHUNK = 100;
const RETRY_MS = 30_000;

export class Kills {
  readonly #queued = new Map<string, string>();
  readonly #inFlight = new Map<string, { taskId: string; issued: number }>();
  readonly #clock: Clock;
  readonly #killTask: (taskId: string) => void;
  readonly #instances: Instances;
  readonly #goals: boolean;
  #retry: Timer | undefined;

  constructor(clock: Clock, killTask: (taskId: string) => void, instances: Instances, goals: boolean) {
    this.#clock = clock;
    this.#killTask = killTask;
    this.#instances = instances;
    this.#goals = goals;
  }

  noticed({ instance, condition, goal, expunged }: Change): void {
    const { id } = instance;
    if (expunged || consideredGone(condition)) {
      const known = this.#queued.delete(id);
      if (this.#inFlight.delete(id) || known) this.#process();
      // Before goals, what cannot be reached was dropped from the books when it was to be killed (1.7, KillAction.scala).
      if (!this.#goals && !expunged && goal === 'Decommissioned') this.#instances.expunge(instance);
    } else if (goal === 'Decommissioned') {
      this.kill(instance);
    }
  }

  /** Kills the task and leaves the instance's goal as it is. */
  kill(instance: Instance): void {
    if (!instance.task || this.#inFlight.has(instance.id)) return;
    if (consideredGone(instance.condition)) {
      // No answer can be expected: it is given up, and killed if it ever reports (KillAction.Decommission).
      this.#instances.decommission(instance);
      return;
    }
    this.#queued.set(instance.id, instance.task.id);
    this.#process();
  }

  killUnknown(taskId: string): void {
    this.#killTask(taskId);
  }

  stop(): void {
    this.#retry?.cancel();
    this.#queued.clear();
    this.#inFlight.clear();
  }

  #process(): void {
    for (const [id, taskId] of this.#queued) {
      if (this.#inFlight.size >= CHUNK) break;
      this.#queued.delete(id);
      this.#inFlight.set(id, { taskId, issued: this.#clock.now() });
      this.#killTask(taskId);
    }
    if (this.#inFlight.size === 0) {
      this.#retry?.cancel();
      this.#retry = undefined;
    } else {
      this.#retry ??= this.#clock.after(RETRY_MS, () => this.#again());
    }
  }

  #again(): void {
    this.#retry = undefined;
    const now = this.#clock.now();
    for (const kill of this.#inFlight.values()) {
      if (kill.issued + RETRY_MS > now) continue;
      kill.issued = now;
      this.#killTask(kill.taskId);
    }
    this.#process();
  }
}
