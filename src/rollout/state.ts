// What a rollout knows at one moment. `next` decides on it alone.
import type { StepCondition } from '../plan/agent-state.ts';
import type { PlannedAgent, Wave } from '../plan/waves.ts';
import type { Pause } from '../steps/control-app.ts';
import type { StepName } from '../steps/state.ts';

/** What an agent's turn tells: what its task reports, or why it reports nothing. */
export type TurnCondition = StepCondition;

/**
 * How an agent stands in the rollout. `failed`, `stalled`, `restart pending`, `out of time` (the time of `--until` came before it was
 * done) and `ready` end its turn.
 */
export type AgentStanding =
  | 'to come'
  | 'in turn'
  | 'ready'
  | 'failed'
  | 'stalled'
  | 'restart pending'
  | 'out of time'
  | 'left out';

export interface AgentProgress {
  agent: PlannedAgent;
  standing: AgentStanding;
  /** Why, for people; empty when there is nothing to say. */
  reason: string;
  /** What its turn said last, and since when (ms). */
  turn?: { condition: TurnCondition; since: number };
  /** When its turn was given, ms. */
  given?: number;
  /** When it came to its standing, ms. */
  since: number;
  /** Of a ready one: whether its steps themselves were seen ready since, each by its own check. */
  confirmed?: boolean;
}

export interface Turn {
  /** Version of the turn's app that gave it. */
  version: string;
  since: number;
  /** Ids of the agents that have it. */
  agents: readonly string[];
}

/** Whether the tasks of the apps are where they should be; by the last look at the whole group. */
export interface Placing {
  /** Agents of the waves with a task of every step at the wanted version. */
  placed: number;
  /** Steps' tasks that are there, of how many. */
  tasks: number;
  of: number;
  /** When this last changed, ms. */
  changed: number;
  /** Tasks of an earlier version that still are where one of the wanted version is to be. */
  old: readonly { id: string; host: string }[];
  /** Apps whose number of places is not that of the tasks that can be had. */
  settle: readonly Places[];
  /** Whether every app has as many tasks as it has places. */
  full: boolean;
}

export interface Places {
  step: StepName;
  /** Places that the app is to have. */
  instances: number;
}

export interface RolloutState {
  now: number;
  waves: readonly Wave[];
  /** Index of the last wave begun; -1 before the first. */
  at: number;
  maxFailures: number;
  /** No agent begins after it, ms. */
  until?: number;
  pauseAfterCanary: boolean;
  /** Somebody has asked for a pause. */
  paused?: Pause;
  /** Every agent of the waves, by id. */
  agents: ReadonlyMap<string, AgentProgress>;
  placing: Placing | undefined;
  /** Ids of tasks that were ended, as Marathon did not replace them. */
  ended: ReadonlySet<string>;
  /** Whose turn it is; undefined between waves. */
  turn: Turn | undefined;
  /** When the whole group was last looked at, ms; undefined once a wave has ended since. */
  looked: number | undefined;
}

export type StopReason =
  | 'canary failed'
  | 'canary stalled'
  | 'restart failed'
  | 'restart stalled'
  | 'too many failed';

export type Action =
  | { do: 'look'; afterMs: number; why: 'placing' | 'boundary' | 'confirming' }
  /** Each app gets as many places as there are tasks to be had. */
  | { do: 'settle'; apps: readonly Places[] }
  /** Marathon does not replace them, and would not for ever. */
  | { do: 'end old'; tasks: Placing['old'] }
  | { do: 'poll turn'; afterMs: number }
  | { do: 'give turn'; wave: number; agents: PlannedAgent[] }
  /** The wave's agents have all finished. */
  | { do: 'end wave'; wave: number }
  | { do: 'stop'; why: StopReason }
  | { do: 'pause'; why: 'after canary' | 'until' | 'asked' }
  | { do: 'finish' };
