// Why Marathon has started no task on an agent, from its queue: it keeps the last offers that it did not use, with the reasons.
import type { MarathonApp, QueueItem } from '../dcos/types.ts';
import type { PlannedAgent } from '../plan/waves.ts';
import { TURN_PLACING_LONG } from './limits.ts';
import { turnTasks } from './observe.ts';
import type { RolloutState } from './state.ts';

const REASONS: Record<string, string> = {
  InsufficientCpus: 'too little CPU is free',
  InsufficientMemory: 'too little memory is free',
  InsufficientDisk: 'too little disk is free',
  InsufficientPorts: 'a port is taken',
  UnfulfilledRole: 'what is free is reserved to another role',
  AgentMaintenance: 'it is under maintenance',
  DeclinedScarceResources: 'what is free is kept for GPU tasks',
  UnfulfilledConstraint: 'another task of the app is there, or a constraint forbids it',
};

/** Agents whose turn was given long ago and that still have no task of it. */
export function waitingForTask(state: RolloutState, app: MarathonApp, now: number): PlannedAgent[] {
  const tasks = turnTasks(app, state.turn!.version);
  return state
    .turn!.agents.filter((id) => !tasks.has(id))
    .map((id) => state.agents.get(id)!)
    .filter(({ given }) => now - given! >= TURN_PLACING_LONG)
    .map(({ agent }) => agent);
}

/** A sentence without its full stop. `what`: the task, in words. */
export function whyNoTask(
  queue: readonly QueueItem[],
  appId: string,
  host: string,
  what = 'the task of its turn',
): string {
  const item = queue.find(({ app }) => app?.id === appId);
  const offers = item?.lastUnusedOffers?.filter(({ offer }) => offer.hostname === host) ?? [];
  const reasons = [...new Set(offers.flatMap(({ reason }) => reason))].map((one) => REASONS[one] ?? one);
  if (reasons.length > 0) return `Marathon does not start ${what}: ${reasons.join(', ')}`;
  return `Marathon does not start ${what}: Mesos offers nothing of this agent`;
}
