// One agent as a whole: the worst of its steps, or why it has no tasks.

import type { MarathonApp, MesosAgent } from '../dcos/types.ts';
import type { Options } from '../options/types.ts';
import { agentStepStates, type GroupTasks } from '../plan/agent-state.ts';
import { agentType } from '../plan/agent-type.ts';
import { eligibility, type LeftOutKind } from '../plan/eligibility.ts';
import { withIdleTasks } from '../plan/idle-tasks.ts';
import { scalarRoom } from '../plan/room.ts';
import type { Carrier, StepMode, StepName, StepStatus } from '../steps/state.ts';
import { TURN_NEEDS } from '../steps/turn/definition.ts';
import { stepCell } from './cell.ts';
import { durationText } from './duration.ts';
import type { AgentInMesos, AgentRow, AgentState, CellState, StepCell } from './model.ts';

/** A declined offer comes back within 300 s (measured), so what is not placed by then has another reason. */
const PLACED_WITHIN_MS = 10 * 60_000;

export interface RowContext {
  steps: readonly { name: StepName; mode: StepMode }[];
  tasks: GroupTasks;
  /** The apps of those steps that have one. */
  apps: readonly MarathonApp[];
  options: Pick<Options, 'rollout'>;
  carrier: Carrier;
  marathonVersion: string;
  reports: ReadonlyMap<string, StepStatus>;
  /** The last lines of tasks' output, by task id. */
  logs?: ReadonlyMap<string, readonly string[]> | undefined;
  /** Agents that have a turn now. */
  turn: ReadonlySet<string>;
  /** For how long Marathon has had instances that it has not placed, milliseconds; undefined: it has none. */
  unplacedMs: number | undefined;
  /** When the options were last put, milliseconds since 1970: agents registered later have joined since. */
  changedAt: number | undefined;
  /** Addresses from which Calico is still to be taken off. */
  owed?: ReadonlySet<string>;
  now: number;
}

/** A step's state → the agent's, if that step is the worst. Worst first; what stands together is told apart by step order. */
const WORST_FIRST: readonly [CellState, AgentState][] = [
  ['failed', 'failed'],
  ['ended', 'failed'],
  ['stands back', 'stands back'],
  ['drifted', 'drifted'],
  ['unreachable', 'unreachable'],
  ['no report', 'no report'],
  ['restart pending', 'restart pending'],
  ['working', 'installing'],
  ['starting', 'installing'],
  ['old version', 'installing'],
  ['waiting for turn', 'waiting'],
  ['waiting for step', 'waiting'],
];

const RANK = new Map(WORST_FIRST.map(([state], index) => [state, index]));
const RESTART_PENDING = RANK.get('restart pending')!;

const WITHOUT_TASKS: Record<LeftOutKind, AgentState> = {
  excluded: 'excluded',
  windows: 'windows',
  deactivated: 'deactivated',
  draining: 'draining',
  inactive: 'inactive',
  reserved: 'no room',
  'no room': 'no room',
};

/** The row of an agent that Mesos lists. */
export function agentRow(agent: MesosAgent, context: RowContext): AgentRow {
  const names = context.steps.map(({ name }) => name);
  const cells = agentStepStates(agent, names, context.tasks, context.carrier).map((found) => {
    const report = found.task && context.reports.get(found.task.id);
    return stepCell(found, agent, context.tasks.app(found.step), report, context.now, context.logs);
  });
  const { state, reason, since } = judge(agent, cells, context);
  const { hostname: address, id } = agent;
  const row: AgentRow = { address, id, type: agentType(agent), state, reason, mesos: inMesos(agent), cells };
  if (since) row.since = since;
  return row;
}

function inMesos(agent: MesosAgent): AgentInMesos {
  const [cpus, mem] = [scalarRoom(agent, 'cpus'), scalarRoom(agent, 'mem')];
  return {
    version: agent.version,
    active: agent.active,
    registeredAt: timeOf(agent.registered_time),
    // Mesos counts in thousandths, and its floats do not (facts: 0.6000000000000001 is real).
    free: { cpus: Math.round(cpus * 1000) / 1000, mem: Math.round(mem) },
    total: { cpus: agent.resources.cpus, mem: agent.resources.mem },
  };
}

let lastTime = { seconds: 0, text: new Date(0).toISOString() };

/** Many agents came at the same time: when their master had last been started. */
function timeOf(seconds: number): string {
  if (seconds !== lastTime.seconds)
    lastTime = { seconds, text: new Date(Math.round(seconds * 1000)).toISOString() };
  return lastTime.text;
}

type Judgement = Pick<AgentRow, 'state' | 'reason' | 'since'>;

function judge(agent: MesosAgent, cells: StepCell[], context: RowContext): Judgement {
  const here = context.tasks.on(agent.id);
  const left = eligibility(agent, context.apps, context.options, here);
  const hasTasks = cells.some((cell) => cell.taskId);
  // Once an agent is verified clean it has no tasks any more, while others are still owed.
  if (!hasTasks && isRemoval(context) && !context.owed?.has(agent.hostname))
    return { state: left.kind === 'windows' ? 'windows' : 'removed', reason: '' };
  if (!hasTasks && !left.eligible)
    return { state: WITHOUT_TASKS[left.kind!], reason: withoutState(left.kind!, left.reason!) };
  // A dead Mesos agent's tasks stay TASK_RUNNING with the last result of their checks.
  if (left.kind === 'inactive')
    return {
      state: 'inactive',
      reason: 'its Mesos agent does not answer; the steps show what was last known',
    };
  const worst = worstCell(cells);
  if (worst && isTrouble(worst.state)) return fromCell(worst, cells, context, agent);
  if (cells.some((cell) => cell.state === 'no task')) return incomplete(agent, cells, left, context);
  if (worst) return fromCell(worst, cells, context, agent);
  return { state: isRemoval(context) ? 'removed' : 'ready', reason: aside(left) };
}

