// One refresh: two requests whatever the size of the cluster, then at most 200 reads of those that are not ready.
// Of one agent that was asked for, also what its failed steps printed last: two reads each.
import type { SandboxOf } from '../dcos/agent-files.ts';
import { atMost } from '../dcos/at-most.ts';
import type { MarathonGroup, MarathonTask, MesosAgent } from '../dcos/types.ts';
import { stepOf } from '../plan/agent-state.ts';
import { carrierOf } from '../steps/app-definition.ts';
import type { StepStatus } from '../steps/state.ts';
import { AT_MOST, type Questions, whomToAsk } from './ask.ts';
import { StatusBuild } from './build.ts';
import type { CellState, ClusterStatus } from './model.ts';
import { asReport } from './report.ts';

/** What `status` asks of a cluster. */
export interface StatusSource {
  agents(signal?: AbortSignal): Promise<{ agents: MesosAgent[]; recovering: boolean }>;
  /** `/calico` with tasks and subgroups. */
  group(signal?: AbortSignal): Promise<MarathonGroup | undefined>;
  info(signal?: AbortSignal): Promise<{ version: string; frameworkId: string | null }>;
  statusJson(task: SandboxOf, signal?: AbortSignal): Promise<unknown>;
  /** The last lines that a task printed; undefined where its sandbox is gone. */
  lastLines?(task: SandboxOf, count: number, signal?: AbortSignal): Promise<string[] | undefined>;
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
    const build = new StatusBuild(base);
    const first = build.status({ reports: new Map() });
    if (first.calico === 'not installed') return first;
    const { tasks: asked, notAsked } = agent ? tasksOf(first, agent, group) : whomToAsk(first, finder(group));
    if (asked.length === 0 && agent === undefined) return { ...first, notAsked };
    const asking = new Asking(list.agents, info.frameworkId, askMs, signal);
    const reports = await this.#reports(asked, asking);
    const status = build.status({ reports, notAsked });
    if (agent === undefined) return status;
    const logs = await this.#logs(logsToRead(status, agent, group), asking);
    return logs.size > 0 ? build.status({ reports, notAsked, logs }) : status;
  }

  /** An agent that does not answer costs its reason, never the table. */
  async #reports(tasks: readonly MarathonTask[], asking: Asking): Promise<Map<string, StepStatus>> {
    const reports = new Map<string, StepStatus>();
    await asking.each(tasks, async (task, signal) => {
      const report = asReport(await this.#source.statusJson(task, signal));
      if (report) reports.set(task.taskId, report);
    });
    return reports;
  }

  async #logs(tasks: readonly AskedTask[], asking: Asking): Promise<Map<string, readonly string[]>> {
    const logs = new Map<string, readonly string[]>();
    await asking.each(tasks, async (task, signal) => {
      const lines = await this.#source.lastLines?.(task, LOG_LINES, signal);
      if (lines && lines.length > 0) logs.set(task.taskId, lines);
    });
    return logs;
  }
}

type AskedTask = Pick<MarathonTask, 'id' | 'slaveId'>;

/** Reads of sandboxes, a few at once, all within one time. */
class Asking {
  readonly #versions: Map<string, string>;
  readonly #frameworkId: string;
  readonly #within: AbortSignal;
  readonly #signal: AbortSignal | undefined;

  constructor(
    agents: readonly MesosAgent[],
    frameworkId: string | null,
    askMs: number,
    signal: AbortSignal | undefined,
  ) {
    this.#versions = new Map(agents.map(({ id, version }) => [id, version]));
    this.#frameworkId = frameworkId ?? '';
    this.#within = AbortSignal.any([...(signal ? [signal] : []), AbortSignal.timeout(askMs)]);
    this.#signal = signal;
  }

  /** What fails is left out. */
  async each(
    tasks: readonly AskedTask[],
    ask: (task: SandboxOf, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    await atMost(AT_ONCE, tasks, async ({ id, slaveId }) => {
      if (this.#within.aborted || !slaveId) return;
      const mesosVersion = this.#versions.get(slaveId);
      const task = {
        agentId: slaveId,
        frameworkId: this.#frameworkId,
        taskId: id,
        ...(mesosVersion && { mesosVersion }),
      };
      await ask(task, this.#within).catch(() => undefined);
    });
    this.#signal?.throwIfAborted();
  }
}

/** States that the step's own output explains. */
const EXPLAINED: ReadonlySet<CellState> = new Set<CellState>(['failed', 'ended', 'drifted', 'no report']);
const LOG_LINES = 10;

/** The tasks of an agent whose output is worth a read: at most one a step. */
function logsToRead(status: ClusterStatus, agent: string, group: MarathonGroup | undefined): AskedTask[] {
  const ended = new Map((group?.apps ?? []).map(({ id, lastTaskFailure }) => [stepOf(id), lastTaskFailure]));
  return status.agents
    .filter(({ address, id }) => address === agent || id === agent)
    .flatMap(({ cells, id }) =>
      cells.flatMap(({ step, state, taskId = ended.get(step)?.taskId }) =>
        EXPLAINED.has(state) && taskId ? [{ id: taskId, slaveId: id }] : [],
      ),
    );
}

/** Finds tasks by id, in an index that is made when the first is looked for. */
function finder(group: MarathonGroup | undefined): (id: string) => MarathonTask | undefined {
  let index: Map<string, MarathonTask> | undefined;
  return (id) => {
    index ??= new Map((group?.apps ?? []).flatMap((app) => app.tasks ?? []).map((task) => [task.id, task]));
    return index.get(id);
  };
}

/** All running steps of one agent. */
function tasksOf(status: ClusterStatus, agent: string, group: MarathonGroup | undefined): Questions {
  const taskOf = finder(group);
  const rows = status.agents.filter(({ address, id }) => address === agent || id === agent);
  const found = rows
    .flatMap(({ cells }) => cells)
    .map(({ taskId }) => taskOf(taskId ?? ''))
    .filter((task) => task?.state === 'TASK_RUNNING')
    .slice(0, AT_MOST);
  return { tasks: found as MarathonTask[], notAsked: 0 };
}
