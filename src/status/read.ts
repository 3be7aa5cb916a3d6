// One refresh: two requests whatever the size of the cluster, then at most 200 reads of those that are not ready.
import type { SandboxOf } from '../dcos/agent-files.ts';
import { atMost } from '../dcos/at-most.ts';
import type { MarathonGroup, MarathonTask, MesosAgent } from '../dcos/types.ts';
import { carrierOf } from '../steps/app-definition.ts';
import type { StepStatus } from '../steps/state.ts';
import { AT_MOST, type Questions, whomToAsk } from './ask.ts';
import { buildStatus } from './build.ts';
import type { ClusterStatus } from './model.ts';
import { asReport } from './report.ts';

/** What `status` asks of a cluster. */
export interface StatusSource {
  agents(signal?: AbortSignal): Promise<{ agents: MesosAgent[]; recovering: boolean }>;
  /** `/calico` with tasks and subgroups. */
  group(signal?: AbortSignal): Promise<MarathonGroup | undefined>;
  info(signal?: AbortSignal): Promise<{ version: string; frameworkId: string | null }>;
  statusJson(task: SandboxOf, signal?: AbortSignal): Promise<unknown>;
  /** Milliseconds since 1970. */
  now(): number;
}

export interface ReadOptions {
  /** Ask every step of this agent (address or id), whatever its state, and nobody else. */
  agent?: string | undefined;
  /** How long the agents may take to answer, all together. */
  askMs?: number;
  signal?: AbortSignal | undefined;
}

const AT_ONCE = 16;
const ASK_MS = 15_000;

/** Reads the cluster again and again; what does not change is asked once. */
export class StatusReader {
  readonly #source: StatusSource;
  #info: Promise<{ version: string; frameworkId: string | null }> | undefined;

  constructor(source: StatusSource) {
    this.#source = source;
  }

  async read({ agent, askMs = ASK_MS, signal }: ReadOptions = {}): Promise<ClusterStatus> {
    const source = this.#source;
    this.#info ??= source.info(signal).catch((error) => {
      this.#info = undefined;
      throw error;
    });
    const [info, list, group] = await Promise.all([this.#info, source.agents(signal), source.group(signal)]);
    const base = {
      agents: list.agents,
      recovering: list.recovering,
      group,
      marathon: { version: info.version, carrier: carrierOf(info.version) },
      now: source.now(),
    };
    const first = buildStatus({ ...base, reports: new Map() });
    if (first.calico === 'not installed') return first;
    const tasks = tasksById(group);
    const { tasks: asked, notAsked } = agent
      ? tasksOf(first, agent, tasks)
      : whomToAsk(first, (id) => tasks.get(id));
    if (asked.length === 0) return { ...first, notAsked };
    const reports = await this.#ask(asked, list.agents, info.frameworkId, askMs, signal);
    return buildStatus({ ...base, reports, notAsked });
  }

  /** An agent that does not answer costs its reason, never the table. */
  async #ask(
    tasks: readonly MarathonTask[],
    agents: readonly MesosAgent[],
    frameworkId: string | null,
    askMs: number,
    signal: AbortSignal | undefined,
  ): Promise<Map<string, StepStatus>> {
    const versions = new Map(agents.map(({ id, version }) => [id, version]));
    const within = AbortSignal.any([...(signal ? [signal] : []), AbortSignal.timeout(askMs)]);
    const reports = new Map<string, StepStatus>();
    await atMost(AT_ONCE, tasks, async (task) => {
      if (within.aborted || !task.slaveId) return;
      const mesosVersion = versions.get(task.slaveId);
      const json = await this.#source
        .statusJson(
          {
            agentId: task.slaveId,
            frameworkId: frameworkId ?? '',
            taskId: task.id,
            ...(mesosVersion && { mesosVersion }),
          },
          within,
        )
        .catch(() => undefined);
      const report = asReport(json);
      if (report) reports.set(task.id, report);
    });
    signal?.throwIfAborted();
    return reports;
  }
}

function tasksById(group: MarathonGroup | undefined): Map<string, MarathonTask> {
  return new Map((group?.apps ?? []).flatMap((app) => app.tasks ?? []).map((task) => [task.id, task]));
}

/** All running steps of one agent. */
function tasksOf(status: ClusterStatus, agent: string, tasks: ReadonlyMap<string, MarathonTask>): Questions {
  const rows = status.agents.filter(({ address, id }) => address === agent || id === agent);
  const found = rows
    .flatMap(({ cells }) => cells)
    .map(({ taskId }) => tasks.get(taskId ?? ''))
    .filter((task) => task?.state === 'TASK_RUNNING')
    .slice(0, AT_MOST);
  return { tasks: found as MarathonTask[], notAsked: 0 };
}