function isRemoval({ steps }: RowContext): boolean {
  return steps.length > 0 && steps.every(({ mode }) => mode === 'absent');
}

/** Ready all the same, but the operator should know. */
function aside(left: { kind?: LeftOutKind; reason?: string }): string {
  if (left.kind === 'excluded') return 'excluded by the options, but Calico is there';
  return left.kind && left.kind !== 'no room' ? (left.reason ?? '') : '';
}

function isTrouble(state: CellState): boolean {
  return (RANK.get(state) ?? RESTART_PENDING) < RESTART_PENDING;
}

function worstCell(cells: readonly StepCell[]): StepCell | undefined {
  let worst: StepCell | undefined;
  let place = WORST_FIRST.length;
  for (const cell of cells) {
    const at = RANK.get(cell.state) ?? place;
    if (at < place) {
      worst = cell;
      place = at;
    }
  }
  return worst;
}

/** Some or all tasks are missing on an agent that could have them. */
function incomplete(
  agent: MesosAgent,
  cells: readonly StepCell[],
  left: { eligible: boolean; kind?: LeftOutKind; reason?: string },
  context: RowContext,
): Judgement {
  if (!left.eligible) {
    const reason = withoutState(left.kind!, left.reason!);
    return {
      state: WITHOUT_TASKS[left.kind!],
      reason: left.kind === 'no room' ? withIdleTasks(reason, cells) : reason,
    };
  }
  const missing = cells.filter((cell) => cell.state === 'no task').map((cell) => cell.step);
  if (context.unplacedMs !== undefined) {
    const what = missing.length === cells.length ? 'its tasks' : missing.join(', ');
    if (context.unplacedMs < PLACED_WITHIN_MS)
      return { state: 'installing', reason: `Marathon has yet to start ${what}` };
    const since = durationText(context.unplacedMs);
    return { state: 'not covered', reason: `Marathon has not started ${what} for ${since}` };
  }
  if (missing.length < cells.length)
    return { state: 'not covered', reason: `no task of ${missing.join(', ')}` };
  const joined = context.changedAt !== undefined && agent.registered_time * 1000 > context.changedAt;
  return { state: 'not covered', reason: joined ? 'joined since' : 'no tasks' };
}

/** "no room: port 2379 is not free" and "draining" already begin with the state. */
function withoutState(kind: LeftOutKind, reason: string): string {
  const state = WITHOUT_TASKS[kind];
  if (reason === state || kind === 'excluded' || kind === 'windows') return '';
  return reason.startsWith(`${state}: `) ? reason.slice(state.length + 2) : reason;
}

function fromCell(
  cell: StepCell,
  cells: readonly StepCell[],
  context: RowContext,
  agent: MesosAgent,
): Judgement {
  const state = WORST_FIRST[RANK.get(cell.state)!]![1];
  if (state === 'unreachable')
    return { state, reason: 'Mesos has lost sight of it', ...lastSeen(agent.id, context) };
  if (state === 'installing') {
    const mode = context.steps.find(({ name }) => name === cell.step)?.mode;
    return { state: mode === 'absent' ? 'removing' : 'installing', reason: cell.reason };
  }
  if (cell.state === 'waiting for turn') {
    if (context.turn.has(agent.hostname)) return { state: 'installing', reason: 'its turn has begun' };
    // The plan leaves it out: it has all its tasks, and there is no room for that of the turn.
    const left = eligibility(agent, [TURN_NEEDS], context.options);
    if (left.kind === 'no room')
      return { state: 'no room', reason: `${withoutState('no room', left.reason!)}, for its turn` };
    return { state, reason: cell.reason };
  }
  if (cell.state === 'no report' && context.carrier === 'health')
    return { state, reason: `${named(cell)}: Marathon ${context.marathonVersion} shows only what is ready` };
  return { state, reason: cell.reason ? reasonOf(cell, cells) : named(cell) };
}

function reasonOf(cell: StepCell, cells: readonly StepCell[]): string {
  if (cell.state !== 'no report' && cell.state !== 'ended') return cell.reason;
  const others = cells.filter((other) => other !== cell && other.state === cell.state).length;
  return `${named(cell)}${others ? ` and ${others} more` : ''}: ${cell.reason}`;
}

function named(cell: StepCell): string {
  return cell.step;
}

/** When an agent's tasks last answered, as far as Marathon remembers their health checks. */
export function lastSeen(agentId: string, context: RowContext): { since?: string } {
  let since: string | undefined;
  for (const task of context.tasks.on(agentId))
    for (const { lastSuccess } of task.healthCheckResults ?? [])
      if (lastSuccess && (!since || lastSuccess > since)) since = lastSuccess;
  return since ? { since } : {};
}
