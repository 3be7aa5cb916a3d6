// Agents × tasks → what `status` shows. Pure: everything it knows is in `ClusterRead`.
import type { MarathonApp, MarathonGroup, MesosAgent } from '../dcos/types.ts';
import type { Options } from '../options/types.ts';
import { GroupTasks, stepOf } from '../plan/agent-state.ts';
import { type Carrier, STEP_NAMES, type StepMode, type StepName, type StepStatus } from '../steps/state.ts';
import { compareAddresses } from './address.ts';
import { agentRow, type RowContext } from './agent-row.ts';
import { type InstalledRead, installedOf } from './installed.ts';
import { lostAgents } from './lost-agents.ts';
import { modeOf } from './mode.ts';
import {
  AGENT_STATES,
  type AgentRow,
  type ClusterStatus,
  GOOD,
  type Installed,
  LEFT_ALONE,
  type Totals,
} from './model.ts';
import { notesOf } from './notes.ts';
import { turnOf } from './turn.ts';

/** What the agents themselves said. */
export interface Reported {
  /** `status.json` by task id, of those that were read. */
  reports: ReadonlyMap<string, StepStatus>;
  /** The last lines of tasks' output by task id, of those that were read. */
  logs?: ReadonlyMap<string, readonly string[]>;
  /** Agents that are not ready and were not asked for their reason. */
  notAsked?: number;
}

/** What Mesos and Marathon said. */
export interface Listed {
  agents: readonly MesosAgent[];
  /** `/calico` with its tasks and subgroups; undefined: there is none. */
  group: MarathonGroup | undefined;
  marathon: { version: string; carrier: Carrier };
  /** Mesos' list is not whole: its master has just started. */
  recovering?: boolean;
  /** When it was read, milliseconds since 1970. */
  now: number;
}

/** Everything that one refresh reads, and what was read before it. */
export interface ClusterRead extends Listed, Reported {}

const NO_REPORTS: Reported['reports'] = new Map();
const NO_OPTIONS = { rollout: { exclude: [] as string[] } } as unknown as Pick<Options, 'rollout'>;

export function buildStatus(read: ClusterRead): ClusterStatus {
  return new StatusBuild(read).status(read);
}

/** What was read of a cluster, made into a status: at first without the agents' own reports, then with them, at the cost of their rows. */
export class StatusBuild {
  readonly #read: Listed;
  readonly #installed: InstalledRead | undefined;
  readonly #calico: Installed;
  readonly #turn: ReturnType<typeof turnOf>;
  readonly #steps: ClusterStatus['steps'];
  readonly #context: Omit<RowContext, 'reports' | 'logs'>;
  /** Each agent's row without a report, by address; those that Mesos does not list have no agent. */
  #rows: { agent?: MesosAgent; row: AgentRow }[] | undefined;

  constructor(read: Listed) {
    const tasks = new GroupTasks(read.group);
    const installed = installedOf(read.group, read.marathon.version);
    const steps = stepsOf(read, installed, tasks);
    const apps = steps.map(({ name }) => tasks.app(name)).filter((app) => app !== undefined);
    this.#read = read;
    this.#steps = steps;
    this.#installed = installed;
    this.#calico = installedState(read, installed, steps, apps);
    this.#turn = turnOf(read.group, read.marathon.carrier, read.now);
    this.#context = {
      steps,
      tasks,
      apps,
      options: installed?.options ?? NO_OPTIONS,
      carrier: read.marathon.carrier,
      marathonVersion: read.marathon.version,
      turn: new Set(this.#turn?.agents ?? []),
      unplacedMs: unplacedMs(apps, read.now),
      changedAt: installed ? Date.parse(installed.change.when) : undefined,
      owed: new Set(installed?.owed ?? []),
      now: read.now,
    };
  }

