// What the steps of some agents say of themselves: asked only where something is broken.
import type { Cluster } from '../dcos/cluster.ts';
import type { MarathonGroup } from '../dcos/types.ts';
import { agentStepStates, GroupTasks } from '../plan/agent-state.ts';
import type { Snapshot } from '../rollout/cluster.ts';
import { STEP_NAMES } from '../steps/state.ts';
import type { AgentWord, Participant } from './types.ts';

/** Reads the group once, and the report of each step that is not ready, and of `node`. */
export async function wordsOf(
  agents: readonly Participant[],
  cluster: Pick<Cluster, 'marathon' | 'files'>,
  { info, carrier }: Snapshot,
  signal?: AbortSignal,
): Promise<Map<string, AgentWord>> {
  const group = await cluster.marathon.group('/calico', signal);
  const tasks = new GroupTasks(group);
  const steps = STEP_NAMES.filter((step) => tasks.app(step) !== undefined);
  const words = await Promise.all(
    agents.map(async ({ id, host, mesosVersion }): Promise<[string, AgentWord]> => {
      const word: AgentWord = { host, steps: {} };
      for (const { step, state, task } of agentStepStates({ id }, steps, tasks, carrier)) {
        const report =
          task && (state !== 'ready' || step === 'node')
            ? await read(
                cluster,
                { agentId: id, frameworkId: info.frameworkId ?? '', taskId: task.id, mesosVersion },
                signal,
              )
            : undefined;
        word.steps[step] = { state: report?.state ?? state, reason: report?.reason ?? '' };
        if (step === 'node') word.sessions = sessionsOf(report?.detail);
      }
      return [host, word];
    }),
  );
  return new Map(words);
}

interface Report {
  state?: string;
  reason?: string;
  detail?: unknown;
}

async function read(
  cluster: Pick<Cluster, 'files'>,
  of: Parameters<Cluster['files']['statusJson']>[0],
  signal?: AbortSignal,
): Promise<Report | undefined> {
  const found = (await cluster.files.statusJson(of, signal).catch(() => undefined)) as Report | undefined;
  if (typeof found !== 'object' || found === null) return undefined;
  return {
    ...(typeof found.state === 'string' ? { state: found.state } : {}),
    ...(typeof found.reason === 'string' ? { reason: found.reason } : {}),
    detail: found.detail,
  };
}

/** BIRD names a session after its peer: `Mesh_10_0_1_12`. Only those that are down are told. */
export function sessionsOf(detail: unknown): Record<string, boolean> {
  const { bgp } = (detail ?? {}) as { bgp?: { down?: unknown } };
  const down = Array.isArray(bgp?.down) ? bgp.down : [];
  return Object.fromEntries(
    down.flatMap((name) => {
      const found = /^(?:Mesh|Node|Global)_(\d+_\d+_\d+_\d+)$/.exec(String(name));
      return found ? [[found[1]!.replaceAll('_', '.'), false] as const] : [];
    }),
  );
}

/** Of a group that was read: ids of the agents that every step is ready on. */
export function readyAgents(group: MarathonGroup | undefined, { carrier }: Pick<Snapshot, 'carrier'>) {
  const tasks = new GroupTasks(group);
  const steps = STEP_NAMES.filter((step) => tasks.app(step) !== undefined);
  return new Set(
    tasks
      .agentIds()
      .filter((id) => agentStepStates({ id }, steps, tasks, carrier).every(({ state }) => state === 'ready')),
  );
}
