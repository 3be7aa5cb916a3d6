// Clusters whose pages are looked at.
import { buildStatus } from '../../src/status/build.ts';
import type { ClusterStatus } from '../../src/status/model.ts';
import { type AgentWords, type ClusterWords, clusterRead } from '../status/cluster.ts';

export const SIX: AgentWords[] = [
  {
    host: '10.0.1.13',
    steps: { docker: 'failed', libnetwork: 'waiting for step', node: 'waiting for step' },
    reasons: { docker: 'Docker already uses zk://10.0.0.1:2181 as its store' },
  },
  { host: '10.0.2.20', public: true, steps: { docker: 'restart pending' } },
  { host: '10.0.1.12', steps: { node: 'just started' } },
  { host: '10.0.1.11' },
  { host: '10.0.1.9', steps: 'none', mesos: { used_resources: { cpus: 3.98, mem: 400, disk: 0 } } },
  { host: '10.0.1.100', steps: 'unreachable', unlisted: true },
];

/** Five thousand agents, of which a dozen are in trouble and a ninth waits. */
export const thousands = (): AgentWords[] => [
  ...SIX,
  ...Array.from({ length: 4994 }, (_, index): AgentWords => {
    const host = `10.${2 + Math.floor(index / 2500)}.${Math.floor((index % 2500) / 125)}.${(index % 125) + 1}`;
    if (index % 500 === 7)
      return {
        host,
        steps: { node: 'failed' },
        reasons: { node: `node ${host} has no kernel module ip_set (${index})` },
      };
    if (index % 9 === 0) return { host, steps: 'waiting for turn' };
    return { host, public: index % 50 === 1 };
  }),
];

export const statusOf = (agents: AgentWords[], more: Partial<ClusterWords> = {}): ClusterStatus =>
  buildStatus(clusterRead({ agents, ...more }));
