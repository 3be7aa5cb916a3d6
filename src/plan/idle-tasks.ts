// An agent with room for some of the tasks only may have them all the same (`strays`): they keep the place of that app from being given
// to it when another agent restarts, and do nothing. Whoever looks is to know what they are.
import type { StepName } from '../steps/state.ts';
import type { StepCondition } from './agent-state.ts';

/** Of a step that has done nothing on its agent, nor ever had the turn for it. */
const IDLE: ReadonlySet<string> = new Set<StepCondition>([
  'starting',
  'old version',
  'no report',
  'waiting for step',
  'waiting for turn',
]);

/** Steps whose tasks are on an agent for nothing: some tasks are missing there, and none has anything to report. */
export function idleTasks(states: readonly { step: StepName; state: string }[]): StepName[] {
  const here = states.filter(({ state }) => state !== 'no task');
  const idle = here.length > 0 && here.length < states.length && here.every(({ state }) => IDLE.has(state));
  return idle ? here.map(({ step }) => step) : [];
}

/** The reason why an agent has no room, with what its tasks are there for. */
export function withIdleTasks(reason: string, states: readonly { step: StepName; state: string }[]): string {
  const idle = idleTasks(states);
  if (idle.length === 0) return reason;
  const does = idle.length === 1 ? 'the task there does' : 'the tasks there do';
  return `${reason} (${idle.join(', ')}: ${does} nothing until there is)`;
}
