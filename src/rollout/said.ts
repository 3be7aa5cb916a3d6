// What people have said of a rollout meanwhile, folded into what it knows.
import type { Control } from '../steps/control-app.ts';
import type { RolloutState } from './state.ts';

/** Whether to pause, and whom to go on without. An agent in its turn that is skipped finishes what it has begun; it is not waited for. */
export function withControl(state: RolloutState, { paused, skipped }: Control): RolloutState {
  const agents = new Map(state.agents);
  for (const { id, who, why } of skipped) {
    const progress = agents.get(id);
    if (!progress || (progress.standing !== 'to come' && progress.standing !== 'in turn')) continue;
    agents.set(id, { ...progress, standing: 'left out', reason: skipReason({ who, why }), since: state.now });
  }
  const { paused: _, ...rest } = state;
  return { ...rest, agents, ...(paused ? { paused } : {}) };
}

export function skipReason({ who, why }: { who: string; why: string }): string {
  return `skipped by ${who}${why ? `: ${why}` : ''}`;
}
