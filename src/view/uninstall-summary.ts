// The end of an uninstall as text.
import type { UninstallSummary } from '../rollout/uninstall-summary.ts';
import { paint } from './colour.ts';
import { plainText } from './plain-text.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

/** Agents named one by one. */
const NAMED = 10;
const COLOURS = {
  done: 'green',
  'nothing to do': 'green',
  owed: 'yellow',
  forgotten: 'yellow',
  paused: 'yellow',
  stopped: 'red',
} as const;

/** @param remains what each forgotten agent keeps */
export function uninstallSummaryText(
  { outcome, what, owed }: UninstallSummary,
  remains: readonly string[] | undefined,
  { width, colour }: Terminal,
): string {
  const lines = wrap(what, width).map((line) => paint(line, COLOURS[outcome], colour));
  const named = remains ? owed : owed.slice(0, NAMED);
  for (const { host, reason } of named)
    lines.push(...wrap(`${plainText(host)}  ${plainText(reason)}`, width, '  '));
  if (owed.length > named.length) lines.push(`  and ${owed.length - named.length} more: dcos calico status`);
  if (remains) {
    lines.push('What stays on each of them, to be removed by hand, or with the agent:');
    for (const one of remains) lines.push(...wrap(plainText(one), width, '  '));
  }
  return lines.join('\n');
}
