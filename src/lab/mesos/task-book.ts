// The tasks that a master knows, and who is told of their updates.
import type { Clock } from '../clock.ts';
import type { TaskInfo, TaskUpdate } from '../types.ts';
import type { Status } from './executor.ts';
import { isTerminal, type LabTask, remember } from './task.ts';

/** Completed tasks that a master remembers of a framework (`--max_completed_tasks_per_framework`). */
const MAX_COMPLETED = 1000;

export class TaskBook {
  /** By id: those that are not over. */
  readonly live = new Map<string, LabTask>();
  /** Terminal ones, the oldest first. */
  completed: LabTask[] = [];
  readonly #clock: Clock;
  readonly #onCompleted: (task: LabTask) => void;
  readonly #listeners: ((update: TaskUpdate) => void)[] = [];

  constructor(clock: Clock, onCompleted: (task: LabTask) => void) {
    this.#clock = clock;
    this.#onCompleted = onCompleted;
  }

  listen(listener: (update: TaskUpdate) => void): void {
    this.#listeners.push(listener);
  }

  /** Takes a status in and tells of it. `fromExecutor`: it has a container, those that the master makes have none. */
  update(task: LabTask, status: Status, fromExecutor: boolean): void {
    const at = this.#clock.now();
    remember(task, { state: status.state, at, healthy: status.healthy, fromExecutor });
    if (isTerminal(status.state)) {
      this.live.delete(task.info.id);
      this.completed.push(task);
      if (this.completed.length > MAX_COMPLETED) this.completed.shift();
      this.#onCompleted(task);
    }
    const update: TaskUpdate = { taskId: task.info.id, agentId: task.info.agentId, state: status.state, at };
    if (status.message !== undefined) update.message = status.message;
    if (status.reason !== undefined) update.reason = status.reason;
    if (status.healthy !== undefined) update.healthy = status.healthy;
    if (status.checkExitCode !== undefined) update.checkExitCode = status.checkExitCode;
    if (status.address !== undefined) update.address = status.address;
    this.#tell(update);
  }

  /** The answer to a launch or kill that cannot be: about a task that there is not. */
  refuse(info: Pick<TaskInfo, 'id' | 'agentId'>, state: string, reason: string, message: string): void {
    // Not from within the caller's own step: the real answer comes over the wire.
    this.#clock.after(0, () =>
      this.#tell({ taskId: info.id, agentId: info.agentId, state, reason, message, at: this.#clock.now() }),
    );
  }

  #tell(update: TaskUpdate): void {
    for (const listener of this.#listeners) listener(update);
  }
}
