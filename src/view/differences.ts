// Options that differ: what is installed and what is asked for.
import type { OptionDifference } from '../options/differences.ts';
import { plainText } from './plain-text.ts';
import { columnWidths, tableLines, tableWidth } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

const shown = (value: unknown) => plainText(JSON.stringify(value) ?? '');
const COLUMNS = ['OPTION', 'INSTALLED', 'WANTED'].map((heading) => ({ heading }));

/** A row an option; where that is too wide for the terminal, each value on a line of its own. */
export function differencesText(
  differences: readonly OptionDifference[],
  { width, colour }: Pick<Terminal, 'width' | 'colour'>,
): string {
  const rows = differences.map(({ path, before, after }) => ({
    cells: [{ text: path }, { text: shown(before) }, { text: shown(after) }],
  }));
  if (tableWidth(columnWidths(COLUMNS, rows)) <= width) return tableLines(COLUMNS, rows, colour).join('\n');
  return differences
    .flatMap(({ path, before, after }) => [
      path,
      ...wrap(`installed  ${shown(before)}`, width, '  '),
      ...wrap(`wanted     ${shown(after)}`, width, '  '),
    ])
    .join('\n');
}
