// A rollout as DC/OS services show their own plans: phases that are waves, steps that are agents. Nothing of it is remembered: it is
// what the cluster is now, and what the planner would do next.
import type { Control, Skip } from '../steps/control-app.ts';
import type { InstalledOptions } from '../steps/options-app.ts';
import type { Plan } from './types.ts';
import type { PlannedAgent, Wave } from './waves.ts';

/** The statuses of DC/OS services' plans that can come up here (dcos-commons, Status.java). */
export type PlanStatus = 'PENDING' | 'IN_PROGRESS' | 'WAITING' | 'DELAYED' | 'COMPLETE' | 'ERROR';

export interface PlanStep {
  /** The agent's address and Mesos' id. */
  name: string;
  id: string;
  status: PlanStatus;
  message: string;
  /** The step of Calico that failed there. */
  step?: string;
}

export interface PlanPhase {
  name: string;
  kind: Wave['kind'] | 'done' | 'left out';
  strategy: 'serial' | 'parallel';
  /** Agents at a time. */
  size: number;
  status: PlanStatus;
  complete: number;
  steps: PlanStep[];
}

export interface UnderWay {
  name: 'deploy' | 'uninstall';
  strategy: 'serial';
  status: PlanStatus;
  /** Agents that are as wanted, of those that are meant to be. */
  complete: number;
  of: number;
  phases: PlanPhase[];
  errors: string[];
  /** The change that is rolled, or the last one. */
  change?: { who: string; when: string; command: string; message: string };
  /** Who has given the turn, and when. */
  carried?: { who: string; since: string };
  paused?: NonNullable<Control['paused']>;
  skipped: Skip[];
  /** Whether the options before can be gone back to. */
  undo: boolean;
}

/** An agent as the status of the cluster has it, in the words of that. */
export interface AgentLook {
  id: string;
  host: string;
  state: string;
  reason: string;
  /** The step that failed. */
  step?: string;
}

export interface TurnLook {
  /** Addresses of the agents that have it. */
  agents: readonly string[];
  goingOn: boolean;
  since: string;
  /** `3/8 rollout`; empty where an older version of this program gave it. */
  wave: string;
  who: string;
}

export interface UnderWayInput {
  /** What would still be done: of the install, or, once that was begun, of the uninstall. */
  plan: Pick<Plan, 'waves' | 'ready' | 'leftOut' | 'changes' | 'staleTurn'>;
  name: UnderWay['name'];
  installed: InstalledOptions;
  agents: readonly AgentLook[];
  turn: TurnLook | undefined;
  control: Control;
}

const GOOD = new Set(['ready', 'removed']);
const BROKEN = new Set(['failed', 'drifted', 'stands back', 'unreachable', 'gone']);
const AT_WORK = new Set(['installing', 'removing']);

export function underWay({ plan, name, installed, agents, turn, control }: UnderWayInput): UnderWay {
  const looks = new Map(agents.map((agent) => [agent.id, agent]));
  const inTurn = new Set(turn?.goingOn ? turn.agents : []);
  const stepOf = (agent: PlannedAgent) => step(agent, looks.get(agent.id), inTurn);
  const waiting = plan.waves.flatMap((wave) => wave.agents);
  const now = waiting.filter(({ host }) => inTurn.has(host));
  const ready = [...plan.ready].filter(({ host }) => !inTurn.has(host));
  const inNow = [...now, ...plan.ready.filter(({ host }) => inTurn.has(host))];
  const number = turn?.goingOn ? waveOf(turn.wave) : undefined;
  const phases = [
    ...(ready.length > 0 ? [phase('done', 'done', ready.map(stepOf), ready.length)] : []),
    ...(inNow.length > 0
      ? [phase(number?.name ?? 'wave', number?.kind ?? 'rollout', inNow.map(stepOf), inNow.length)]
      : []),
    ...toCome(plan.waves, inTurn, number?.number ?? 0).map(({ name, wave }) =>
      phase(name, wave.kind, wave.agents.map(stepOf), wave.agents.length),
    ),
    ...leftOut(plan),
  ];
  const broken = waiting.filter(({ id }) => BROKEN.has(looks.get(id)?.state ?? ''));
  const skippedHere = control.skipped.filter(({ id }) => !GOOD.has(looks.get(id)?.state ?? ''));
  const errors = broken.map(({ id, host }) => `${host}: ${looks.get(id)!.reason || looks.get(id)!.state}`);
  const complete = plan.ready.length;
  const { who, when, command, message } = installed;
  return {
    name,
    strategy: 'serial',
    status: statusOf({ going: inTurn.size > 0, idle: isIdle(plan), broken: broken.length }),
    complete,
    of: complete + waiting.length,
    phases,
    errors,
    change: { who, when, command, message },
    ...(turn?.goingOn ? { carried: { who: turn.who, since: turn.since } } : {}),
    ...(control.paused ? { paused: control.paused } : {}),
    skipped: skippedHere,
    undo: (installed.previous?.length ?? 0) > 0,
  };
}

