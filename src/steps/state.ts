// A step's state, as its task reports it: the exit code of its check, or, on Marathon < 1.8, of its health check.
import type { MarathonTask } from '../dcos/types.ts';

export const STEP_NAMES = ['etcd-proxy', 'docker', 'cni', 'libnetwork', 'node'] as const;
export type StepName = (typeof STEP_NAMES)[number];

/** `present`: the step's part of Calico is on the host. `absent`: it is taken off again. */
export type StepMode = 'present' | 'absent';

export const STATE_CODES = {
  ready: 0,
  'waiting for step': 10,
  'waiting for turn': 11,
  working: 12,
  'restart pending': 13,
  failed: 20,
  drifted: 21,
  'stands back': 30,
} as const;

export type ReportedState = keyof typeof STATE_CODES;
export type StepState = ReportedState | 'no report';

/** How a task's state reaches Marathon: by the app field `check` (Marathon ≥ 1.8) or by its health check alone. */
export type Carrier = 'check' | 'health';

const BY_CODE = new Map<number, ReportedState>(
  Object.entries(STATE_CODES).map(([state, code]) => [code, state as ReportedState]),
);

/**
 * The state that a running task reports. With the health check as carrier a step that is not ready says nothing, or,
 * once it was ready, that it is lost: both are "no report", and `status.json` in the task's sandbox says more.
 */
export function reportedState(task: MarathonTask, carrier: Carrier): StepState {
  if (task.state !== 'TASK_RUNNING') return 'no report';
  if (carrier === 'check') return BY_CODE.get(task.checkResult?.command?.exitCode ?? -1) ?? 'no report';
  return task.healthCheckResults?.some((result) => result.alive) ? 'ready' : 'no report';
}

/** What a step writes to `status.json` in its sandbox, whenever it has looked. */
export interface StepStatus {
  step: StepName | 'turn';
  state: ReportedState;
  /** One sentence for the operator; empty when ready. */
  reason: string;
  /** More, for `status AGENT`: facts measured on the host. */
  detail: Record<string, unknown>;
  wanted: Record<string, unknown>;
  found: Record<string, unknown>;
  /**
   * What it waits for or asks of the operator: step names, `turn`, `restart docker`, `restart agent`; `plan` beside a restart that
   * this turn allows and that is not done, as it would interrupt what the plan does not name (`detail['not named']`).
   */
  needs: string[];
  /** ISO 8601, UTC. */
  checkedAt: string;
}
