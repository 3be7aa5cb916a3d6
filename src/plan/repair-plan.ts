// Of a plan, what brings agents back that went bad; who only waits for a rollout to go on is left to that.

import { GroupTasks } from './agent-state.ts';
import { planNumbers } from './numbers.ts';
import type { Plan, PlanInput } from './types.ts';
import { isRemoval } from './uninstall-apps.ts';
import { beingRemoved, notInstalled } from './uninstall-refusals.ts';

/** Waves of the agents of `input.repair` alone. What clears the way for them, and for the next rollout, stays in the plan. */
export function repairAlone(plan: Plan, { installed, group, options, repair = new Map() }: PlanInput): Plan {
  if (plan.refusal) return plan;
  if (!installed) return { ...plan, kind: 'refused', refusal: notInstalled() };
  if (isRemoval(new GroupTasks(group))) return { ...plan, kind: 'refused', refusal: beingRemoved() };
  const waves = plan.waves
    .map((wave) => ({ ...wave, agents: wave.agents.filter(({ id }) => repair.has(id)) }))
    .filter(({ agents }) => agents.length > 0);
  const targets = new Set(waves.flatMap(({ agents }) => agents.map(({ id }) => id)));
  const clears = plan.put !== undefined || plan.freed.length > 0 || (plan.takenUp ?? []).length > 0;
  const { seconds, reckonedFrom, hostsChanged, restarts } = planNumbers(plan.changes, waves, [], options);
  return {
    ...plan,
    kind: waves.length > 0 || clears ? 'repair' : plan.staleTurn ? 'go on' : 'nothing',
    waves,
    restarts: (plan.restarts ?? []).filter(({ agent }) => targets.has(agent.id)),
    repairs: waves.flatMap(({ agents }) => agents.map((agent) => ({ agent, reason: repair.get(agent.id)! }))),
    numbers: { ...plan.numbers, seconds, reckonedFrom, hostsChanged, restarts },
  };
}
