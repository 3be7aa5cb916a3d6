// Tables as the DC/OS CLI draws them: upper-case headings, two spaces apart, no rules, numbers right-aligned.
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

const GAP = 2;

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
  const line = (cells: readonly Cell[]) => drawn(columns, widths, cells, colour);
  return [line(head), ...rows.flatMap(({ cells, below = [] }) => [line(cells), ...below])];
}

function drawn(
  columns: readonly Column[],
  widths: readonly number[],
  cells: readonly Cell[],
  colour: boolean,
): string {
  let line = '';
  columns.forEach(({ align }, index) => {
    const { text, paint: ink } = cells[index] ?? { text: '' };
    const space = ' '.repeat(Math.max(0, widths[index]! - text.length));
    const painted = paint(text, ink, colour);
    line += (index > 0 ? ' '.repeat(GAP) : '') + (align === 'right' ? space + painted : painted + space);
  });
  return line.trimEnd();
}
