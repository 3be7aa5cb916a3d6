// The per-agent table: which columns and words fit, and where the reason stands.
import { type AgentRow, type ClusterStatus, GOOD, LEFT_ALONE } from '../status/model.ts';
import { plainText } from './plain-text.ts';
import { commonestReason, FOLD_LEVELS, type FoldLevel, fold, type Line } from './status-fold.ts';
import {
  cellWord,
  heading,
  reasonText,
  STATE_PAINT,
  stateText,
  stateWord,
  type Wording,
} from './status-words.ts';
import { type Cell, type Column, columnWidths, type Row, tableLines, tableWidth } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

/** From here on the reason stands in the row itself. */
export const WIDE = 120;
/** A reason of a word or two does not deserve a line of its own. */
const SHORT = 18;
const INDENT = '  ';

/**
 * The table's lines: one an agent, or, where these would not fit into `lines`, folded as little as it takes.
 *
 * @param lines how many lines there is room for; `Infinity`: each agent has its own
 */
export function statusTable(status: ClusterStatus, terminal: Terminal, lines: number): string[] {
  for (const level of FOLD_LEVELS) {
    if (level < 3 && countLines(status, level) + 1 > lines) continue;
    const drawn = draw(status, fold(status.agents, level), terminal);
    if (level === 3 || drawn.length <= lines) return drawn;
  }
  return [];
}

/** A lower bound, without drawing anything: thousands of rows that cannot fit are not laid out to find that out. */
function countLines(status: ClusterStatus, level: FoldLevel): number {
  return level === 0 ? status.agents.length : fold(status.agents, level).length;
}

function draw(status: ClusterStatus, lines: readonly Line[], terminal: Terminal): string[] {
  for (const wording of ['full', 'compact'] as const) {
    const columns = stepColumns(status, wording);
    const rows = lines.map((line) => stepRow(status, line, wording, terminal.width));
    if (tableWidth(columnWidths(columns, rows)) > terminal.width) continue;
    placeReasons({ columns, rows, lines, status, terminal, wording });
    return tableLines(columns, rows, terminal.colour);
  }
  return tableLines(
    LIST,
    lines.map((line) => listRow(status, line, terminal)),
    terminal.colour,
  );
}

function stepColumns(status: ClusterStatus, wording: Wording): Column[] {
  return [
    { heading: 'AGENT' },
    { heading: 'TYPE' },
    ...status.steps.map(({ name }) => ({ heading: heading(name, wording) })),
    { heading: 'CALICO' },
  ];
}

function stepRow(status: ClusterStatus, line: Line, wording: Wording, width: number): Row {
  const row = line.rows[0]!;
  const cells = status.steps.map(({ mode }, index): Cell => {
    const state = row.cells[index]?.state ?? 'no task';
    const same = line.rows.every((other) => other.cells[index]?.state === state);
    return same ? cellWord(state, mode, wording) : { text: 'mixed', paint: 'dim' };
  });
  return { cells: [...nameCells(line), ...cells, stateCell(line, wording)], below: addresses(line, width) };
}

function nameCells(line: Line): Cell[] {
  const [row] = line.rows;
  const name = line.rows.length === 1 ? plainText(row!.address) : `${line.rows.length} agents`;
  return [{ text: name }, { text: row!.type === 'unknown' ? '-' : row!.type }];
}

function stateCell(line: Line, wording: Wording): Cell {
  const { state } = line.rows[0]!;
  return { text: stateWord(state, wording), paint: STATE_PAINT[state] };
}

/** Puts each reason into its row where the terminal is wide and the row then fits, else under it, wrapped and never cut. */
function placeReasons(drawing: {
  columns: readonly Column[];
  rows: readonly Row[];
  lines: readonly Line[];
  status: ClusterStatus;
  terminal: Terminal;
  wording: Wording;
}): void {
  const { columns, rows, lines, status, terminal, wording } = drawing;
  const last = columns.length - 1;
  const before = tableWidth(columnWidths(columns, rows).slice(0, last)) + 2;
  rows.forEach((row, index) => {
    const line = lines[index]!;
    const reason = reasonOf(line, status);
    if (!reason) return;
    const text = stateText(line.rows[0]!.state, reason, wording);
    const short = terminal.width >= WIDE || reason.length <= SHORT;
    if (short && before + text.length <= terminal.width) row.cells[last]!.text = text;
    else row.below = [...wrap(reason, terminal.width, INDENT), ...(row.below ?? [])];
  });
}

function reasonOf(line: Line, status: ClusterStatus): string {
  if (line.rows.length === 1) return reasonText(line.rows[0]!, status.readAt);
  const { reason, others } = commonestReason(line.rows);
  const text = plainText(reason);
  return others > 0 ? `${text} (and ${others} for other reasons)` : text;
}

/** Whom a folded line means, as far as one line of text goes: a count alone helps nobody who has to mend them. */
function addresses(line: Line, width: number): string[] {
  const { state } = line.rows[0]!;
  if (line.rows.length === 1 || GOOD.has(state) || LEFT_ALONE.has(state)) return [];
  const room = Math.min(width, WIDE) - INDENT.length - ', and 9999 more'.length;
  let text = '';
  let shown = 0;
  for (const row of line.rows) {
    const longer = text ? `${text}, ${plainText(row.address)}` : plainText(row.address);
    if (shown > 0 && longer.length > room) break;
    text = longer;
    shown++;
  }
  const more = line.rows.length - shown;
  return [`${INDENT}${text}${more > 0 ? `, and ${more} more` : ''}`];
}

const LIST: Column[] = [{ heading: 'AGENT' }, { heading: 'TYPE' }, { heading: 'CALICO' }];

/** On a terminal too narrow for a column a step: the steps that are not ready stand under the row. */
function listRow(status: ClusterStatus, line: Line, terminal: Terminal): Row {
  const reason = reasonOf(line, status);
  const about = line.mixed === 'steps and reasons' ? '' : unreadySteps(status, line.rows[0]!);
  const texts = about.includes(reason) ? [about] : [reason, about];
  const below = texts.filter(Boolean).flatMap((text) => wrap(text, terminal.width, INDENT));
  return {
    cells: [...nameCells(line), stateCell(line, 'full')],
    below: [...below, ...addresses(line, terminal.width)],
  };
}

/** "docker failed; libnetwork, node waiting". Nothing where all steps are alike: then the agent's state says it. */
function unreadySteps(status: ClusterStatus, row: AgentRow): string {
  const byWord = new Map<string, string[]>();
  status.steps.forEach(({ name, mode }, index) => {
    const { text } = cellWord(row.cells[index]?.state ?? 'no task', mode, 'full');
    const word = text === '-' ? 'without a task' : text;
    byWord.set(word, [...(byWord.get(word) ?? []), name]);
  });
  if (byWord.size < 2) return '';
  return [...byWord]
    .filter(([word]) => word !== 'ready' && word !== 'removed')
    .map(([word, names]) => `${names.join(', ')} ${word}`)
    .join('; ');
}
