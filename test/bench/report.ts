// What the bench prints: tables, and at the end which goals are met.
import { tableLines } from '../../src/view/table.ts';

export interface Goal {
  what: string;
  is: number;
  atMost: number;
}

export class Report {
  readonly #print: (line: string) => void;
  readonly #goals: Goal[] = [];

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  line(text: string): void {
    this.#print(text);
  }

  /** The first column is a name, all others are numbers. */
  table(headings: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
    const columns = headings.map((heading, index) => ({
      heading,
      align: index === 0 ? ('left' as const) : ('right' as const),
    }));
    const cells = rows.map((row) => ({ cells: row.map((value) => ({ text: String(value) })) }));
    for (const line of tableLines(columns, cells, false)) this.#print(line);
    this.#print('');
  }

  goal(what: string, is: number, atMost: number): void {
    this.#goals.push({ what, is, atMost });
  }

  goals(): void {
    const missed = this.#goals.filter(({ is, atMost }) => is > atMost);
    this.#print(`Goals met: ${this.#goals.length - missed.length} of ${this.#goals.length}`);
    for (const { what, is, atMost } of missed)
      this.#print(`  missed: ${what}: ${figure(is)}, at most ${figure(atMost)}`);
  }
}

export const figure = (value: number): string => (value < 20 ? value.toFixed(2) : value.toFixed(0));
