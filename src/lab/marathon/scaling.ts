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

/** With goals (1.8 on) what waits for an offer counts as there. */
export function propose(
  app: App,
  instances: Iterable<Instance>,
  scaleTo: number,
  sentenced: readonly string[] = [],
): Proposition {
  const running = [...instances].filter(
    ({ goal, condition }) => goal === 'Running' && condition !== 'UnreachableInactive',
  );
  const ordered = killOrder(app, running, sentenced);
  const count = Math.max(running.length - scaleTo, firstOf(running, sentenced).length);
  return { toKill: ordered.slice(0, count), toStart: scaleTo - running.length + count };
}

/**
 * Before, only what has a task counts, and one that is being killed counts as there until it is gone: what waits in the queue is
 * neither killed nor kills another (1.7.216: MarathonSchedulerActor and DeploymentActor.scaleRunnable, `isActive`).
 */
export function proposeOfActive(
  app: App,
  instances: Iterable<Instance>,
  scaleTo: number,
  sentenced: readonly string[] = [],
): Proposition {
  const active = [...instances].filter(isActive);
  const running = active.filter(({ goal }) => goal === 'Running');
  const ordered = killOrder(app, running, sentenced);
  const count = Math.max(running.length - scaleTo, firstOf(running, sentenced).length);
  return { toKill: ordered.slice(0, count), toStart: scaleTo - active.length + count };
}

const firstOf = (running: readonly Instance[], sentenced: readonly string[]): Instance[] =>
  running.filter(({ id }) => sentenced.includes(id));

function killOrder(app: App, running: readonly Instance[], sentenced: readonly string[]): Instance[] {
  const rest = running.filter(({ id }) => !sentenced.includes(id)).sort(order(app));
  return [...firstOf(running, sentenced), ...rest];
}
