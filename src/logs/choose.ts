// Which task's output is a step's: the newest that lives on the agent, else the one whose end Marathon remembers.
import type { MarathonApp, MarathonGroup, MarathonTask } from '../dcos/types.ts';
import { isLive, stepOf } from '../plan/agent-state.ts';
import { turnApp } from '../plan/turn-app.ts';
import type { StepName } from '../steps/state.ts';

export type LogStep = StepName | 'turn';

export interface LogTask {
  id: string;
  agentId: string;
  /** Version of the app that it was launched from. */
  version: string;
  /** ISO 8601; absent before it runs. */
  startedAt?: string;
  /** Of a task that is over: when (ISO 8601), and why in Mesos' words. */
  ended?: { when: string; why: string };
}

export function appOf(group: MarathonGroup | undefined, step: LogStep): MarathonApp | undefined {
  return step === 'turn' ? turnApp(group) : group?.apps.find(({ id }) => stepOf(id) === step);
}

/** @param agentId only the id counts: an address can come to belong to another agent */
export function logTask(app: MarathonApp | undefined, agentId: string): LogTask | undefined {
  const [newest] = (app?.tasks ?? [])
    .filter((task) => isLive(task) && task.slaveId === agentId)
    .sort(newestFirst);
  if (newest) {
    const { id, version, startedAt } = newest;
    return { id, agentId, version, ...(startedAt && { startedAt }) };
  }
  const last = app?.lastTaskFailure;
  if (!last || last.slaveId !== agentId) return undefined;
  const ended = { when: last.timestamp, why: last.message || last.state };
  return { id: last.taskId, agentId, version: last.version, ended };
}

function newestFirst(a: MarathonTask, b: MarathonTask): number {
  return b.version.localeCompare(a.version) || (b.stagedAt ?? '').localeCompare(a.stagedAt ?? '');
}
