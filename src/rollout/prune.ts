// What Calico keeps of agents that are gone: read from one agent, removed from one agent.
import type { Cluster } from '../dcos/cluster.ts';
import { UserError } from '../errors.ts';
import { makePrunePlan, type PrunePlan } from '../plan/prune.ts';
import { notInstalled } from '../plan/uninstall-refusals.ts';
import type { Time } from './carry-out.ts';
import { readCluster, type Snapshot } from './cluster.ts';
import { askData } from './data-app.ts';
import { forgetCovered } from './forget.ts';

export interface PreparedPrune {
  snapshot: Snapshot & { installed: NonNullable<Snapshot['installed']> };
  plan: PrunePlan;
}

/** Looks and compares; changes nothing. @param olderThan ms */
export async function preparePrune(
  cluster: Cluster,
  olderThan: number,
  time: Time,
  signal?: AbortSignal,
): Promise<PreparedPrune> {
  const snapshot = await readCluster(cluster, signal);
  const { installed } = snapshot;
  if (!installed) throw new UserError({ ...notInstalled() });
  const data = await askData({
    cluster,
    snapshot,
    options: installed.options,
    task: { do: 'look' },
    time,
    ...(signal ? { signal } : {}),
  });
  // Once more: the answer of the agent took a while, and who came back meanwhile is not gone.
  const after = await readCluster(cluster, signal);
  const plan = makePrunePlan({
    data,
    agents: after.agents,
    group: after.group,
    owed: after.installed?.owed ?? [],
    covered: after.installed?.covered ?? [],
    now: time.now(),
    olderThan,
  });
  return { snapshot: { ...after, installed }, plan };
}

/** What Mesos hands to a task as one argument is short (facts of the recordings). */
const AT_ONCE = 500;

/**
 * Returns the names of those that are gone from etcd, and the addresses that are off the record: of the former their agents are taken off the record of who has Calico, as is whoever else
 * is gone if that is asked for.
 */
export async function carryPrune(
  cluster: Cluster,
  { snapshot, plan }: PreparedPrune,
  time: Time,
  { forget = false }: { forget?: boolean } = {},
): Promise<{ removed: string[]; forgotten: string[] }> {
  const names = plan.gone.map(({ name }) => name);
  const removed: string[] = [];
  for (let at = 0; at < names.length; at += AT_ONCE) {
    const nodes = names.slice(at, at + AT_ONCE);
    const { options } = snapshot.installed;
    const left = await askData({ cluster, snapshot, options, task: { do: 'prune', nodes }, time });
    const still = new Set(left.nodes.map(({ name }) => name));
    removed.push(...nodes.filter((name) => !still.has(name)));
  }
  const going = plan.gone.filter(({ name }) => removed.includes(name));
  const forgotten = await forgetCovered(cluster, [
    ...going.flatMap(({ name, addresses }) => [name, ...addresses]),
    ...(forget ? plan.unlisted : []),
  ]);
  return { removed, forgotten };
}
