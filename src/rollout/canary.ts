import type { PlannedAgent, Wave } from '../plan/waves.ts';
import type { RolloutState } from './state.ts';

/**
 * Puts another agent of the same type in the place of a canary that can have no turn after all (it was deactivated, or has no
 * task): a canary that nobody is proves nothing. It is taken from the next wave, which becomes one smaller.
 */
export function refillCanary(state: RolloutState): RolloutState {
  if (state.turn) return state;
  const taken = new Set<string>();
  const waves: Wave[] = state.waves.map((wave, index) => {
    if (wave.kind !== 'canary' || index <= state.at) return wave;
    const agents = wave.agents.map((agent) => replacement(agent, state, taken) ?? agent);
    return { ...wave, agents };
  });
  if (taken.size === 0) return state;
  return {
    ...state,
    waves: waves.map((wave) =>
      wave.kind === 'canary' ? wave : { ...wave, agents: wave.agents.filter(({ id }) => !taken.has(id)) },
    ),
  };
}

function replacement(
  agent: PlannedAgent,
  { waves, agents }: RolloutState,
  taken: Set<string>,
): PlannedAgent | undefined {
  if (agents.get(agent.id)!.standing !== 'left out') return undefined;
  const other = waves
    .filter(({ kind }) => kind === 'rollout')
    .flatMap((wave) => wave.agents)
    .find(({ id, type }) => type === agent.type && !taken.has(id) && agents.get(id)!.standing === 'to come');
  if (other) taken.add(other.id);
  return other;
}
