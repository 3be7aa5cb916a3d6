// What a change of options comes to: the options, then each step with its tasks, its agents and the options it follows from.
import type { StepEffect } from '../plan/effects.ts';
import type { Plan } from '../plan/types.ts';
import { differencesText } from './differences.ts';
import { plainText } from './plain-text.ts';
import { tableLines } from './table.ts';
import type { Terminal } from './terminal.ts';

const HOW: Record<StepEffect['how'], string> = {
  create: 'started',
  scale: 'started',
  replace: 'replaced',
  drop: 'app removed',
};

function tasksCell({ how, tasks }: StepEffect): string {
  return how === 'drop' ? HOW.drop : `${tasks} ${HOW[how]}`;
}

export function changeLines({ differences, effects = [] }: Plan, terminal: Terminal): string[] {
  const lines = differencesText(differences, terminal).split('\n');
  if (effects.length === 0)
    return [...lines, '', 'No task is replaced and no agent changes: only the options that are kept.'];
  return [
    ...lines,
    '',
    ...tableLines(
      ['STEP', 'TASKS', 'AGENTS', 'BECAUSE OF'].map((heading) => ({ heading })),
      effects.map((effect) => ({
        cells: [
          { text: effect.step },
          { text: tasksCell(effect) },
          { text: effect.agents },
          { text: plainText(effect.causes.join(', ')) },
        ],
      })),
      terminal.colour,
    ),
  ];
}
