// Carries a plan out on the model, by the same decisions and the same folding as the real one, until it ends or is cut off.
import type { Options } from '../../src/options/types.ts';
import type { Plan } from '../../src/plan/types.ts';
import { refillCanary } from '../../src/rollout/canary.ts';
import { next } from '../../src/rollout/next.ts';
import {
  withGroup,
  withOldEnded,
  withPlacesSettled,
  withTurn,
  withTurnGiven,
} from '../../src/rollout/observe.ts';
import type { Action, RolloutState } from '../../src/rollout/state.ts';
import type { ModelCluster } from './model.ts';

const NO_REPORTS = new Map();

export interface Run {
  /** Undefined: cut off. */
  ending: Extract<Action, { do: 'stop' | 'pause' | 'finish' }> | undefined;
  state: RolloutState;
}

export function begin(plan: Plan, now: number, change: Partial<RolloutState> = {}): RolloutState {
  return {
    now,
    waves: plan.waves,
    at: -1,
    maxFailures: plan.maxFailures.count,
    pauseAfterCanary: false,
    agents: new Map(
      plan.waves
        .flatMap(({ agents }) => agents)
        .map((agent) => [agent.id, { agent, standing: 'to come' as const, reason: '', since: now }]),
    ),
    placing: undefined,
    ended: new Set(),
    turn: undefined,
    looked: undefined,
    ...change,
  };
}

/** @param most actions to take before it is cut off, as if the command had been killed */
export function runOnModel(
  cluster: ModelCluster,
  plan: Plan & { options?: Options },
  most = 10_000,
  change: Partial<RolloutState> = {},
): Run {
  const named = new Set(plan.waves.flatMap(({ agents }) => agents.map(({ host }) => host)));
  cluster.wipe(new Set(plan.freed.map(({ task }) => task.id)));
  if (plan.put) cluster.put(plan.put);
  let state = begin(plan, cluster.now, change);
  const marathon = { version: '1.9.136', carrier: 'check' as const };
  for (let taken = 0; taken < most; taken++) {
    cluster.now += 2000;
    state = { ...state, now: cluster.now };
    const action = next(state);
    switch (action.do) {
      case 'look': {
        cluster.place();
        const look = {
          group: cluster.group(),
          agents: cluster.agents.map(({ mesos }) => mesos),
          steps: plan.steps,
          carrier: marathon.carrier,
          options: plan.options ?? cluster.options,
          strays: plan.strays ?? [],
        };
        state = refillCanary(withGroup(state, look));
        break;
      }
      case 'settle':
        for (const { step, instances } of action.apps) cluster.scale(step, instances);
        state = withPlacesSettled(state);
        break;
      case 'end old':
        cluster.wipe(new Set(action.tasks.map(({ id }) => id)));
        state = withOldEnded(state, action.tasks);
        break;
      case 'give turn': {
        const { kind } = state.waves[action.wave]!;
        const publics = action.agents.some(({ type }) => type === 'public');
        const restarts = publics ? 1 : cluster.options.rollout['max-concurrent-restarts'];
        const allowed = {
          most: kind === 'restart' ? restarts : plan.maxConcurrent.count,
          named,
          allows: kind === 'restart' ? ('restart' as const) : ('change' as const),
        };
        cluster.giveTurn(
          action.agents.map(({ host }) => host),
          plan.steps,
          allowed,
        );
        state = withTurnGiven({ ...state, now: cluster.now }, action.wave, action.agents, cluster.turn!);
        break;
      }
      case 'poll turn':
        cluster.work();
        state = withTurn(state, cluster.turn!, marathon.carrier, NO_REPORTS);
        break;
      case 'end wave':
        state = { ...state, turn: undefined, looked: undefined };
        break;
      default:
        cluster.turn = undefined;
        cluster.report();
        return { ending: action, state };
    }
  }
  return { ending: undefined, state };
}
