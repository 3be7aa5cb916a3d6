// What the cluster answers, folded into what a rollout knows.
import type { MarathonApp, MarathonGroup, MarathonTask, MesosAgent } from '../dcos/types.ts';
import type { Options } from '../options/types.ts';
import { type AgentStepState, agentStepStates, GroupTasks, isLive, isReady } from '../plan/agent-state.ts';
import { eligibility } from '../plan/eligibility.ts';
import type { Stray } from '../plan/instances.ts';
import type { PlannedAgent } from '../plan/waves.ts';
import { type Carrier, reportedState, type StepName } from '../steps/state.ts';
import { TURN_NEEDS } from '../steps/turn/definition.ts';
import {
  CONFIRMED_WITHIN,
  FAILED_FOR,
  OUT_OF_TIME,
  PLACING_STILL,
  TURN_NO_REPORT,
  TURN_NOT_PLACED,
  TURN_UNREACHABLE,
  TURN_WORKING,
} from './limits.ts';
import { placesOf } from './places.ts';
import type { AgentProgress, AgentStanding, Placing, RolloutState, TurnCondition } from './state.ts';

/** What a turn's task said of itself where Marathon cannot carry it, or carries no reason: its `status.json`. */
export interface TurnReport {
  state: string;
  reason: string;
}

function changed(
  progress: AgentProgress,
  standing: AgentStanding,
  reason: string,
  now: number,
): AgentProgress {
  if (progress.standing === standing && progress.reason === reason) return progress;
  return { ...progress, standing, reason, since: progress.standing === standing ? progress.since : now };
}

/** The newest live task of the turn on each agent, of this very turn. */
export function turnTasks(app: MarathonApp, version: string): Map<string, MarathonTask> {
  const found = new Map<string, MarathonTask>();
  for (const task of app.tasks ?? []) {
    if (!isLive(task) || task.version < version || !task.slaveId) continue;
    const other = found.get(task.slaveId);
    if (!other || (other.stagedAt ?? '') < (task.stagedAt ?? '')) found.set(task.slaveId, task);
  }
  return found;
}

/** What the turn of one agent tells at this look. */
export function turnCondition(
  task: MarathonTask | undefined,
  carrier: Carrier,
  report: TurnReport | undefined,
): TurnCondition {
  if (!task) return 'no task';
  if (task.state === 'TASK_UNREACHABLE') return 'unreachable';
  if (task.state === 'TASK_STAGING' || task.state === 'TASK_STARTING') return 'starting';
  const state = reportedState(task, carrier);
  if (state !== 'no report') return state;
  return (report?.state as TurnCondition | undefined) ?? 'no report';
}

/** How an agent stands after its turn has said `condition` since `since`. */
function standingOf(
  condition: TurnCondition,
  lasted: number,
  reason: string,
): { standing: AgentStanding; reason: string } {
  const still = { standing: 'in turn' as const, reason };
  switch (condition) {
    case 'ready':
      return { standing: 'ready', reason: '' };
    case 'failed':
      return lasted >= FAILED_FOR ? { standing: 'failed', reason } : still;
    case 'restart pending':
      return reason || lasted >= FAILED_FOR ? { standing: 'restart pending', reason } : still;
    case 'no task':
    case 'starting':
      return lasted >= TURN_NOT_PLACED
        ? {
            standing: 'stalled',
            reason: reason || 'Marathon found no place for the task that gives it its turn',
          }
        : still;
    case 'unreachable':
      return lasted >= TURN_UNREACHABLE
        ? { standing: 'failed', reason: 'Mesos lost sight of it in its turn' }
        : still;
    case 'no report':
      return lasted >= TURN_NO_REPORT
        ? { standing: 'failed', reason: 'the task that gives it its turn does not report' }
        : still;
    default:
      return lasted >= TURN_WORKING
        ? { standing: 'failed', reason: reason || `not finished after ${TURN_WORKING / 60_000} minutes` }
        : still;
  }
}

