// Tables as the DC/OS CLI draws them: upper-case headings, two spaces apart, no rules, numbers right-aligned.
import Table from 'cli-table3';
import { type Paint, paint } from './colour.ts';

export interface Column {
  heading: string;
  align?: 'left' | 'right';
}

export interface Cell {
  /** One line, already plain. */
  text: string;
  paint?: Paint;
}

export interface Row {
  cells: Cell[];
  /** Lines that stand under the row, as they are. */
  below?: string[];
}

/** cli-table3 measures every cell of a table against every other: 5,000 rows at once take 9 s, in chunks half a second. */
const CHUNK = 20;
const GAP = 2;

const NO_RULES = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' '.repeat(GAP),
};

/** Width of each column: its longest text. */
export function columnWidths(columns: readonly Column[], rows: readonly Row[]): number[] {
  const widths = columns.map(({ heading }) => heading.length);
  for (const { cells } of rows)
    cells.forEach((cell, index) => {
      if (cell.text.length > (widths[index] ?? 0)) widths[index] = cell.text.length;
    });
  return widths;
}

/** What the table takes in all. */
export function tableWidth(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, GAP * (widths.length - 1));
}

/**
 * The lines of a table, headings first; none ends in a space. Nothing is ever cut: a line can be longer than the terminal is wide,
 * and the caller chooses columns so that it is not.
 */
export function tableLines(columns: readonly Column[], rows: readonly Row[], colour: boolean): string[] {
  const widths = columnWidths(columns, rows);
  const head = columns.map(({ heading }): Cell => ({ text: heading, paint: 'bold' }));
  const all = [head, ...rows.map(({ cells }) => cells)];
  // Most agents differ in nothing but their name: what follows it is drawn once for all that are alike.
  const keys = all.map(keyOf);
  const alike = new Map<string, Cell[]>();
  all.forEach((cells, index) => {
    if (!alike.has(keys[index]!)) alike.set(keys[index]!, cells.slice(1));
  });
  const texts =
    columns.length > 1 ? drawn(columns.slice(1), widths.slice(1), [...alike.values()], colour) : [];
  const textOf = new Map([...alike.keys()].map((key, index) => [key, texts[index] ?? '']));
  const lines: string[] = [];
  all.forEach(([name], index) => {
    const text = name ? padded(name, columns[0]!, widths[0]!, colour) : '';
    lines.push(
      `${text}${' '.repeat(GAP)}${textOf.get(keys[index]!)}`.trimEnd(),
      ...(rows[index - 1]?.below ?? []),
    );
  });
  return lines;
}

/** Of all that follows the name. */
function keyOf(cells: readonly Cell[]): string {
  let key = '';
  for (let index = 1; index < cells.length; index++) {
    const { text, paint: ink = '' } = cells[index]!;
    key += `${ink}\t${text}\n`;
  }
  return key;
}

function padded({ text, paint: ink }: Cell, { align }: Column, width: number, colour: boolean): string {
  const space = ' '.repeat(Math.max(0, width - text.length));
  const painted = paint(text, ink, colour);
  return align === 'right' ? space + painted : painted + space;
}

/** Each of these rows as a line, padded to the width of its last column. */
function drawn(
  columns: readonly Column[],
  widths: readonly number[],
  rows: readonly Cell[][],
  colour: boolean,
): string[] {
  const lines: string[] = [];
  for (let at = 0; at < rows.length; at += CHUNK) {
    const table = new Table({
      chars: NO_RULES,
      // A column of no width would be measured anew, and so be quadratic again.
      colWidths: widths.map((width) => Math.max(1, width)),
      colAligns: columns.map(({ align }) => align ?? 'left'),
      style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [], compact: true },
    });
    for (const cells of rows.slice(at, at + CHUNK))
      table.push(cells.map(({ text, paint: ink }) => paint(text || ' ', ink, colour)));
    lines.push(...table.toString().split('\n'));
  }
  return lines;
}
