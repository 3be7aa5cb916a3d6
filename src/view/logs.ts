// What `dcos calico logs` prints: a step's output as it is, without what a terminal would act on.
import type { LogPlace } from '../logs/find.ts';
import type { LogRead } from '../logs/read.ts';
import { timeText } from '../status/duration.ts';
import { plainLines, plainText } from './plain-text.ts';

/** Longer than any line a step prints. */
const LONGEST = 4000;

/** One line of a log. */
export function logLine(text: string): string {
  const plain = plainLines(text).replace(/\n+$/, '');
  return plain.length > LONGEST ? `${plain.slice(0, LONGEST)}…` : plain;
}

/** Talk above the lines: what they are of. */
export function logHeading({ address, step, task, file }: LogPlace): string {
  const when = task.ended
    ? `ended ${timeText(task.ended.when)}: ${plainText(task.ended.why)}`
    : task.startedAt
      ? `started ${timeText(task.startedAt)}`
      : 'is starting';
  return `${step} on ${plainText(address)}, ${file} of ${plainText(task.id)} (${when})`;
}

/** Talk below them. */
export function logFooter({ tail, task, step, address, file }: LogRead, count: number): string[] {
  if (tail.lines.length === 0 && count > 0)
    return [task.startedAt || task.ended ? 'It has printed nothing' : 'It has printed nothing yet'];
  if (!tail.more) return [];
  const flag = file === 'stderr' ? ' --stderr' : '';
  return [
    `Next: dcos calico logs ${plainText(address)} ${step}${flag} --lines ${Math.max(count, 100) * 10}  shows more`,
  ];
}

/** The document of `--json`, as `schemas/logs.json` describes it. */
export function logDocument({ address, agentId, step, task, file, tail }: LogRead): Record<string, unknown> {
  return {
    agent: { address: plainText(address), id: plainText(agentId) },
    step,
    task: {
      id: plainText(task.id),
      version: task.version,
      startedAt: task.startedAt ?? null,
      ended: task.ended ? { when: task.ended.when, why: plainText(task.ended.why) } : null,
    },
    file,
    lines: tail.lines.map(logLine),
    more: tail.more,
  };
}
