// From the flags to who takes part; nothing is started.
import type { Cluster } from '../dcos/cluster.ts';
import type { Options } from '../options/types.ts';
import { readCluster, type Snapshot } from '../rollout/cluster.ts';
import type { Kind } from '../steps/connectivity/definition.ts';
import { chooseAgents } from './choose.ts';
import { nobody, notInstalled } from './refusals.ts';
import type { ConnectivityPlan } from './run.ts';
import { readyAgents } from './words.ts';

export interface PreparedConnectivity extends ConnectivityPlan {
  snapshot: Snapshot;
  options: Options;
  /** How many agents could take part. */
  of: number;
}

/** Kinds of containers that the installed steps bring to Calico. */
export function kindsOf({ cni, docker, libnetwork }: Options): Kind[] {
  return [
    ...(cni.enable ? ['mesos' as const] : []),
    ...(docker.enable && libnetwork.enable ? ['docker' as const] : []),
  ];
}

/** @throws {UserError} `not-installed`, `connectivity-nobody`, `connectivity-agents` */
export async function prepareConnectivity(
  cluster: Cluster,
  { agents, image }: { agents?: readonly string[] | number; image?: string },
): Promise<PreparedConnectivity> {
  const snapshot = await readCluster(cluster);
  if (!snapshot.installed) throw notInstalled();
  const { options } = snapshot.installed;
  const kinds = kindsOf(options);
  if (kinds.length === 0) throw nobody('the steps that bring containers to Calico (cni, libnetwork) are off');
  const ready = readyAgents(snapshot.group, snapshot);
  const chosen = chooseAgents(snapshot.agents, ready, options, agents);
  if (chosen.agents.length === 0)
    throw nobody('Calico is ready on no agent that has room for the small tasks of the test');
  return {
    snapshot,
    options,
    kinds,
    agents: chosen.agents,
    of: chosen.of,
    // On every agent already: no other is fetched.
    image: image ?? options.node['override-node-image'],
  };
}
