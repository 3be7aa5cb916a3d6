// Mesos' task states as conditions of instances, and back (mesosphere/marathon 1.11.24: task/TaskConditionMapping, condition/Condition.scala).
import type { Condition } from './instances.ts';

const OF_STATE: Record<string, Condition> = {
  TASK_STAGING: 'Staging',
  TASK_STARTING: 'Starting',
  TASK_RUNNING: 'Running',
  TASK_KILLING: 'Killing',
  TASK_FINISHED: 'Finished',
  TASK_FAILED: 'Failed',
  TASK_KILLED: 'Killed',
  TASK_ERROR: 'Error',
  TASK_DROPPED: 'Dropped',
  TASK_GONE: 'Gone',
  TASK_GONE_BY_OPERATOR: 'Gone',
  TASK_UNREACHABLE: 'Unreachable',
  TASK_UNKNOWN: 'Unknown',
};

/** What TASK_LOST meant, by its reason, before Mesos told the cases apart. */
const LOST: Record<string, Condition> = {
  REASON_INVALID_OFFERS: 'Dropped',
  REASON_RECONCILIATION: 'Unknown',
  REASON_SLAVE_UNKNOWN: 'Unknown',
  REASON_SLAVE_REMOVED: 'Unreachable',
};

export function conditionOf(state: string, reason?: string): Condition {
  if (state === 'TASK_LOST') return LOST[reason ?? ''] ?? 'Dropped';
  return OF_STATE[state] ?? 'Unknown';
}

const STATES: Partial<Record<Condition, string>> = {
  UnreachableInactive: 'TASK_UNREACHABLE',
  Gone: 'TASK_GONE',
};
for (const [state, condition] of Object.entries(OF_STATE)) STATES[condition] ??= state;

/** As it stands in `state` of a task. */
export function stateOf(condition: Condition): string {
  return STATES[condition] ?? 'TASK_STAGING';
}

/** Reported of a task that Marathon does not know, it is killed. */
export function livesOn(condition: Condition): boolean {
  return ['Scheduled', 'Provisioned', 'Staging', 'Starting', 'Running'].includes(condition);
}
