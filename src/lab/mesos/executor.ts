// The command executor of one task: its life from launch to end, its check and its health check.
import type { Clock, Timer } from '../clock.ts';
import type { RunningTask, TaskInfo, TaskRunner } from '../types.ts';
import { Probe } from './probe.ts';

export interface Status {
  state: string;
  message?: string;
  reason?: string;
  healthy?: boolean;
  checkExitCode?: number;
  address?: string;
}

/** `strsignal` of those that a task meets; Mesos' message has the words, not the names. */
const SIGNALS: Record<string, string> = {
  SIGTERM: 'Terminated',
  SIGKILL: 'Killed',
  SIGHUP: 'Hangup',
  SIGINT: 'Interrupt',
  SIGPIPE: 'Broken pipe',
  SIGSEGV: 'Segmentation fault',
  SIGABRT: 'Aborted',
};

/** Linux takes no argument above 131,071 bytes, and Mesos hands command and environment to the container as one (measured). */
const MAX_ARGUMENT = 125 * 1024;

/** The command that was last measured: an app's tasks on thousands of agents have the same. */
let measured = { cmd: '', size: 2 };

export function argumentSize(task: TaskInfo): number {
  const environment = Object.entries(task.env).map(([name, value]) => ({ name, value, type: 'VALUE' }));
  const { cmd } = task;
  if (measured.cmd !== cmd) measured = { cmd, size: Buffer.byteLength(JSON.stringify(cmd)) };
  return measured.size + 2 * Buffer.byteLength(JSON.stringify(environment));
}

export interface ExecutorDependencies {
  clock: Clock;
  runner: TaskRunner;
  task: TaskInfo;
  /** Until the executor has registered with the agent: TASK_STARTING. */
  startMs: number;
  report: (status: Status) => void;
}

export class Executor {
  /** The task's sandbox, which outlives the task. */
  running: RunningTask | undefined;
  readonly #deps: ExecutorDependencies;
  #timer: Timer | undefined;
  #probes: Probe[] = [];
  #killed = false;
  #over = false;
  #healthy: boolean | undefined;
  #checkExitCode: number | undefined;
  #failures = 0;
  #graceUntil = 0;

  constructor(deps: ExecutorDependencies) {
    this.#deps = deps;
    this.#timer = deps.clock.after(deps.startMs, () => this.#start());
  }

  get over(): boolean {
    return this.#over;
  }

  kill(graceSeconds = this.#deps.task.killGraceSeconds): void {
    if (this.#over || this.#killed) return;
    this.#killed = true;
    this.#stopProbes();
    if (!this.running) {
      this.#timer?.cancel();
      this.#end({
        state: 'TASK_KILLED',
        message: 'Killed before delivery to the executor',
        reason: 'REASON_TASK_KILLED_DURING_LAUNCH',
      });
      return;
    }
    this.#report({ state: 'TASK_KILLING' });
    this.running.kill(graceSeconds);
  }

  /** The host went down under it, or the agent is no longer of this cluster: nothing more is reported. */
  abandon(): void {
    this.#over = true;
    this.#timer?.cancel();
    this.#stopProbes();
    this.running?.kill(0);
  }

  #start(): void {
    const { clock, runner, task } = this.#deps;
    this.#report({ state: 'TASK_STARTING' });
    if (argumentSize(task) > MAX_ARGUMENT) {
      this.#report({ state: 'TASK_RUNNING' });
      this.#end({
        state: 'TASK_FAILED',
        message: 'Command exited with status 7',
        reason: 'REASON_COMMAND_EXECUTOR_FAILED',
      });
      return;
    }
    try {
      this.running = runner.start(task, (status) => this.#exited(status));
    } catch (error) {
      this.#end({
        state: 'TASK_FAILED',
        message: `Failed to launch container: ${(error as Error).message}`,
        reason: 'REASON_CONTAINER_LAUNCH_FAILED',
      });
      return;
    }
    if (this.#over) return;
    this.#report({ state: 'TASK_RUNNING' });
    if (this.#over || this.#killed) return;
    const { check, healthCheck } = task;
    if (check) this.#probes.push(new Probe(clock, check, this.running, (code) => this.#checked(code)));
    if (healthCheck) {
      this.#graceUntil = clock.now() + healthCheck.gracePeriodSeconds * 1000;
      this.#probes.push(new Probe(clock, healthCheck, this.running, (code) => this.#healthChecked(code)));
    }
    this.running.watch?.(() => {
      for (const probe of this.#probes) probe.changed();
    });
  }

  #checked(code: number | null): { again: boolean } {
    const exitCode = code ?? undefined;
    // Said only when it changed (src/checks/checker_process.cpp, `processCheckResult`): a timed-out check has no result.
    if (exitCode !== this.#checkExitCode) {
      this.#checkExitCode = exitCode;
      this.#report({ state: 'TASK_RUNNING', reason: 'REASON_TASK_CHECK_STATUS_UPDATED' });
    }
    return { again: false };
  }

  #healthChecked(code: number | null): { again: boolean } {
    const reason = 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED';
    if (code === 0) {
      this.#failures = 0;
      if (this.#healthy !== true) {
        this.#healthy = true;
        this.#report({ state: 'TASK_RUNNING', reason });
      }
      return { again: false };
    }
    const { gracePeriodSeconds, maxConsecutiveFailures } = this.#deps.task.healthCheck!;
    // The grace period counts only before the first success (measured).
    const initializing = this.#healthy === undefined;
    if (initializing && gracePeriodSeconds > 0 && this.#deps.clock.now() <= this.#graceUntil) {
      return { again: this.#deps.clock.now() + 86_400_000 >= this.#graceUntil };
    }
    this.#failures++;
    this.#healthy = false;
    this.#report({ state: 'TASK_RUNNING', reason });
    if (this.#failures < maxConsecutiveFailures) return { again: true };
    this.kill();
    return { again: false };
  }

  #exited({ code, signal }: { code: number | null; signal: string | null }): void {
    if (this.#over) return;
    const how = signal ? `terminated with signal ${SIGNALS[signal] ?? signal}` : `exited with status ${code}`;
    const message = `Command ${how}`;
    if (this.#killed) this.#end({ state: 'TASK_KILLED', message });
    else if (code === 0 && !signal) this.#end({ state: 'TASK_FINISHED', message });
    else this.#end({ state: 'TASK_FAILED', message, reason: 'REASON_COMMAND_EXECUTOR_FAILED' });
  }

  #end(status: Status): void {
    if (this.#over) return;
    this.#over = true;
    this.#stopProbes();
    this.#report(status);
  }

  #stopProbes(): void {
    for (const probe of this.#probes) probe.stop();
    this.#probes = [];
  }

  #report(status: Status): void {
    const address = this.running?.address;
    this.#deps.report({
      ...status,
      healthy: this.#healthy,
      checkExitCode: this.#checkExitCode,
      ...(address === undefined ? {} : { address }),
    });
  }
}