  status({ reports, logs, notAsked = 0 }: Reported): ClusterStatus {
    const { tasks } = this.#context;
    const steps = this.#steps;
    const isThere = this.#calico !== 'not installed';
    const agents = isThere ? this.#agents(reports, logs) : [];
    const [read, installed, turn] = [this.#read, this.#installed, this.#turn];
    return {
      calico: this.#calico,
      steps,
      agents,
      totals: totalsOf(agents),
      notes: isThere ? notesOf({ read, installed, agents, steps, tasks, turn }) : [],
      ...(installed && { change: installed.change }),
      ...(turn && { turn }),
      notAsked,
      marathon: read.marathon,
      readAt: read.now,
    };
  }

  #agents(reports: Reported['reports'], logs: Reported['logs']): AgentRow[] {
    this.#rows ??= this.#withoutReports();
    if (reports.size === 0 && !logs) return worstFirst(this.#rows.map(({ row }) => row));
    const context: RowContext = { ...this.#context, reports, logs };
    // What ended left its lines under the id of a task that is no longer there.
    const spoke = ({ cells }: AgentRow) =>
      cells.some(
        ({ taskId = '', state }) => reports.has(taskId) || (logs && (logs.has(taskId) || state === 'ended')),
      );
    return worstFirst(
      this.#rows.map(({ agent, row }) => (agent && spoke(row) ? agentRow(agent, context) : row)),
    );
  }

  #withoutReports() {
    const context: RowContext = { ...this.#context, reports: NO_REPORTS };
    const rows = [
      ...this.#read.agents.map((agent) => ({ agent, row: agentRow(agent, context) })),
      ...lostAgents(this.#read.agents, context).map((row) => ({ row })),
    ];
    // By id as well: an address can have a dead agent and its successor.
    return rows.sort(
      ({ row: a }, { row: b }) => compareAddresses(a.address, b.address) || compare(a.id, b.id),
    );
  }
}

function stepsOf(
  read: Listed,
  installed: InstalledRead | undefined,
  tasks: GroupTasks,
): { name: StepName; mode: StepMode }[] {
  const enabled = new Set<string>(installed?.enabled ?? []);
  return STEP_NAMES.filter((name) => tasks.app(name) || (enabled.has(name) && read.group)).map((name) => ({
    name,
    mode: modeOf(tasks.app(name)),
  }));
}

function unplacedMs(apps: readonly MarathonApp[], now: number): number | undefined {
  const since = apps
    .filter((app) => app.instances > (app.tasks?.length ?? 0))
    .map((app) => Date.parse(app.versionInfo?.lastScalingAt ?? app.version));
  return since.length > 0 ? now - Math.max(...since) : undefined;
}

function installedState(
  read: Listed,
  installed: InstalledRead | undefined,
  steps: ClusterStatus['steps'],
  apps: readonly MarathonApp[],
): Installed {
  const hasOptions = read.group?.apps.some((app) => stepOf(app.id) === 'options') ?? false;
  if (!read.group || (apps.length === 0 && !hasOptions)) return 'not installed';
  const owed = (installed?.owed.length ?? 0) > 0;
  if (owed || (steps.length > 0 && steps.every(({ mode }) => mode === 'absent'))) return 'being removed';
  return 'installed';
}

/** Worst first, and otherwise as they are. */
function worstFirst(rows: readonly AgentRow[]): AgentRow[] {
  const byState = new Map<AgentRow['state'], AgentRow[]>(AGENT_STATES.map((state) => [state, []]));
  for (const row of rows) byState.get(row.state)!.push(row);
  return [...byState.values()].flat();
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

export function totalsOf(agents: readonly AgentRow[]): Totals {
  const totals: Totals = { agents: agents.length, ready: 0, leftAlone: 0, notReady: 0, byState: {} };
  const counts = new Map<AgentRow['state'], number>();
  for (const { state } of agents) {
    counts.set(state, (counts.get(state) ?? 0) + 1);
    if (GOOD.has(state)) totals.ready++;
    else if (LEFT_ALONE.has(state)) totals.leftAlone++;
    else totals.notReady++;
  }
  for (const state of AGENT_STATES) {
    const count = counts.get(state);
    if (count) totals.byState[state] = count;
  }
  return totals;
}
