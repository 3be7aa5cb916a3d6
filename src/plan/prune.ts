// Of the nodes that Calico keeps in etcd, those whose agents are gone for good.
import type { MarathonGroup, MesosAgent } from '../dcos/types.ts';
import type { CalicoData, KeptNode } from '../steps/data/report.ts';
import { GroupTasks } from './agent-state.ts';
import { compareHosts } from './agent-type.ts';
import { goneHosts } from './covered.ts';

export interface PruneInput {
  data: CalicoData;
  /** From Mesos. An empty list means no agents: a recovering master's answer must not get here. */
  agents: readonly MesosAgent[];
  group: MarathonGroup | undefined;
  /** Addresses that Calico is still to be taken off. */
  owed: readonly string[];
  /** Addresses of agents that have Calico, as far as was recorded. */
  covered?: readonly string[];
  /** Milliseconds since 1970. */
  now: number;
  /** A node that reported since then is alive, whoever it is; ms. */
  olderThan: number;
}

export interface PruneNode extends KeptNode {
  /** Since its Felix last reported, ms; undefined: it never has. */
  age?: number;
}

export interface PrunePlan {
  gone: PruneNode[];
  /** Nodes that Mesos has no agent for, and that stay all the same, with why. */
  kept: (PruneNode & { reason: string })[];
  /** Nodes of agents that Mesos lists. */
  agents: number;
  /** Addresses on record that neither Mesos nor Marathon knows any more. */
  unlisted: string[];
}

/** Never one that is merely out of sight: it may be back with all its containers, and their addresses would have been given away. */
export function makePrunePlan(input: PruneInput): PrunePlan {
  const { data, agents, group, owed, covered = [], now, olderThan } = input;
  const listed = new Set(agents.map(({ hostname }) => hostname));
  const tasks = new GroupTasks(group);
  const withTasks = new Set(tasks.all.map(({ host }) => host));
  const unlisted = goneHosts({ covered: [...covered] }, agents, tasks).filter((host) => !owed.includes(host));
  const plan: PrunePlan = { gone: [], kept: [], agents: 0, unlisted };
  for (const node of [...data.nodes].sort((a, b) => compareHosts(a.name, b.name))) {
    // An adopted node can have another name than its address.
    const addresses = [node.name, ...node.addresses];
    if (addresses.some((one) => listed.has(one))) {
      plan.agents++;
      continue;
    }
    const seen = Date.parse(node.seen);
    const known = Number.isNaN(seen) ? node : { ...node, age: Math.max(0, now - seen) };
    const reason = whyKept(known, addresses);
    if (reason) plan.kept.push({ ...known, reason });
    else plan.gone.push(known);
  }
  return plan;

  function whyKept({ age }: PruneNode, addresses: readonly string[]): string | undefined {
    if (addresses.some((one) => withTasks.has(one))) return 'Marathon still waits for its tasks to come back';
    if (addresses.some((one) => owed.includes(one))) return 'Calico is still to be taken off it';
    if (age !== undefined && age < olderThan) return 'its Felix reported not long ago';
    return undefined;
  }
}
