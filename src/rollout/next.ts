// The decision: from what a rollout knows to the one thing to do next. No clock, no I/O.
import type { Wave } from '../plan/waves.ts';
import { CONFIRMED_WITHIN, lookInterval, NOT_REPLACED, PLACING_STILL, pollInterval } from './limits.ts';
import type { Action, AgentProgress, Places, Placing, RolloutState, StopReason } from './state.ts';

const FINISHED: ReadonlySet<AgentProgress['standing']> = new Set([
  'ready',
  'failed',
  'stalled',
  'restart pending',
  'out of time',
  'left out',
]);

/** Whether the agent's turn has come to an end, good or bad. */
export function isFinished(progress: AgentProgress): boolean {
  return FINISHED.has(progress.standing);
}

/**
 * What to do next. At most the agents of one wave ever have a turn; the next wave begins only when all of the last one have
 * finished, the whole group was looked at since, and nothing stops the rollout.
 */
export function next(state: RolloutState): Action {
  const apps = unsettled(state);
  if (apps.length > 0) return { do: 'settle', apps };
  const tasks = notReplaced(state);
  if (tasks.length > 0) return { do: 'end old', tasks };
  if (!isPlaced(state)) return { do: 'look', afterMs: lookInterval(state.agents.size), why: 'placing' };
  if (state.turn) {
    const members = state.turn.agents.map((id) => state.agents.get(id)!);
    if (!members.every(isFinished)) return { do: 'poll turn', afterMs: pollInterval(members.length) };
    return { do: 'end wave', wave: state.at };
  }
  if (state.looked === undefined) return { do: 'look', afterMs: 0, why: 'boundary' };
  if (isConfirming(state)) return { do: 'look', afterMs: pollInterval(0), why: 'confirming' };
  const stop = stopReason(state);
  if (stop) return { do: 'stop', why: stop };
  return begin(state);
}

/**
 * Marathon places a task wherever there is room for it, needed or not. Once it has nothing left to start, places that nobody filled are
 * taken back, and those that went elsewhere are made anew.
 */
function unsettled(state: RolloutState): readonly Places[] {
  const { placing, turn, looked } = state;
  if (!placing || turn || looked === undefined) return [];
  return placing.full || isPlaced(state) ? placing.settle : [];
}

/**
 * Marathon ≥ 1.9.128 ends the old instances that it considers unhealthy first, and no more than it has healthy ones: where some only
 * wait for an offer, or were out of sight, tasks stay and the deployment stands still (TaskReplaceActor.scala; facts §12).
 */
function notReplaced({ placing, turn, at, now, ended }: RolloutState): Placing['old'] {
  if (!placing || turn || at >= 0 || now - placing.changed < NOT_REPLACED) return [];
  return placing.old.filter(({ id }) => !ended.has(id));
}

/** Whether the tasks are where they can be: all of them, or nothing more came for a while. */
function isPlaced({ placing, agents, now, turn, at }: RolloutState): boolean {
  if (turn || at >= 0 || agents.size === 0) return true;
  if (!placing) return false;
  return placing.placed === agents.size || now - placing.changed >= PLACING_STILL;
}

/**
 * The turn sums a host up by what the steps wrote there; Marathon hears of each step by a check of its own, some seconds later. Only
 * a look that came after that time judges, so it is the look's time that counts, not the clock's.
 */
function isConfirming({ agents, looked = 0 }: RolloutState): boolean {
  return [...agents.values()].some(
    ({ standing, given, confirmed, since }) =>
      standing === 'ready' && given !== undefined && !confirmed && looked - since < CONFIRMED_WITHIN,
  );
}

/** Failures that count: of agents that were given a turn, in a wave that is not a second try. */
export function failures(state: Pick<RolloutState, 'waves' | 'agents'>, kind: Wave['kind']): number {
  return standing(state, kind, 'failed');
}

/** Agents whose turn never came to anything: nobody knows how they are, so that in the budget each counts as one that failed. */
export function stalls(state: Pick<RolloutState, 'waves' | 'agents'>, kind: Wave['kind']): number {
  return standing(state, kind, 'stalled');
}

function standing(
  { waves, agents }: Pick<RolloutState, 'waves' | 'agents'>,
  of: Wave['kind'],
  wanted: AgentProgress['standing'],
): number {
  return waves
    .filter(({ kind }) => kind === of)
    .flatMap((wave) => wave.agents)
    .filter(({ id }) => agents.get(id)?.standing === wanted).length;
}

function stopReason(state: RolloutState): StopReason | undefined {
  if (failures(state, 'canary') > 0) return 'canary failed';
  // A canary whose turn never came to anything is no evidence.
  if (stalls(state, 'canary') > 0) return 'canary stalled';
  if (failures(state, 'restart') > 0) return 'restart failed';
  if (stalls(state, 'restart') > 0) return 'restart stalled';
  if (failures(state, 'rollout') + stalls(state, 'rollout') > state.maxFailures) return 'too many failed';
  return undefined;
}

function begin(state: RolloutState): Action {
  for (let wave = state.at + 1; wave < state.waves.length; wave++) {
    const agents = state.waves[wave]!.agents.filter(({ id }) => state.agents.get(id)!.standing === 'to come');
    if (agents.length === 0) continue;
    if (state.paused) return { do: 'pause', why: 'asked' };
    if (state.pauseAfterCanary && passedCanary(state, wave)) return { do: 'pause', why: 'after canary' };
    if (state.until !== undefined && state.now >= state.until) return { do: 'pause', why: 'until' };
    return { do: 'give turn', wave, agents };
  }
  return { do: 'finish' };
}

/** Whether this run gave a canary its turn, and the next wave is none. */
function passedCanary({ waves, agents }: RolloutState, wave: number): boolean {
  if (waves[wave]!.kind === 'canary') return false;
  return waves.some(
    ({ kind, agents: members }) =>
      kind === 'canary' && members.some(({ id }) => agents.get(id)!.given !== undefined),
  );
}
