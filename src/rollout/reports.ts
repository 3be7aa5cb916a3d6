// What agents in their turn say themselves, where Marathon's answer does not carry it.
import type { AgentFiles } from '../dcos/agent-files.ts';
import { atMost } from '../dcos/at-most.ts';
import type { MarathonApp, MarathonTask } from '../dcos/types.ts';
import type { Carrier } from '../steps/state.ts';
import { type TurnReport, turnCondition, turnTasks } from './observe.ts';
import type { RolloutState } from './state.ts';

/** So many agents are asked at one look; the next look goes on with the others. */
const AT_ONE_LOOK = 50;
const AT_A_TIME = 8;

interface Asking {
  files: AgentFiles;
  carrier: Carrier;
  frameworkId: string | null;
  /** Mesos version by agent id: it decides how a sandbox is found. */
  versions: ReadonlyMap<string, string>;
  signal?: AbortSignal;
}

/** Whether only the agent can tell more: on Marathon < 1.8 whatever is not ready; later, why something went wrong. */
function mustAsk(task: MarathonTask, carrier: Carrier): boolean {
  const condition = turnCondition(task, carrier, undefined);
  if (task.state !== 'TASK_RUNNING' || condition === 'ready') return false;
  return carrier === 'health' || condition === 'failed' || condition === 'restart pending';
}

/** `status.json` of the turn's tasks, by agent id. An agent that does not answer is simply not in it. */
export async function turnReports(
  app: MarathonApp,
  state: RolloutState,
  asking: Asking,
): Promise<Map<string, TurnReport>> {
  const found = new Map<string, TurnReport>();
  const { frameworkId, carrier, files, versions, signal } = asking;
  if (!frameworkId) return found;
  const tasks = [...turnTasks(app, state.turn!.version)].filter(([, task]) => mustAsk(task, carrier));
  const from = tasks.length > AT_ONE_LOOK ? Math.floor(state.now / 1000) % tasks.length : 0;
  const turned = [...tasks.slice(from), ...tasks.slice(0, from)].slice(0, AT_ONE_LOOK);
  await atMost(AT_A_TIME, turned, async ([agentId, task]) => {
    const mesosVersion = versions.get(agentId);
    const report = await files
      .statusJson(
        { agentId, frameworkId, taskId: task.id, ...(mesosVersion ? { mesosVersion } : {}) },
        signal,
      )
      .catch((error: unknown) => {
        if (signal?.aborted) throw error;
        return undefined;
      });
    const { state: said, reason } = (report ?? {}) as Partial<Record<'state' | 'reason', unknown>>;
    if (typeof said === 'string')
      found.set(agentId, { state: said, reason: typeof reason === 'string' ? reason : '' });
  });
  return found;
}
