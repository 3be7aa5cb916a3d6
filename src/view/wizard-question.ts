// A question as text: heading, what it is about, what is suggested. It is printed once, above the prompt, and never drawn again, so that
// a screen reader reads it once. Nothing is said by colour or by a symbol alone.
import type { Screen } from '../wizard/screens.ts';
import type { Choice } from '../wizard/types.ts';
import { paint } from './colour.ts';
import { plainText } from './plain-text.ts';
import type { Terminal } from './terminal.ts';
import { wrap } from './wrap.ts';

const WIDEST = 100;

/** Columns that sentences take. In a pipe nothing is broken into lines. */
export function widthOf({ width }: Terminal): number {
  return Number.isFinite(width) ? Math.min(width, WIDEST) : width;
}

/** Empty for a screen without a heading. */
export function questionText({ heading, paragraphs, suggested }: Screen, terminal: Terminal): string {
  const width = widthOf(terminal);
  const lines = [
    ...(heading ? ['', paint(heading, 'bold', terminal.colour)] : []),
    ...paragraphs.flatMap((text) => wrap(plainText(text), width)),
    ...(suggested ? wrap(plainText(suggested), width) : []),
  ];
  return lines.join('\n');
}

/** A choice as its lines: the name, and what it does below it. `indent`: where text begins after the number. */
export function choiceLines({ name, effect }: Choice, terminal: Terminal, indent: number): string {
  const margin = ' '.repeat(indent);
  const width = widthOf(terminal);
  const [first, ...rest] = wrap(plainText(name), width, margin);
  return [
    first!.slice(indent),
    ...rest,
    ...(effect ? wrap(plainText(effect), width, `${margin}  `) : []),
  ].join('\n');
}

export const KEYS = { back: 'b', leave: 'q' } as const;

/** What can be typed besides an answer. */
export function keysLine({ choices, preselect, back }: Screen): string {
  const enter =
    preselect === undefined ? '' : choices ? 'Enter: what stands there; ' : 'Enter: what is suggested; ';
  return `(${enter}${back ? 'b: back; ' : ''}q: leave, answers are kept)`;
}
