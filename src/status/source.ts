import type { Cluster } from '../dcos/cluster.ts';
import { lastOutput } from '../dcos/last-output.ts';
import type { StatusSource } from './read.ts';

/** What `status` asks, asked of an attached cluster. */
export function statusSource(cluster: Cluster): StatusSource {
  return {
    agents: (signal) => cluster.mesos.agents(signal),
    group: (signal) => cluster.marathon.group('/calico', signal),
    info: (signal) => cluster.marathon.info(signal),
    statusJson: (task, signal) => cluster.files.statusJson(task, signal),
    lastLines: (task, count, signal) => lastOutput(cluster.files, task, count, signal),
    now: Date.now,
  };
}
