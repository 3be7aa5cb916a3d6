// Which instances go and how many come for a wanted number (mesosphere/marathon 1.11.24: core/deployment/ScalingProposition.scala).
import type { App } from './app.ts';
import { type Instance, isActive } from './instances.ts';

/** The lower, the sooner it is killed; one that still waits for an offer goes last. */
const WEIGHT: Partial<Record<Instance['condition'], number>> = {
  Unreachable: 1,
  Staging: 2,
  Starting: 3,
  Running: 4,
};

function order(app: App): (a: Instance, b: Instance) => number {
  const youngestFirst = app.config.killSelection !== 'OLDEST_FIRST';
  return (a, b) => {
    const weight = (WEIGHT[a.condition] ?? 5) - (WEIGHT[b.condition] ?? 5);
    if (weight !== 0) return weight;
    const time = ({ task, since }: Instance): number | undefined =>
      a.condition === 'Staging' ? task?.stagedAt : a.condition === 'Starting' ? since : task?.startedAt;
    const [left, right] = [time(a), time(b)];
    if (left === undefined || right === undefined) return left === right ? 0 : left === undefined ? -1 : 1;
    return youngestFirst ? right - left : left - right;
  };
}

export interface Proposition {
  toKill: Instance[];
  toStart: number;
}

/**
 * With goals (1.8 on) what waits for an offer counts as there. Before, only what has a task does, and one that is being killed until it
 * is gone: what waits in the queue is neither killed nor kills another (1.7.216: MarathonSchedulerActor and
 * DeploymentActor.scaleRunnable, `isActive`).
 */
export function propose(
  app: App,
  instances: Iterable<Instance>,
  scaleTo: number,
  { goals, sentenced = [] }: { goals: boolean; sentenced?: readonly string[] },
): Proposition {
  const there = [...instances].filter((instance) =>
    goals ? instance.goal === 'Running' && instance.condition !== 'UnreachableInactive' : isActive(instance),
  );
  const running = there.filter(({ goal }) => goal === 'Running');
  const first = running.filter(({ id }) => sentenced.includes(id));
  const rest = running.filter(({ id }) => !sentenced.includes(id)).sort(order(app));
  const count = Math.max(running.length - scaleTo, first.length);
  return { toKill: [...first, ...rest].slice(0, count), toStart: scaleTo - there.length + count };
}
