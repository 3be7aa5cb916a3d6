// One step on one agent: what its task's check says, made exact by the step's own report where that was read.

import type { MarathonApp, MesosAgent } from '../dcos/types.ts';
import type { AgentStepState, StepCondition } from '../plan/agent-state.ts';
import type { StepStatus } from '../steps/state.ts';
import type { CellState, StepCell } from './model.ts';

/** A task is expected to have reported after this time; the first checks of Mesos come within 15 s. */
const REPORT_EXPECTED_MS = 60_000;
/** A task that ended is worth telling of for this long; Marathon starts it again within a minute. */
const FAILURE_FRESH_MS = 10 * 60_000;

const SAID_BY_MARATHON: Partial<Record<CellState, string>> = {
  'waiting for turn': 'waits for its turn',
  'old version': 'an older version of the task runs until Marathon has replaced it',
  'no report': 'its task says nothing',
};

/**
 * @param found what the tasks alone tell of the step
 * @param report the step's `status.json`, if it was read
 * @param now milliseconds since 1970
 * @param logs the last lines of tasks' output by task id, of those that were read
 */
export function stepCell(
  found: AgentStepState,
  agent: Pick<MesosAgent, 'hostname'>,
  app: MarathonApp | undefined,
  report: StepStatus | undefined,
  now: number,
  logs?: ReadonlyMap<string, readonly string[]>,
): StepCell {
  const { state, reason } = stateAndReason(found, agent, app, report, now);
  const log = logs?.get(found.task?.id ?? (state === 'ended' ? app!.lastTaskFailure!.taskId : ''));
  const cell = bareCell(found, state, reason);
  if (report) cell.report = report;
  if (log) cell.log = log;
  return cell;
}

/** With all its fields from the beginning: there are five of them for each of thousands of agents, and one that grows is made anew. */
function bareCell({ step, task }: AgentStepState, state: CellState, reason: string): StepCell {
  if (!task) return { step, state, reason };
  const { id: taskId, version, startedAt } = task;
  return startedAt
    ? { step, state, reason, taskId, version, startedAt }
    : { step, state, reason, taskId, version };
}

function stateAndReason(
  found: AgentStepState,
  agent: Pick<MesosAgent, 'hostname'>,
  app: MarathonApp | undefined,
  report: StepStatus | undefined,
  now: number,
): { state: CellState; reason: string } {
  if (found.state === 'no task') {
    const failure = app?.lastTaskFailure;
    if (failure && failure.host === agent.hostname && now - Date.parse(failure.timestamp) < FAILURE_FRESH_MS)
      return { state: 'ended', reason: `its task ended: ${failure.message || failure.state}` };
    return { state: 'no task', reason: '' };
  }
  if (found.state === 'no report') return unreported(found, report, now);
  if (report && report.state === found.state) return { state: found.state, reason: report.reason };
  // The file is read after Marathon's answer, so it is the newer of the two. Ready alone is only ever counted from the task.
  if (report && isReported(found.state) && found.state !== 'ready' && report.state !== 'ready')
    return { state: report.state, reason: report.reason };
  return { state: found.state, reason: SAID_BY_MARATHON[found.state] ?? '' };
}

function unreported(
  found: AgentStepState,
  report: StepStatus | undefined,
  now: number,
): { state: CellState; reason: string } {
  if (report && report.state !== 'ready') return { state: report.state, reason: report.reason };
  // Its check does not say so yet: the next one will.
  if (report) return { state: 'working', reason: 'ready, not yet confirmed by its check' };
  const startedAt = found.task?.startedAt ? Date.parse(found.task.startedAt) : Number.NaN;
  if (!(now - startedAt >= REPORT_EXPECTED_MS)) return { state: 'starting', reason: '' };
  return { state: 'no report', reason: SAID_BY_MARATHON['no report']! };
}

function isReported(state: StepCondition): boolean {
  return state !== 'starting' && state !== 'old version' && state !== 'unreachable' && state !== 'no task';
}
