// Above a screenful equal rows become one row with a count. No agent is ever lost by it: each is in exactly one line.
import { type AgentRow, GOOD, LEFT_ALONE } from '../status/model.ts';

export interface Line {
  /** The agents that this line stands for, at least one. */
  rows: AgentRow[];
  /** What differs among them, and so is not shown. */
  mixed: 'nothing' | 'reasons' | 'steps and reasons';
}

/**
 * 0: each agent has its line. 1: those that need nothing fold where they are equal. 2: all equal ones fold.
 * 3: agents of one state fold, whatever their reasons.
 */
export type FoldLevel = 0 | 1 | 2 | 3;
export const FOLD_LEVELS: readonly FoldLevel[] = [0, 1, 2, 3];

export function fold(agents: readonly AgentRow[], level: FoldLevel): Line[] {
  const lines = new Map<string, Line>();
  agents.forEach((row, index) => {
    const key = level === 0 || (level === 1 && !needsNothing(row)) ? String(index) : keyOf(row, level);
    const line = lines.get(key);
    if (line) line.rows.push(row);
    else lines.set(key, { rows: [row], mixed: 'nothing' });
  });
  if (level === 3) for (const line of lines.values()) line.mixed = mixture(line.rows);
  return [...lines.values()];
}

function needsNothing(row: AgentRow): boolean {
  return GOOD.has(row.state) || LEFT_ALONE.has(row.state);
}

function keyOf(row: AgentRow, level: FoldLevel): string {
  if (level === 3) return `${row.type} ${row.state}`;
  return `${row.type} ${row.state} ${stepsOf(row)} ${row.reason}`;
}

const stepsOf = (row: AgentRow) => row.cells.map(({ state }) => state).join();

function mixture(rows: readonly AgentRow[]): Line['mixed'] {
  const [first] = rows;
  if (rows.some((row) => stepsOf(row) !== stepsOf(first!))) return 'steps and reasons';
  return rows.some(({ reason }) => reason !== first!.reason) ? 'reasons' : 'nothing';
}

/** The reason that most of the rows have, and how many have another. */
export function commonestReason(rows: readonly AgentRow[]): { reason: string; others: number } {
  const counts = new Map<string, number>();
  for (const { reason } of rows) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const [reason, count] = [...counts].reduce((best, one) => (one[1] > best[1] ? one : best));
  return { reason, others: rows.length - count };
}
