// What preflight found, as text.
import type { Finding, Severity } from '../checks/types.ts';
import { type Paint, paint } from './colour.ts';
import { plainText } from './plain-text.ts';
import { addresses } from './plan-waves.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

const WORDS: Record<Severity, { text: string; paint?: Paint }> = {
  stops: { text: 'stops', paint: 'red' },
  warns: { text: 'warns', paint: 'yellow' },
  informs: { text: 'note' },
};

const IN_A_PIPE = 100;

/** One finding a paragraph: severity and code, what, the agents, what to do. Empty when there is nothing. */
export function findingsText(findings: readonly Finding[], terminal: Terminal): string {
  return findings.flatMap((finding) => paragraph(finding, terminal)).join('\n');
}

function paragraph({ code, severity, what, agents, remedy }: Finding, { width, colour }: Terminal): string[] {
  const word = WORDS[severity];
  const indent = ' '.repeat(5 + 2 + code.length + 2);
  const body = wrap(plainText(what), width, indent);
  const first = `${paint(word.text.padEnd(5), word.paint, colour)}  ${code}  ${body[0]!.slice(indent.length)}`;
  const list = Number.isFinite(width) ? width : IN_A_PIPE;
  return [
    first,
    ...body.slice(1),
    ...(agents.length > 0 ? [`${indent}${addresses(agents, list - indent.length)}`] : []),
    ...remedy.flatMap((line) => wrap(plainText(line), width, `${indent}  `)),
  ];
}
