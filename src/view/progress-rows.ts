// Progress on a terminal: at most a dozen rows, a phase each, and below the one under way the few agents that need attention.
import type { Wave } from '../plan/waves.ts';
import type { RolloutEvent } from '../rollout/events.ts';
import { isFinished } from '../rollout/next.ts';
import type { AgentProgress, RolloutState } from '../rollout/state.ts';
import { durationText } from '../status/duration.ts';
import { agentLine, placingLine, waveCounts, waveName } from './progress-words.ts';

export interface PhaseRow {
  /** Waves of this row, from and to (indices); the tasks' row has none. */
  waves: [from: number, to: number] | undefined;
  status: 'to come' | 'under way' | 'done' | 'failed' | 'skipped';
  title: string;
  below: string[];
}

/** Rows beyond which the later waves share the last one. */
const MOST_ROWS = 10;
const MOST_BELOW = 5;

/** Which waves share a row. */
export function phases(waves: number): ([number, number] | undefined)[] {
  const single = Math.min(waves, waves > MOST_ROWS ? MOST_ROWS - 1 : MOST_ROWS);
  const rows: ([number, number] | undefined)[] = [undefined];
  for (let wave = 0; wave < single; wave++) rows.push([wave, wave]);
  if (single < waves) rows.push([single, waves - 1]);
  return rows;
}

function shareName([from, to]: [number, number], waves: readonly Wave[]): string {
  return from === to ? waveName(from, waves[from]!.kind) : `Waves ${from + 1} to ${to + 1}`;
}

/** What a row says before anything is known but the plan. */
export function titleToCome(share: [number, number] | undefined, waves: readonly Wave[]): string {
  if (!share) return 'Tasks are being started';
  const agents = waves.slice(share[0], share[1] + 1).reduce((sum, wave) => sum + wave.agents.length, 0);
  return `${shareName(share, waves)}: ${agents} to come`;
}

const TROUBLE = new Set<AgentProgress['standing']>(['failed', 'stalled', 'restart pending', 'left out']);

/** Failed and such first, then those at work the longest. */
function attention(members: readonly AgentProgress[], now: number): string[] {
  const trouble = members.filter(({ standing }) => TROUBLE.has(standing));
  const slow = members
    .filter(({ standing, given }) => standing === 'in turn' && now - (given ?? now) > 30_000)
    .sort((a, b) => a.given! - b.given!);
  const lines = [
    ...trouble.map(agentLine),
    ...slow.map(({ agent, given }) => `${agent.host} at work for ${durationText(now - given!)}`),
  ];
  return lines.length > MOST_BELOW
    ? [...lines.slice(0, MOST_BELOW - 1), `and ${lines.length - MOST_BELOW + 1} more`]
    : lines;
}

/** How long the waves to come will take, by those that were timed; empty before the first. */
function left(state: RolloutState, timed: readonly number[]): string {
  const coming = state.waves.slice(state.at + 1).filter(({ agents }) => agents.length > 0).length;
  if (timed.length === 0 || coming === 0) return '';
  const mean = timed.reduce((sum, seconds) => sum + seconds, 0) / timed.length;
  return `, about ${durationText(mean * coming * 1000)} more for the waves to come`;
}

function members(state: RolloutState, [from, to]: [number, number]): AgentProgress[] {
  return state.waves
    .slice(from, to + 1)
    .flatMap(({ agents }) => agents.map(({ id }) => state.agents.get(id)!));
}

/** The rows as they are now. `timed`: seconds of the waves that are over. */
export function phaseRows(state: RolloutState, timed: readonly number[]): PhaseRow[] {
  return phases(state.waves.length).map((waves) => {
    if (!waves) return placingRow(state);
    const all = members(state, waves);
    const name = shareName(waves, state.waves);
    const status = waveStatus(state, waves, all);
    if (status === 'to come') return { waves, status, title: `${name}: ${all.length} to come`, below: [] };
    const more = status === 'under way' ? left(state, timed) : '';
    return {
      waves,
      status,
      title: `${name}: ${all.length === 0 ? 'nobody left' : waveCounts(all)}${more}`,
      below: status === 'skipped' ? [] : attention(all, state.now),
    };
  });
}

function placingRow(state: RolloutState): PhaseRow {
  const over = state.at >= 0 || state.turn !== undefined;
  return {
    waves: undefined,
    status: over ? 'done' : 'under way',
    title: placingLine(state),
    below: over ? [] : attention([...state.agents.values()], state.now),
  };
}

function waveStatus(
  state: RolloutState,
  [from, to]: [number, number],
  all: readonly AgentProgress[],
): PhaseRow['status'] {
  if (from > state.at) return all.every(isFinished) ? 'skipped' : 'to come';
  if (to > state.at || (state.turn && to === state.at)) return 'under way';
  if (all.some(({ standing }) => standing === 'failed' || standing === 'stalled')) return 'failed';
  return 'done';
}

/** Keeps the times of the waves; every event gives the rows anew. */
export class PhaseTimes {
  readonly seconds: number[] = [];

  take(event: RolloutEvent): void {
    if (event.type === 'wave ended') this.seconds.push(event.seconds);
  }
}