/** After the turn was given. */
export function withTurnGiven(
  state: RolloutState,
  wave: number,
  given: readonly PlannedAgent[],
  app: MarathonApp,
): RolloutState {
  const { now } = state;
  const agents = new Map(state.agents);
  for (const { id } of given)
    agents.set(id, { ...agents.get(id)!, standing: 'in turn', given: now, since: now });
  const version = app.versionInfo?.lastConfigChangeAt ?? app.version;
  return { ...state, at: wave, agents, turn: { version, since: now, agents: given.map(({ id }) => id) } };
}

/** After a look at the turn's app. `reports`: by agent id, for those that were asked. */
export function withTurn(
  state: RolloutState,
  app: MarathonApp,
  carrier: Carrier,
  reports: ReadonlyMap<string, TurnReport>,
): RolloutState {
  const tasks = turnTasks(app, state.turn!.version);
  const agents = new Map(state.agents);
  for (const id of state.turn!.agents) {
    const before = agents.get(id)!;
    const report = reports.get(id);
    const said = turnCondition(tasks.get(id), carrier, report);
    const condition = said === 'no report' ? (lastReport(before, carrier) ?? said) : said;
    const since = before.turn?.condition === condition ? before.turn.since : state.now;
    const { standing, reason } = standingOf(condition, state.now - since, report?.reason ?? before.reason);
    const late = standing === 'in turn' && isOutOfTime(state);
    const ended = late ? { standing: 'out of time' as const, reason: LATE } : { standing, reason };
    agents.set(id, {
      ...changed(before, ended.standing, condition === 'ready' ? '' : ended.reason, state.now),
      turn: { condition, since },
    });
  }
  return { ...state, agents };
}

const LATE = 'the time given with --until came before it was done';

function isOutOfTime({ until, now, turn }: RolloutState): boolean {
  return until !== undefined && now >= until + OUT_OF_TIME && now - turn!.since >= OUT_OF_TIME;
}

/** On Marathon < 1.8 not every agent is asked at every look: what it said last stands until it says something else. */
function lastReport({ turn }: AgentProgress, carrier: Carrier): TurnCondition | undefined {
  if (carrier === 'check' || !turn) return undefined;
  return (REPORTS as readonly string[]).includes(turn.condition) ? turn.condition : undefined;
}

/** `ready` is not among them: Marathon itself tells it, and when it is lost. */
const REPORTS = ['working', 'failed', 'restart pending'] satisfies TurnCondition[];

export interface GroupLook {
  group: MarathonGroup | undefined;
  agents: readonly MesosAgent[];
  steps: readonly StepName[];
  carrier: Carrier;
  options: Options;
  /** Agents that the plan leaves out, and that Marathon may start tasks on. */
  strays?: readonly Stray[];
}

/** After a look at the whole group and Mesos' agents: who is ready, who cannot have a turn any more, how the placing goes. */
export function withGroup(state: RolloutState, look: GroupLook): RolloutState {
  const tasks = new GroupTasks(look.group);
  const byId = new Map(look.agents.map((agent) => [agent.id, agent]));
  const agents = new Map(state.agents);
  let placed = 0;
  let count = 0;
  const old: { id: string; host: string }[] = [];
  for (const [id, progress] of agents) {
    const states = agentStepStates({ id }, look.steps, tasks, look.carrier);
    const there = states.filter(
      ({ state }) => !['no task', 'old version', 'starting'].includes(state),
    ).length;
    count += there;
    for (const { state, task } of states)
      if (task && state === 'old version') old.push({ id: task.id, host: progress.agent.host });
    // Where a step's own word can be had it is waited for: who finds nothing to change needs no turn.
    const silent = look.carrier === 'check' && states.some(({ state }) => state === 'no report');
    if (there === look.steps.length && !silent) placed++;
    if (progress.standing === 'ready') agents.set(id, confirmed(progress, states, look.carrier, state.now));
    if (progress.standing !== 'to come') continue;
    if (isReady(states)) agents.set(id, changed(progress, 'ready', '', state.now));
    else {
      const reason = cannot(byId.get(id), tasks.on(id), look);
      if (reason) agents.set(id, changed(progress, 'left out', reason, state.now));
    }
  }
  const toCome = [...agents.values()].filter(({ standing }) => standing === 'to come');
  const placing = placingOf(state, {
    placed,
    tasks: count,
    of: agents.size * look.steps.length,
    old,
    ...placesOf({
      tasks,
      steps: look.steps,
      toCome: toCome.map(({ agent }) => agent.id),
      planned: [...agents.keys()],
      strays: look.strays ?? [],
    }),
  });
  return { ...markUnplaced({ ...state, agents, placing, looked: state.now }, look, tasks) };
}