/** Nobody has anything to do, and nothing is left to be written. */
function isIdle({ waves, changes, staleTurn }: UnderWayInput['plan']): boolean {
  return waves.length === 0 && changes.length === 0 && !staleTurn;
}

function statusOf(is: { going: boolean; idle: boolean; broken: number }): PlanStatus {
  if (is.going) return 'IN_PROGRESS';
  if (is.idle) return 'COMPLETE';
  return is.broken > 0 ? 'ERROR' : 'WAITING';
}

function step(
  { host, id }: PlannedAgent,
  look: AgentLook | undefined,
  inTurn: ReadonlySet<string>,
): PlanStep {
  const { state = '', reason = '' } = look ?? {};
  const status = stepStatus(state, inTurn.has(host));
  const quiet = status === 'COMPLETE' || status === 'PENDING';
  const message = quiet ? '' : reason && !reason.startsWith(state) ? `${state}: ${reason}` : reason || state;
  return {
    name: host,
    id,
    status,
    message,
    ...(look?.step ? { step: look.step } : {}),
  };
}

function stepStatus(state: string, inTurn: boolean): PlanStatus {
  if (GOOD.has(state)) return 'COMPLETE';
  if (BROKEN.has(state)) return 'ERROR';
  if (inTurn || AT_WORK.has(state)) return 'IN_PROGRESS';
  return state === 'restart pending' ? 'WAITING' : 'PENDING';
}

function phase(name: string, kind: PlanPhase['kind'], steps: PlanStep[], size: number): PlanPhase {
  const complete = steps.filter(({ status }) => status === 'COMPLETE').length;
  return {
    name,
    kind,
    strategy: size === 1 ? 'serial' : 'parallel',
    size,
    status: phaseStatus(steps, complete),
    complete,
    steps,
  };
}

function phaseStatus(steps: readonly PlanStep[], complete: number): PlanStatus {
  const has = (status: PlanStatus) => steps.some((one) => one.status === status);
  if (complete === steps.length) return 'COMPLETE';
  if (has('IN_PROGRESS')) return 'IN_PROGRESS';
  if (has('ERROR')) return 'ERROR';
  return has('WAITING') ? 'WAITING' : 'PENDING';
}

/** Which wave of its rollout is under way: its number goes on in those to come. */
function waveOf(text: string): { number: number; name: string; kind: Wave['kind'] } | undefined {
  const found = /^(\d+)\/\d+ (canary|rollout|restart|retry)$/.exec(text);
  if (!found) return undefined;
  return { number: Number(found[1]), name: `wave-${found[1]}`, kind: found[2] as Wave['kind'] };
}

function toCome(
  waves: readonly Wave[],
  inTurn: ReadonlySet<string>,
  from: number,
): { name: string; wave: Wave }[] {
  return waves
    .map((wave) => ({ ...wave, agents: wave.agents.filter(({ host }) => !inTurn.has(host)) }))
    .filter(({ agents }) => agents.length > 0)
    .map((wave, index) => ({ name: `wave-${from + index + 1}`, wave }));
}

/** Those that the rollout goes on without: named, as they are owed something still. */
function leftOut({ leftOut }: UnderWayInput['plan']): PlanPhase[] {
  if (leftOut.length === 0) return [];
  const steps = leftOut.map(({ agent, reason }) => ({
    name: agent.host,
    id: agent.id,
    status: 'DELAYED' as const,
    message: reason,
  }));
  return [
    {
      name: 'left out',
      kind: 'left out',
      strategy: 'parallel',
      size: steps.length,
      status: 'DELAYED',
      complete: 0,
      steps,
    },
  ];
}
