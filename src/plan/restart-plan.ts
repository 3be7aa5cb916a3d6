// Of a plan, the restarts that are pending, and nothing else.

import { isLive } from './agent-state.ts';
import { planNumbers } from './numbers.ts';
import { turnApp } from './turn-app.ts';
import type { Plan, PlanInput } from './types.ts';
import { planWaves } from './waves.ts';

/** @param only addresses of the agents that are meant; empty: all that have a restart pending */
export function restartsAlone(plan: Plan, input: PlanInput): Plan {
  if (plan.refusal) return plan;
  const { options, restartOnly: only = [] } = input;
  const { put: _, ...rest } = plan;
  const meant = ({ host }: { host: string }) => only.length === 0 || only.includes(host);
  const restarts = (plan.restarts ?? []).filter(({ agent }) => meant(agent));
  const begun = inTurn(input);
  const targets = plan.waves
    .flatMap(({ agents }) => agents)
    .filter(({ id }) => restarts.some(({ agent }) => agent.id === id) || begun.has(id))
    .filter(meant);
  const waves = planWaves({
    targets,
    restarts: new Set(targets.map(({ id }) => id)),
    failedBefore: new Set(),
    ready: plan.ready,
    rollout: options.rollout,
  });
  const { seconds, reckonedFrom, hostsChanged, restarts: count } = planNumbers([], waves.waves, [], options);
  return {
    ...rest,
    ...waves,
    kind: targets.length > 0 ? 'restart' : plan.staleTurn ? 'go on' : 'nothing',
    restartsAlone: true,
    differences: [],
    changes: [],
    effects: [],
    freed: [],
    supersedes: [],
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

/**
 * Ids of agents that an earlier run gave the turn to restart: what it began there is finished, also where the restart itself is done by
 * now. Without its turn such an agent would stay half set up.
 */
function inTurn({ group }: PlanInput): ReadonlySet<string> {
  const turn = turnApp(group);
  if (turn?.env.DCOS_CALICO_TURN_ALLOWS !== 'restart') return new Set();
  return new Set((turn.tasks ?? []).filter(isLive).flatMap(({ slaveId }) => slaveId ?? []));
}
