// What of a cluster a rollout needs, and the first look at it.
import type { Cluster } from '../dcos/cluster.ts';
import type { MarathonDeployment, MarathonGroup, MarathonInfo, MesosAgent } from '../dcos/types.ts';
import { UserError } from '../errors.ts';
import { carrierOf, type InstalledOptions, readOptionsApp } from '../steps/app-definition.ts';
import type { Carrier } from '../steps/state.ts';

export type RolloutCluster = Pick<Cluster, 'marathon' | 'mesos' | 'files'>;

export interface Snapshot {
  info: MarathonInfo;
  carrier: Carrier;
  agents: MesosAgent[];
  group: MarathonGroup | undefined;
  installed: InstalledOptions | undefined;
  deployments: MarathonDeployment[];
}

/** What is installed, as the group says it. */
export function installedIn(group: MarathonGroup | undefined): InstalledOptions | undefined {
  const app = group?.apps.find(({ id }) => id === '/calico/options');
  return app && readOptionsApp(app);
}

/** Four requests, whatever the number of agents. Throws if Mesos cannot tell its agents now. */
export async function readCluster(cluster: RolloutCluster, signal?: AbortSignal): Promise<Snapshot> {
  const [info, list, group, deployments] = await Promise.all([
    cluster.marathon.info(signal),
    cluster.mesos.agents(signal),
    cluster.marathon.group('/calico', signal),
    cluster.marathon.deployments(signal),
  ]);
  if (list.recovering) throw recovering(list.recovered);
  const installed = installedIn(group);
  return { info, carrier: carrierOf(info.version), agents: list.agents, group, installed, deployments };
}

/** A plan from half a list would leave out agents that are there. */
export function recovering(recovered: number): UserError {
  return new UserError({
    code: 'mesos-recovering',
    what: 'The cluster cannot say which agents it has',
    why: recovered
      ? `its Mesos master has just taken over, and ${recovered} agents have not come back to it yet`
      : 'its Mesos master lists none: it has just taken over, or there are none',
    remedy: ['dcos node list', 'Wait until it lists all agents, and run the same command again.'],
  });
}
