// What the steps report of failures and of restarts that are pending, before anything is planned.
import type { Cluster } from '../dcos/cluster.ts';
import { GroupTasks } from '../plan/agent-state.ts';
import type { RestartNeed } from '../plan/restarts.ts';
import { StatusReader } from '../status/read.ts';
import { statusSource } from '../status/source.ts';
import { reportedState } from '../steps/state.ts';
import type { Snapshot } from './cluster.ts';

export interface Reported {
  /** Ids of agents with a step that failed. */
  failed: ReadonlySet<string>;
  /** By agent id: why a restart is pending. */
  restarts: ReadonlyMap<string, RestartNeed>;
}

const NOTHING: Reported = { failed: new Set(), restarts: new Map() };

/**
 * Marathon < 1.8 carries only ready and not ready, and later ones no reasons: the agents are asked, where there is something to ask.
 *
 * @param now ms since 1970
 */
export async function reported(
  cluster: Cluster,
  { group, carrier, installed }: Snapshot,
  now: number,
  signal?: AbortSignal,
): Promise<Reported> {
  if (!installed) return NOTHING;
  const states = new GroupTasks(group).all.map((task) => reportedState(task, carrier));
  const asks =
    carrier === 'health'
      ? states.some((state) => state !== 'ready')
      : states.some((state) => state === 'restart pending');
  if (!asks) return NOTHING;
  const reader = new StatusReader({ ...statusSource(cluster), now: () => now });
  const { agents } = await reader.read(signal ? { signal } : {});
  const failed = agents.filter(({ cells }) => cells.some(({ state }) => state === 'failed'));
  const pending = agents.flatMap(({ id, cells }) => {
    const reasons = cells
      .filter(({ state }) => state === 'restart pending')
      .map(({ reason }) => reason || 'a step reports it');
    return reasons.length > 0 ? [[id, { reason: reasons.join('; ') }] as const] : [];
  });
  return {
    failed: new Set(carrier === 'health' ? failed.map(({ id }) => id) : []),
    restarts: new Map(pending),
  };
}

/** What agents told when they were asked, and what they had reported before: the reason of whoever has one. */
export function merged(
  before: ReadonlyMap<string, RestartNeed>,
  told: ReadonlyMap<string, RestartNeed>,
): Map<string, RestartNeed> {
  const all = new Map(before);
  for (const [id, need] of told)
    all.set(id, { ...need, reason: need.reason || before.get(id)?.reason || '' });
  return all;
}
