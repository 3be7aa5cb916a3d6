// What `status` knows of a cluster: plain data, the same for the table, `status AGENT` and `--json`.

import type { StepCondition } from '../plan/agent-state.ts';
import type { AgentType } from '../plan/agent-type.ts';
import type { StepMode, StepName, StepStatus } from '../steps/state.ts';

/** An agent as a whole, worst first: the order of this list is the order of the table. */
export const AGENT_STATES = [
  'failed',
  'stands back',
  'drifted',
  'unreachable',
  'inactive',
  'gone',
  'no report',
  'restart pending',
  'no room',
  'draining',
  'deactivated',
  'not covered',
  'removing',
  'installing',
  'waiting',
  'excluded',
  'windows',
  'removed',
  'ready',
] as const;
export type AgentState = (typeof AGENT_STATES)[number];

/** Agents that Calico is not meant for: they are neither ready nor owed anything. */
export const LEFT_ALONE: ReadonlySet<AgentState> = new Set<AgentState>(['excluded', 'windows']);

/** Agents that are as wanted. */
export const GOOD: ReadonlySet<AgentState> = new Set<AgentState>(['ready', 'removed']);

/** `ended`: the step's task ended by itself and is not there again yet. */
export type CellState = StepCondition | 'ended';

export interface StepCell {
  step: StepName;
  state: CellState;
  /** The step's own sentence, or what is known without it; empty when ready. */
  reason: string;
  taskId?: string;
  /** Version of the app that the task was launched from. */
  version?: string;
  /** When the task was started, ISO 8601. */
  startedAt?: string;
  /** The step's own report, where it was read. */
  report?: StepStatus;
  /** The last lines that a failed step printed, where they were read. */
  log?: readonly string[];
}

export interface AgentInMesos {
  version: string;
  active: boolean;
  /** ISO 8601. */
  registeredAt: string;
  /** What Marathon could still use; memory in MiB. */
  free: { cpus: number; mem: number };
  total: { cpus: number; mem: number };
}

export interface AgentRow {
  /** Mesos' hostname, on DC/OS the agent's address. */
  address: string;
  id: string;
  type: AgentType | 'unknown';
  state: AgentState;
  /** Why, for people, without a full stop; empty when there is nothing to add. */
  reason: string;
  /** Since when, where that is known; ISO 8601. */
  since?: string;
  /** Absent where Mesos does not list it. */
  mesos?: AgentInMesos;
  /** In the order of the status's `steps`. */
  cells: StepCell[];
}

export type NoteCode =
  | 'rolled-back'
  | 'edited'
  | 'app-missing'
  | 'options-missing'
  | 'turn'
  | 'deployment'
  | 'removal-owed'
  | 'agents-gone'
  | 'agents-missing';

/** Something about the cluster as a whole that the operator should know. */
export interface Note {
  code: NoteCode;
  text: string;
  /** What to do about it: sentences or commands. */
  remedy: string[];
}

/** The last change that was made with this program. */
export interface Change {
  who: string;
  /** ISO 8601. */
  when: string;
  command: string;
  message: string;
}

/** The turn that is given out now. */
export interface Turn {
  agents: string[];
  /** Of these, the ones whose steps are all ready and settled. */
  done: string[];
  allows: string;
  /** ISO 8601; empty: no end. */
  until: string;
  since: string;
  /** Whether an agent is still at work in it, or about to be. */
  goingOn: boolean;
}

export interface Totals {
  agents: number;
  ready: number;
  leftAlone: number;
  /** Neither ready nor left alone. */
  notReady: number;
  byState: Partial<Record<AgentState, number>>;
}

export type Installed = 'installed' | 'not installed' | 'being removed';

export interface ClusterStatus {
  calico: Installed;
  /** The steps that have a column: those enabled, and those whose app is still there. */
  steps: { name: StepName; mode: StepMode }[];
  /** Worst first, then by address. */
  agents: AgentRow[];
  totals: Totals;
  notes: Note[];
  change?: Change;
  turn?: Turn;
  /** Agents that are not ready and whose reason was not asked for, to keep the number of requests bounded. */
  notAsked: number;
  marathon: { version: string; carrier: 'check' | 'health' };
  /** When the cluster was read, milliseconds since 1970. */
  readAt: number;
}
