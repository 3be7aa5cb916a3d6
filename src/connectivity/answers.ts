// Reads what the asking tasks have written on their agents.
import type { Cluster } from '../dcos/cluster.ts';
import type { MarathonApp, MarathonTask } from '../dcos/types.ts';
import type { Snapshot } from '../rollout/cluster.ts';
import type { Kind } from '../steps/connectivity/definition.ts';
import { type Answers, endName, readAnswers } from './pairs.ts';
import type { Participant } from './types.ts';

const ANSWER_BYTES = 64 * 1024;

interface Asking {
  cluster: Pick<Cluster, 'files'>;
  snapshot: Snapshot;
  signal?: AbortSignal;
}

export function sandboxOf(agent: Participant, task: MarathonTask, { info }: Snapshot) {
  return {
    agentId: agent.id,
    frameworkId: info.frameworkId ?? '',
    taskId: task.id,
    mesosVersion: agent.mesosVersion,
  };
}

/** By the name of the end that asked; a task that cannot be read has no answers. */
export async function answersOf(
  apps: readonly (readonly [Kind, MarathonApp | undefined])[],
  agents: readonly Participant[],
  { cluster, snapshot, signal }: Asking,
): Promise<Map<string, Answers>> {
  const found = new Map<string, Answers>();
  const read = async (agent: Participant, kind: Kind, task: MarathonTask): Promise<void> => {
    try {
      const path = await cluster.files.sandbox(sandboxOf(agent, task, snapshot), signal);
      const text = path && (await cluster.files.readText(agent.id, path, 'answers', ANSWER_BYTES, signal));
      if (text) found.set(endName({ host: agent.host, kind }), readAnswers(text));
    } catch {
      if (signal?.aborted) throw signal.reason;
    }
  };
  await Promise.all(
    apps.flatMap(([kind, app]) =>
      agents.map(async (agent) => {
        const task = app?.tasks?.find((one) => one.slaveId === agent.id && one.state === 'TASK_RUNNING');
        if (task) await read(agent, kind, task);
      }),
    ),
  );
  return found;
}
