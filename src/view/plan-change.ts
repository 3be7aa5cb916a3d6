// What a change of options comes to: the options, then each step with its tasks, its agents and the options it follows from.
import type { StepEffect } from '../plan/effects.ts';
import type { Plan } from '../plan/types.ts';
import { differencesText } from './differences.ts';
import { plainText } from './plain-text.ts';
import { columnWidths, tableLines, tableWidth } from './table.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

const HOW: Record<StepEffect['how'], string> = {
  create: 'started',
  scale: 'started',
  replace: 'replaced',
  drop: 'app removed',
};

function tasksCell({ how, tasks }: StepEffect): string {
  return how === 'drop' ? HOW.drop : `${tasks} ${HOW[how]}`;
}

const COLUMNS = ['STEP', 'TASKS', 'AGENTS', 'BECAUSE OF'].map((heading) => ({ heading }));

export function changeLines({ differences, effects = [] }: Plan, terminal: Terminal): string[] {
  const lines = differencesText(differences, terminal).split('\n');
  if (effects.length === 0) return [...lines, '', 'No task is replaced, and no agent needs a turn'];
  return [...lines, '', ...effectLines(effects, terminal)];
}

/** A row a step; where its options do not fit behind it, they stand below. */
function effectLines(effects: readonly StepEffect[], { width, colour }: Terminal): string[] {
  const rows = effects.map((effect) => [
    effect.step,
    tasksCell(effect),
    effect.agents,
    plainText(effect.causes.join(', ')),
  ]);
  const whole = rows.map((cells) => ({ cells: cells.map((text) => ({ text })) }));
  if (tableWidth(columnWidths(COLUMNS, whole)) <= width) return tableLines(COLUMNS, whole, colour);
  const short = rows.map((cells) => ({ cells: cells.slice(0, 3).map((text) => ({ text })) }));
  const [heading, ...lines] = tableLines(COLUMNS.slice(0, 3), short, colour);
  return [
    heading!,
    ...lines.flatMap((line, index) => [
      line,
      ...(rows[index]![3] ? wrap(`because of ${rows[index]![3]}`, width, '  ') : []),
    ]),
  ];
}