/**
 * What its turn said of an agent, held against what its steps say, at every look: a step that reports failed long after its turn is
 * doubted as one that was never confirmed is. An agent that is merely out of sight later, or at work again, stays confirmed.
 */
function confirmed(
  progress: AgentProgress,
  states: readonly AgentStepState[],
  carrier: Carrier,
  now: number,
): AgentProgress {
  if (isReady(states)) return { ...progress, confirmed: true };
  if (progress.given === undefined) return progress;
  if (progress.confirmed) {
    return states.some((one) => saysFailed(one, carrier))
      ? { ...progress, confirmed: false, since: now }
      : progress;
  }
  if (now - progress.since < CONFIRMED_WITHIN) return progress;
  return changed(progress, 'failed', 'was ready in its turn, and its steps are not', now);
}

/** On Marathon < 1.8 a step that was ready and fails is one whose health check fails; without any result nothing is known. */
function saysFailed({ state, task }: AgentStepState, carrier: Carrier): boolean {
  if (carrier === 'check') return state === 'failed';
  return state === 'no report' && (task?.healthCheckResults ?? []).length > 0;
}

/** Why an agent that was to come can have no turn now. */
function cannot(
  agent: MesosAgent | undefined,
  tasks: readonly MarathonTask[],
  { options }: GroupLook,
): string | undefined {
  if (!agent) return 'unreachable: Mesos no longer lists it';
  const answer = eligibility(agent, [TURN_NEEDS], options, tasks);
  return answer.eligible ? undefined : answer.reason;
}

/** After the places of the apps were changed: what they come to is seen at the next look. */
export function withPlacesSettled(state: RolloutState): RolloutState {
  const placing = state.placing && { ...state.placing, settle: [], full: false, changed: state.now };
  return { ...state, placing, looked: undefined };
}

/** After tasks were ended that Marathon did not replace: those that take their places have as long as all others had. */
export function withOldEnded(state: RolloutState, tasks: Placing['old']): RolloutState {
  const placing = state.placing && { ...state.placing, old: [], changed: state.now };
  return {
    ...state,
    placing,
    ended: new Set([...state.ended, ...tasks.map(({ id }) => id)]),
    looked: undefined,
  };
}

function placingOf(state: RolloutState, now: Omit<Placing, 'changed'>): Placing {
  const before = state.placing;
  const same = before && before.tasks === now.tasks;
  return { ...now, changed: same ? before.changed : state.now };
}

/** Once nothing moves any more, agents that lack tasks are left out, and told which. */
function markUnplaced(state: RolloutState, look: GroupLook, tasks: GroupTasks): RolloutState {
  const placing = state.placing!;
  if (state.at >= 0 || state.now - placing.changed < PLACING_STILL) return state;
  const agents = new Map(state.agents);
  for (const [id, progress] of agents) {
    if (progress.standing !== 'to come') continue;
    const missing = agentStepStates({ id }, look.steps, tasks, look.carrier)
      .filter(({ state }) => ['no task', 'old version', 'starting'].includes(state))
      .map(({ step }) => step);
    if (missing.length > 0)
      agents.set(
        id,
        changed(progress, 'left out', `Marathon started no task of ${missing.join(', ')} on it`, state.now),
      );
  }
  return { ...state, agents };
}
