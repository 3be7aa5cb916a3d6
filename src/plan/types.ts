// What a plan is made from, and what it is.
import type {
  GroupDefinition,
  MarathonDeployment,
  MarathonGroup,
  MarathonTask,
  MesosAgent,
} from '../dcos/types.ts';
import type { ExitCode } from '../errors.ts';
import type { OptionDifference } from '../options/differences.ts';
import type { Options } from '../options/types.ts';
import type { InstalledOptions } from '../steps/options-app.ts';
import type { Carrier, StepMode, StepName } from '../steps/state.ts';
import type { Resolved } from './count.ts';
import type { StepEffect } from './effects.ts';
import type { LeftOutKind } from './eligibility.ts';
import type { Stray } from './instances.ts';
import type { KeptForGone } from './kept-for-gone.ts';
import type { PlannedRestart, RestartNeed } from './restarts.ts';
import type { PlannedAgent, Wave } from './waves.ts';

export interface PlanInput {
  options: Options;
  /** What a first install records, where that is not all of `options`: a canary that was named for one run is not for the next. */
  recorded?: Options;
  /** What `/calico/options` holds. */
  installed: InstalledOptions | undefined;
  /** From Mesos. An empty list means no agents: a recovering master's answer must not get here. */
  agents: readonly MesosAgent[];
  /** `/calico` with apps, tasks and subgroups; undefined when there is none. */
  group: MarathonGroup | undefined;
  deployments: readonly MarathonDeployment[];
  marathon: { version: string; carrier: Carrier };
  /** The options are those before the installed ones: going back is no change of its own to go back from. */
  undo?: boolean;
  /** Excluded agents that have Calico are left as they are, instead of stopping the plan. */
  leave?: boolean;
  /** What cannot be changed on a living network was changed by hand already: it is only to be recorded. */
  migrated?: boolean;
  /** By agent id: what those that were asked say of a restart. An empty reason: none is needed. */
  restarts?: ReadonlyMap<string, RestartNeed>;
  /** By app id: ids of all agents with a task of it, of apps that a wave of restarts may take down as a whole. */
  runsOn?: ReadonlyMap<string, readonly string[]>;
  /** Nothing is restarted: who needs it stays `restart pending`. */
  noRestart?: boolean;
  /** Who has asked for a pause that is still there, with why: going on ends it. */
  paused?: string | undefined;
  /** Pending restarts alone, on these agents (addresses); empty: on all. */
  restartOnly?: readonly string[];
  /** By agent id: agents that alone are to be brought back, with why each. */
  repair?: ReadonlyMap<string, string>;
  /** By agent id: agents that the rollout goes on without, with why. */
  skipped?: ReadonlyMap<string, string>;
  /** Ids of agents that said themselves that they failed, where Marathon cannot tell it (< 1.8). */
  failed?: ReadonlySet<string>;
  /** Who asks for what, for `/calico/options`. */
  who: string;
  command: string;
  message: string;
  /** Milliseconds since 1970. */
  now: number;
}

export type PlanKind =
  /** Every agent that can be is ready. */
  | 'nothing'
  /** Nothing of ours is there. */
  | 'install'
  /** The number of agents changed: `instances` alone. */
  | 'cover'
  /** Apps differ from what the installed options make of them: put back as they should be. */
  | 'put back'
  /** The options differ from the installed ones: what depends on them is rolled. */
  | 'change'
  /** Steps that are off were verified absent on every agent: their apps go. */
  | 'drop'
  /** The apps are as wanted; agents are still waiting for their turn. */
  | 'go on'
  /** Restarts alone. */
  | 'restart'
  /** Agents that went bad, joined or were replaced, and what blocks them. */
  | 'repair'
  | 'refused';

export interface AppChange {
  step: StepName | 'options';
  how: 'create' | 'scale' | 'replace' | 'drop';
  /** `absent`: the step's tasks take it off the agents. */
  mode: StepMode;
  /** Instances before and after. */
  from: number;
  to: number;
  /** Names of the app's fields that differ, for `replace`. */
  fields: string[];
  /** Tasks that end and are started anew. */
  replaced: number;
}

export interface LeftOut {
  agent: PlannedAgent;
  kind: LeftOutKind | 'unreachable' | 'skipped';
  /** For people, without a full stop. */
  reason: string;
}

export interface Refusal {
  code: string;
  what: string;
  why: string;
  remedy: string[];
  exit: ExitCode;
}

export interface PlanNumbers {
  tasksStarted: number;
  tasksReplaced: number;
  /** Agents that get a turn. */
  hostsChanged: number;
  /** Of them, those on which a daemon is restarted. */
  restarts: number;
  /** What all our tasks on one agent reserve, and on all. */
  perAgent: { cpus: number; mem: number };
  inAll: { cpus: number; mem: number; agents: number };
  /** Estimated, with what it was reckoned from. */
  seconds: number;
  reckonedFrom: string;
}

export interface Plan {
  kind: PlanKind;
  /** Only pending restarts were asked for: of anything else it says nothing. */
  restartsAlone?: boolean;
  refusal?: Refusal;
  differences: OptionDifference[];
  /** All that have an app when the plan is carried out: those that the options want, and those that are taken off. */
  steps: StepName[];
  /** Those of `steps` that are taken off every agent; their apps go once that is verified. */
  removing?: StepName[];
  /** Of those, what stays for agents that are gone. */
  keptFor?: KeptForGone;
  /** The one PUT of the group; undefined when the apps are as wanted. */
  put?: GroupDefinition;
  changes: AppChange[];
  /** What the changes do, step by step. */
  effects?: StepEffect[];
  /** Instances that nothing will ever report from again: their place is given free before the PUT. */
  freed: { task: MarathonTask; reason: string }[];
  /** Version of each app that the plan was made from, by id. Read again before each write. */
  versions: Record<string, string>;
  /** A turn was left by a rollout that nobody leads any more, and no agent needs one. */
  staleTurn: boolean;
  /** Our own deployments that only wait for room or agents and that the PUT may supersede. */
  supersedes: string[];
  waves: Wave[];
  /** Steps whose app's deployment was, or is then, cut off in the middle: taken up again, all its tasks started anew. */
  takenUp?: StepName[];
  /** Of a repair: why each agent of the waves is in it. */
  repairs?: { agent: PlannedAgent; reason: string }[];
  /** The agents of the waves that restart, with why and what is interrupted. */
  restarts?: PlannedRestart[];
  /** Ready before we came. */
  ready: PlannedAgent[];
  leftOut: LeftOut[];
  /** Of those left out, where Marathon may start tasks all the same: each step's app has a place for them until all others have theirs. */
  strays?: Stray[];
  maxConcurrent: Resolved;
  maxFailures: Resolved;
  numbers: PlanNumbers;
  warnings: string[];
}
