// The result of the wizard: options that differ from their defaults, what an install would do, and the commands for it.
import type { Finding } from '../checks/types.ts';
import type { OptionDifference } from '../options/differences.ts';
import { oneLine } from '../options/problems.ts';
import type { Plan } from '../plan/types.ts';
import { aboutText } from '../status/duration.ts';
import type { Result } from '../wizard/result.ts';
import { paint } from './colour.ts';
import { findingsText } from './findings.ts';
import { plainText } from './plain-text.ts';
import { columnWidths, tableLines, tableWidth } from './table.ts';
import type { Terminal } from './terminal.ts';
import { widthOf } from './wizard-question.ts';
import { wrap } from './wrap.ts';

export interface Outcome {
  result: Result;
  /** Undefined when the plan could not be made: then the findings say why. */
  plan: Plan | undefined;
  findings: readonly Finding[];
  /** The install that takes the file, and the one that does without. */
  commands: { withFile: string; withoutFile: string };
}

export function resultText({ result, plan, findings, commands }: Outcome, terminal: Terminal): string {
  const bold = (text: string) => paint(text, 'bold', terminal.colour);
  const width = widthOf(terminal);
  const shown = findings.filter(({ severity }) => severity !== 'informs');
  return [
    '',
    bold('Result'),
    ...differenceLines(result.differences, terminal),
    ...result.warnings.flatMap((warning) => wrap(`Warning: ${plainText(oneLine(warning))}`, width)),
    '',
    ...(plan ? wrap(planSentence(plan), width) : []),
    ...(shown.length > 0 ? [findingsText(shown, { ...terminal, width })] : []),
    ...(result.before.length > 0 ? ['Before it:', ...result.before.map((line) => `  ${line}`)] : []),
    'The command for it, and the same without the file:',
    `  ${commands.withFile}`,
    `  ${commands.withoutFile}`,
  ].join('\n');
}

const text = (value: unknown) => plainText(JSON.stringify(value) ?? '');

function differenceLines(differences: readonly OptionDifference[], terminal: Terminal): string[] {
  if (differences.length === 0) return ['All options are at their defaults'];
  const columns = ['OPTION', 'DEFAULT', 'HERE'].map((heading) => ({ heading }));
  const rows = differences.map(({ path, before, after }) => ({
    cells: [path, text(before), text(after)].map((cell) => ({ text: cell })),
  }));
  if (tableWidth(columnWidths(columns, rows)) <= terminal.width)
    return tableLines(columns, rows, terminal.colour);
  return differences.flatMap(({ path, before, after }) => [
    path,
    ...wrap(`default: ${text(before)}`, terminal.width, '  '),
    ...wrap(`here:    ${text(after)}`, terminal.width, '  '),
  ]);
}

const agents = (count: number) => `${count} ${count === 1 ? 'agent' : 'agents'}`;

function planSentence(plan: Plan): string {
  if (plan.refusal) return `An install would do nothing: ${plan.refusal.what}: ${plan.refusal.why}`;
  if (plan.kind === 'nothing') return 'An install would do nothing: Calico is as these options say';
  const { numbers, waves, leftOut } = plan;
  const first = waves[0]?.kind === 'canary' ? `, first ${agents(waves[0].agents.length)}` : '';
  const left = leftOut.length > 0 ? `; ${agents(leftOut.length)} left out` : '';
  const replaced = numbers.tasksReplaced > 0 ? `, replace ${numbers.tasksReplaced}` : '';
  return plainText(
    `An install would change ${agents(numbers.hostsChanged)} in ${waves.length} ${waves.length === 1 ? 'wave' : 'waves'}${first}, and start ${numbers.tasksStarted} tasks${replaced}; about ${aboutText(numbers.seconds * 1000)}${left}. Whether one of them needs a restart only the agents can tell: the install asks them, and shows its plan, first.`,
  );
}
