// Of a plan, the restarts that are pending, and nothing else.

import { planNumbers } from './numbers.ts';
import type { Plan, PlanInput } from './types.ts';
import { planWaves } from './waves.ts';

/** @param only addresses of the agents that are meant; empty: all that have a restart pending */
export function restartsAlone(plan: Plan, { options, restartOnly: only = [] }: PlanInput): Plan {
  if (plan.refusal) return plan;
  const { put: _, ...rest } = plan;
  const restarts = (plan.restarts ?? []).filter(
    ({ agent }) => only.length === 0 || only.includes(agent.host),
  );
  const waves = planWaves({
    targets: restarts.map(({ agent }) => agent),
    restarts: new Set(restarts.map(({ agent }) => agent.id)),
    failedBefore: new Set(),
    ready: plan.ready,
    rollout: options.rollout,
  });
  const { seconds, reckonedFrom, hostsChanged, restarts: count } = planNumbers([], waves.waves, [], options);
  return {
    ...rest,
    ...waves,
    kind: restarts.length > 0 ? 'restart' : 'nothing',
    restartsAlone: true,
    differences: [],
    changes: [],
    effects: [],
    freed: [],
    supersedes: [],
    staleTurn: false,
    restarts,
    warnings: plan.warnings,
    numbers: {
      ...plan.numbers,
      tasksStarted: 0,
      tasksReplaced: 0,
      hostsChanged,
      restarts: count,
      seconds,
      reckonedFrom,
    },
  };
}
