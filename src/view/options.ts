// Options as a person reads them.

import { defaultOptions } from '../options/defaults.ts';
import { differences } from '../options/differences.ts';
import { ALL_OPTIONS, valueAt } from '../options/paths.ts';
import { heading, type OptionProblem, oneLine, sentences } from '../options/problems.ts';
import type { Resolved } from '../options/resolve.ts';
import type { Options } from '../options/types.ts';
import { plainText } from './plain-text.ts';
import { columnWidths, type Row, tableLines } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

const COLUMNS = [{ heading: 'OPTION' }, { heading: 'VALUE' }, { heading: 'SOURCE' }];
const GAPS = 4;

/** `-` for nothing, text as it is, lists of texts with commas, all else as JSON. */
export function optionText(value: unknown): string {
  if (value === '' || (Array.isArray(value) && value.length === 0)) return '-';
  if (typeof value === 'string') return plainText(value);
  const texts = Array.isArray(value) && value.every((entry) => typeof entry === 'string');
  return plainText(texts ? value.join(',') : JSON.stringify(value));
}

/** Each option with its value and where that is from; a value that the terminal has no room for stands on a line of its own. */
export function optionsTable(
  { options, sources }: Pick<Resolved, 'options' | 'sources'>,
  paths: readonly string[],
  terminal: Terminal,
): string[] {
  const cells = paths.map((path) => [path, optionText(valueAt(options, path)), sources[path] ?? 'default']);
  const [first = 0, , last = 0] = columnWidths(
    COLUMNS,
    cells.map((texts) => ({ cells: texts.map((text) => ({ text })) })),
  );
  const room = Math.max(COLUMNS[1]!.heading.length, terminal.width - first - last - GAPS);
  const rows = cells.map(([path = '', value = '', source = '']): Row => {
    const fits = value.length <= room;
    return {
      cells: [{ text: path }, { text: fits ? value : '' }, { text: source }],
      below: fits ? [] : [`  ${value}`],
    };
  });
  return tableLines(COLUMNS, rows, terminal.colour);
}

/** The paths of all options, or of those only that are not at their default. */
export function pathsToShow(options: Options, { changed }: { changed: boolean }): string[] {
  if (!changed) return ALL_OPTIONS.map(({ path }) => path);
  return differences(defaultOptions(), options).map(({ path }) => path);
}

const WIDEST = 120;
const LABEL = 'Warning: ';

/** One warning a paragraph, broken at the terminal's width, hanging under its first word. Equal ones of several options are one. */
export function warningLines(warnings: readonly OptionProblem[], { width }: Terminal): string[] {
  const widest = width === Number.POSITIVE_INFINITY ? width : Math.min(width, WIDEST);
  return folded(warnings).flatMap((text) =>
    wrap(plainText(text), widest, ' '.repeat(LABEL.length)).map((line, index) =>
      index === 0 ? LABEL + line.slice(LABEL.length) : line,
    ),
  );
}

function folded(warnings: readonly OptionProblem[]): string[] {
  const bySentence = new Map<string, OptionProblem[]>();
  for (const warning of warnings) {
    const same = warning.what.includes(warning.path) ? oneLine(warning) : sentences(warning);
    bySentence.set(same, [...(bySentence.get(same) ?? []), warning]);
  }
  return [...bySentence].map(([same, [first, ...more]]) =>
    more.length === 0 ? oneLine(first!) : `${[first!, ...more].map(heading).join(', ')}: ${same}`,
  );
}
