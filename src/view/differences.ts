// Options that differ, one a line: what is installed and what is asked for.
import type { OptionDifference } from '../options/differences.ts';
import { plainText } from './plain-text.ts';
import { tableLines } from './table.ts';
import type { Terminal } from './terminal.ts';

const shown = (value: unknown) => plainText(JSON.stringify(value) ?? '');

export function differencesText(differences: readonly OptionDifference[], { colour }: Terminal): string {
  return tableLines(
    ['OPTION', 'INSTALLED', 'WANTED'].map((heading) => ({ heading })),
    differences.map(({ path, before, after }) => ({
      cells: [{ text: path }, { text: shown(before) }, { text: shown(after) }],
    })),
    colour,
  ).join('\n');
}
