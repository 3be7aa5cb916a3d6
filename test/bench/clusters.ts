// Clusters of any size, with answers as large as those of the real systems.
import type { MesosAgent } from '../../src/dcos/types.ts';
import type { ClusterRead } from '../../src/status/build.ts';
import { recordings } from '../conformance/recordings.ts';
import { type AgentWords, clusterRead } from '../status/cluster.ts';

/** Agents and tasks with every key that the real systems send. */
function fullSize(read: ClusterRead): ClusterRead {
  const recorded = recordings('mesos-1.11.1').find(({ name }) => name === '062-master-slaves-with-tasks')!;
  const [template] = (recorded.response.body as { slaves: MesosAgent[] }).slaves;
  for (const app of read.group!.apps)
    for (const task of app.tasks ?? [])
      Object.assign(task, {
        ipAddresses: [{ ipAddress: task.host, protocol: 'IPv4' }],
        ports: [],
        servicePorts: [],
        localVolumes: [],
        role: 'slave_public',
      });
  return {
    ...read,
    agents: read.agents.map((agent) => ({
      ...template!,
      ...agent,
      attributes: { ...template!.attributes, ...agent.attributes },
    })),
  };
}

/** Nine of ten agents are ready, some wait, one in a hundred failed. */
export function clusterOf(size: number): ClusterRead {
  const agents = Array.from({ length: size }, (_, index): AgentWords => {
    const host = `10.${Math.floor(index / 60_000)}.${Math.floor(index / 240)}.${(index % 240) + 1}`;
    if (index % 100 === 3)
      return { host, steps: { docker: 'failed' }, reasons: { docker: 'daemon.json is not JSON' } };
    if (index % 10 === 7) return { host, steps: 'waiting for turn', reasons: { node: 'waits for its turn' } };
    return { host, public: index % 20 === 0 };
  });
  return fullSize(clusterRead({ agents }));
}
