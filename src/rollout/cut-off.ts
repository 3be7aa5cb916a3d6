import { UserError } from '../errors.ts';
import { isFinished } from './next.ts';
import type { RolloutState } from './state.ts';

/** The errors that already say how to go on, or that nothing was begun by this run. */
const SAID = new Set([
  'changed-meanwhile',
  'marathon-locked',
  'marathon-rejected',
  'marathon-full',
  'locked',
]);

/** An error in the middle of a rollout: what goes on without this command, and that the same command takes it up again. */
export function cutOff(error: UserError, state: RolloutState): UserError {
  const { problem } = error;
  if (SAID.has(problem.code)) return error;
  const open = state.turn?.agents.filter((id) => !isFinished(state.agents.get(id)!)).length ?? 0;
  const goesOn =
    open === 0
      ? 'No agent is at work, and none begins.'
      : `${open === 1 ? '1 agent finishes its turn' : `${open} agents finish their turn`}, and no further agent begins.`;
  return new UserError(
    {
      ...problem,
      remedy: [...(problem.remedy ?? []), 'dcos calico install          goes on where it was', goesOn],
    },
    { cause: error },
  );
}

/** What is read or tidied once the agents had their turns: an error there says as much how to go on as one in the middle. */
export async function afterwards<T>(state: RolloutState, rest: () => Promise<T>): Promise<T> {
  try {
    return await rest();
  } catch (error) {
    throw error instanceof UserError ? cutOff(error, state) : error;
  }
}
