// What a rollout tells while it goes on; the view makes lines or phases of it.
import type { PlannedAgent, Wave } from '../plan/waves.ts';
import type { AgentProgress, RolloutState } from './state.ts';

export type RolloutEvent =
  /** The group was put: tasks are being started. */
  | { type: 'applied'; tasks: number; replaced: number }
  /** Apps of steps that every agent was verified without are gone. */
  | { type: 'dropped'; steps: string[] }
  /** Instances whose agent is gone for good were given free. */
  | { type: 'freed'; hosts: string[] }
  /** Tasks of an earlier version were ended that Marathon did not replace. */
  | { type: 'ended'; hosts: string[] }
  /** Something moved, or did not: the state says what. Sent after every look. */
  | { type: 'looked' }
  | { type: 'wave began'; wave: number; kind: Wave['kind']; agents: readonly PlannedAgent[] }
  /** An agent came to the end of its turn, or left the rollout. */
  | { type: 'agent'; progress: AgentProgress }
  | { type: 'wave ended'; wave: number; seconds: number }
  /** The cluster does not answer; it is asked again. */
  | { type: 'no answer'; why: string };

export type Listener = (event: RolloutEvent, state: RolloutState) => void;
