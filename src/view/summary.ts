// The end of a run as text.
import type { Summary } from '../rollout/summary.ts';
import { paint } from './colour.ts';
import { plainText } from './plain-text.ts';
import { stateText } from './status-words.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

/** Agents named one by one; `status` has the others. */
const NAMED = 10;
const COLOURS = { done: 'green', 'nothing to do': 'green', stopped: 'red', paused: 'yellow' } as const;

/** What came of it, then each agent that is not ready with its reason. */
export function summaryText({ outcome, what, notReady, exit }: Summary, { width, colour }: Terminal): string {
  const good = outcome === 'done' && exit !== 0 ? 'yellow' : COLOURS[outcome];
  const lines = [paint(what, good, colour)];
  for (const { address, state, reason } of notReady.slice(0, NAMED))
    lines.push(
      ...wrap(`  ${plainText(address)}  ${stateText(state, plainText(reason))}`.trim(), width, '  '),
    );
  if (notReady.length > NAMED) lines.push(`  and ${notReady.length - NAMED} more: dcos calico status`);
  return lines.join('\n');
}
