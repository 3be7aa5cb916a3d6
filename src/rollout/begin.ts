// What a rollout knows before it has looked.
import type { MarathonGroup } from '../dcos/types.ts';
import type { Carrying } from './carry-out.ts';
import type { RolloutState } from './state.ts';

/** `/calico`, or the one of its subgroups that has the steps' apps. */
export function stepsGroup(group: MarathonGroup | undefined, id = '/calico'): MarathonGroup | undefined {
  if (!group || group.id === id) return group;
  return (group.groups ?? []).map((one) => stepsGroup(one, id)).find(Boolean);
}

/** Nobody has had a turn. */
export function begin({ plan, time, pauseAfterCanary, until }: Carrying): RolloutState {
  const now = time.now();
  const agents = plan.waves.flatMap((wave) => wave.agents);
  return {
    now,
    waves: plan.waves,
    at: -1,
    maxFailures: plan.maxFailures.count,
    ...(until === undefined ? {} : { until }),
    pauseAfterCanary,
    agents: new Map(
      agents.map((agent) => [agent.id, { agent, standing: 'to come', reason: '', since: now }] as const),
    ),
    placing: undefined,
    ended: new Set(),
    turn: undefined,
    looked: undefined,
  };
}
