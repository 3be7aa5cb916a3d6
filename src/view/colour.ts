import { styleText } from 'node:util';

/** Colour supports what a word already says; it never says anything alone. */
export type Paint = 'red' | 'yellow' | 'green' | 'cyan' | 'dim' | 'bold';

export function paint(text: string, colour: Paint | undefined, on: boolean): string {
  return on && colour && text ? styleText(colour, text, { validateStream: false }) : text;
}
