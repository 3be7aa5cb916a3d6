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

const WAIVED = { text: 'ignored', paint: 'yellow' } as const;
/** Of `stops`, `warns` and `note`; `ignored` is rare, and may be wider. */
const WIDEST = 5;

const IN_A_PIPE = 100;

/** Beside the command that says again whether something stops. */
export const WHEN_MENDED = '     when that is mended';

/** What the plan says of itself, in the same words. */
const IN_THE_PLAN = 'CAL1018';

/** Findings besides what the plan, which stands on the same screen, says. */
export function besidesThePlan(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ code }) => code !== IN_THE_PLAN);
}

/** How many stop, warn and inform, as a sentence without its full stop. */
export function verdictText(findings: readonly Finding[]): string {
  const count = (of: Severity) =>
    findings.filter(({ severity, waived }) => severity === of && !waived).length;
  const waived = findings.filter((finding) => finding.waived).length;
  const [stop, warn, note] = [count('stops'), count('warns'), count('informs')];
  const parts = [
    ...(stop > 0 ? [`${stop} ${stop === 1 ? 'finding stops' : 'findings stop'} an install`] : []),
    ...(waived > 0 ? [`${waived} would stop and ${waived === 1 ? 'is' : 'are'} ignored`] : []),
    ...(warn > 0 ? [`${warn} ${warn === 1 ? 'warning' : 'warnings'}`] : []),
    ...(note > 0 ? [`${note} ${note === 1 ? 'note' : 'notes'}`] : []),
  ];
  return parts.length > 0 ? parts.join(', ') : 'nothing was found';
}

/** One finding a paragraph: severity and code, what, the agents, what to do. Empty when there is nothing. */
export function findingsText(findings: readonly Finding[], terminal: Terminal): string {
  return findings.flatMap((finding) => paragraph(finding, terminal)).join('\n');
}

function paragraph(
  { code, severity, what, agents, remedy, waived }: Finding,
  { width, colour }: Terminal,
): string[] {
  const word = waived ? WAIVED : WORDS[severity];
  const indent = ' '.repeat(WIDEST + 2 + code.length + 2);
  const body = wrap(plainText(what), width, indent);
  const first = `${paint(word.text.padEnd(WIDEST), word.paint, colour)}  ${code}  ${body[0]!.slice(indent.length)}`;
  const list = Number.isFinite(width) ? width : IN_A_PIPE;
  return [
    first,
    ...body.slice(1),
    ...(agents.length > 0 ? [indent + agentsText(agents, list - indent.length)] : []),
    ...remedy.flatMap((line) => remedyLines(plainText(line), width, `${indent}  `)),
  ];
}

function agentsText(agents: readonly string[], width: number): string {
  const count = agents.length > 1 ? `${agents.length} agents: ` : '';
  return count + addresses(agents, width - count.length);
}

/** A sentence is broken at spaces. A command stays whole, so that it can be copied; what it does stands beside it, or below. */
function remedyLines(text: string, width: number, indent: string): string[] {
  if (indent.length + text.length <= width) return [indent + text];
  const beside = /^(\S.*?) {2,}(\S.*)$/.exec(text);
  if (beside) return [indent + beside[1]!, ...wrap(beside[2]!, width, `${indent}  `)];
  const after = /^(.*:) ((?:--|dcos |docker ).*)$/.exec(text);
  if (!after) return wrap(text, width, indent);
  // What would not fit begins further left.
  const room = Math.max(2, Math.min(indent.length + 2, width - after[2]!.length));
  return [...wrap(after[1]!, width, indent), `${' '.repeat(room)}${after[2]!}`];
}
