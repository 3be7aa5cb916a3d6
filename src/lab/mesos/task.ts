// A task as the master keeps it.
import type { TaskInfo } from '../types.ts';
import type { Executor, Status } from './executor.ts';
import type { Bundle } from './resources.ts';

export interface TaskStatus {
  state: string;
  /** Milliseconds since 1970. */
  at: number;
  healthy?: boolean;
  /** Statuses that the master makes itself have no container. */
  fromExecutor: boolean;
}

export interface LabTask {
  info: TaskInfo;
  /** Its agent's address. */
  host: string;
  state: string;
  statuses: TaskStatus[];
  containerId: string;
  launchedAt: number;
  executor: Executor;
  /** What it holds of its agent, all of it under the agent's one role. */
  resources: Bundle;
  /** What the executor said last: repeated when an agent comes back. */
  last: Status;
  /** The executor said it while agent and master did not speak to each other. */
  unheard: boolean;
  /** The agent is not there to be told. */
  killPending: boolean;
}

export function resourcesOf({ cpus, mem, disk, ports }: TaskInfo): Bundle {
  return { cpus, mem, disk, ports: ports.map(({ port }) => [port, port]) };
}

/** A task that was launched just now; its executor is to be set. */
export function stagedTask(
  info: TaskInfo,
  host: string,
  resources: Bundle,
  containerId: string,
  launchedAt: number,
): LabTask {
  return {
    info,
    host,
    resources,
    containerId,
    launchedAt,
    state: 'TASK_STAGING',
    statuses: [],
    last: { state: 'TASK_STAGING' },
    unheard: false,
    killPending: false,
  } as unknown as LabTask;
}

const TERMINAL = new Set([
  'TASK_FINISHED',
  'TASK_FAILED',
  'TASK_KILLED',
  'TASK_LOST',
  'TASK_DROPPED',
  'TASK_ERROR',
  'TASK_GONE',
  'TASK_GONE_BY_OPERATOR',
]);

export function isTerminal(state: string): boolean {
  return TERMINAL.has(state);
}

/** Adds a status as the master does: one of the state that the last has replaces it. */
export function remember(task: LabTask, status: TaskStatus): void {
  task.state = status.state;
  if (task.statuses.at(-1)?.state === status.state) task.statuses.pop();
  task.statuses.push(status);
}

export function sandboxPath(task: LabTask): string {
  return `/var/lib/mesos/slave/slaves/${task.info.agentId}/frameworks/${task.info.frameworkId}/executors/${task.info.id}/runs/${task.containerId}`;
}
