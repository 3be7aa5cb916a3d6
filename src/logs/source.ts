// What reading a step's output asks of a cluster.
import type { AgentFiles } from '../dcos/agent-files.ts';
import type { Cluster } from '../dcos/cluster.ts';
import type { MarathonGroup, MesosAgent } from '../dcos/types.ts';

export interface LogSource {
  agents(signal?: AbortSignal): Promise<{ agents: MesosAgent[]; recovering: boolean }>;
  group(signal?: AbortSignal): Promise<MarathonGroup | undefined>;
  info(signal?: AbortSignal): Promise<{ version: string; frameworkId: string | null }>;
  files: Pick<AgentFiles, 'sandbox' | 'size' | 'range'>;
  /** Milliseconds since 1970. */
  now(): number;
}

export function logSource(cluster: Cluster): LogSource {
  return {
    agents: (signal) => cluster.mesos.agents(signal),
    group: (signal) => cluster.marathon.group('/calico', signal),
    info: (signal) => cluster.marathon.info(signal),
    files: cluster.files,
    now: Date.now,
  };
}
