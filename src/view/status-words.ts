// The words of the per-agent table.
import { durationText } from '../status/duration.ts';
import type { AgentRow, AgentState, CellState } from '../status/model.ts';
import type { StepMode, StepName } from '../steps/state.ts';
import type { Paint } from './colour.ts';
import { plainText } from './plain-text.ts';

/** `full` where there is room; `compact` on a narrow terminal. */
export type Wording = 'full' | 'compact';

const HEADINGS: Record<StepName, { full: string; compact: string }> = {
  'etcd-proxy': { full: 'ETCD PROXY', compact: 'PROXY' },
  docker: { full: 'DOCKER', compact: 'DOCKER' },
  cni: { full: 'CNI', compact: 'CNI' },
  libnetwork: { full: 'LIBNETWORK', compact: 'LIBNET' },
  node: { full: 'NODE', compact: 'NODE' },
};

const CELLS: Record<CellState, { full: string; compact?: string; paint?: Paint }> = {
  ready: { full: 'ready', paint: 'green' },
  'waiting for step': { full: 'waiting', compact: 'waits', paint: 'dim' },
  'waiting for turn': { full: 'waiting', compact: 'waits', paint: 'dim' },
  working: { full: 'working', compact: 'works', paint: 'cyan' },
  'restart pending': { full: 'restart pending', compact: 'restart', paint: 'yellow' },
  failed: { full: 'failed', paint: 'red' },
  ended: { full: 'ended', paint: 'red' },
  drifted: { full: 'drifted', paint: 'red' },
  'stands back': { full: 'stands back', compact: 'aside', paint: 'yellow' },
  'no report': { full: 'no report', compact: 'silent', paint: 'yellow' },
  'no task': { full: '-', paint: 'dim' },
  starting: { full: 'starting', compact: 'starts', paint: 'cyan' },
  'old version': { full: 'old version', compact: 'old', paint: 'cyan' },
  // Nobody knows what the step is doing there; the agent's own column says that it is unreachable.
  unreachable: { full: 'unknown', compact: '?', paint: 'dim' },
};

export const STATE_PAINT: Record<AgentState, Paint> = {
  failed: 'red',
  'stands back': 'yellow',
  drifted: 'red',
  unreachable: 'yellow',
  inactive: 'yellow',
  gone: 'yellow',
  'no report': 'yellow',
  'restart pending': 'yellow',
  'no room': 'yellow',
  draining: 'yellow',
  deactivated: 'yellow',
  'not covered': 'yellow',
  removing: 'cyan',
  installing: 'cyan',
  waiting: 'cyan',
  excluded: 'dim',
  windows: 'dim',
  removed: 'green',
  ready: 'green',
};

export function heading(step: StepName, wording: Wording): string {
  return HEADINGS[step][wording];
}

export function cellWord(
  state: CellState,
  mode: StepMode,
  wording: Wording,
): { text: string; paint: Paint | undefined } {
  if (mode === 'absent' && state === 'ready') return { text: 'removed', paint: 'green' };
  const word = CELLS[state];
  return { text: wording === 'compact' ? (word.compact ?? word.full) : word.full, paint: word.paint };
}

/** A Windows agent is called so; all other states are their own words. */
export function stateWord(state: AgentState, wording: Wording = 'full'): string {
  if (state === 'restart pending' && wording === 'compact') return 'restart';
  return state === 'windows' ? 'Windows agent' : state;
}

/** Why, with since when; plain text. @param now milliseconds since 1970 */
export function reasonText(row: Pick<AgentRow, 'reason' | 'since'>, now: number): string {
  const seen = row.since ? `last seen ${durationText(now - Date.parse(row.since))} ago` : '';
  return [plainText(row.reason), seen].filter(Boolean).join(', ');
}

/** "failed: Docker already uses …"; "waiting for its turn". */
export function stateText(state: AgentState, reason: string, wording: Wording = 'full'): string {
  const word = stateWord(state, wording);
  if (!reason) return word;
  const phrase = state === 'waiting' ? /^waits (for .*)$/i.exec(reason)?.[1] : undefined;
  return phrase ? `${word} ${phrase}` : `${word}: ${reason}`;
}
