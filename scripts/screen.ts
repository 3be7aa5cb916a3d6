// The screen of a terminal, as far as the programs here draw on it: ECMA-48 cursor moves, erasing, colours; scrolling; nothing else.

interface Cell {
  text: string;
  /** SGR parameters in force, `1;36`; empty: none. */
  style: string;
}

const BLANK: Cell = { text: ' ', style: '' };

export class Screen {
  readonly rows: number;
  readonly columns: number;
  /** Lines that were scrolled off the top. */
  readonly past: string[] = [];
  #lines: Cell[][];
  #row = 0;
  #column = 0;
  #style: string[] = [];
  /** An escape sequence, or a character, that is not whole yet. */
  #rest = '';
  readonly #decoder = new TextDecoder();

  constructor(rows: number, columns: number) {
    this.rows = rows;
    this.columns = columns;
    this.#lines = Array.from({ length: rows }, () => this.#blankLine());
  }

  write(data: Uint8Array): void {
    let text = this.#rest + this.#decoder.decode(data, { stream: true });
    this.#rest = '';
    while (text) {
      if (text.startsWith('\u001b')) {
        const sequence = /^\u001b(?:\[([?<>]?)([\d;]*)([@-~])|\][^\u0007]*\u0007|[^[\]])/.exec(text);
        if (!sequence) {
          this.#rest = text;
          return;
        }
        if (sequence[3] && !sequence[1]) this.#control(sequence[3], sequence[2]!);
        text = text.slice(sequence[0].length);
        continue;
      }
      const character = String.fromCodePoint(text.codePointAt(0)!);
      text = text.slice(character.length);
      this.#put(character);
    }
  }

  /** The screen without trailing spaces and lines, plain. */
  text(): string {
    return trimmed(this.#lines.map((line) => line.map((cell) => cell.text).join('')));
  }

  /** The same with colours as the escape sequences that made them. */
  styled(): string {
    return trimmed(
      this.#lines.map((line) => {
        let last = line.length;
        while (last > 0 && line[last - 1]!.text === ' ' && line[last - 1]!.style === '') last--;
        let out = '';
        let style = '';
        for (const cell of line.slice(0, last)) {
          if (cell.style !== style) out += `\u001b[${cell.style || '0'}m`;
          style = cell.style;
          out += cell.text;
        }
        return style ? `${out}\u001b[0m` : out;
      }),
    );
  }

  /** The line that the cursor is on. */
  get cursorLine(): string {
    return this.#lines[this.#row]!.map((cell) => cell.text)
      .join('')
      .trimEnd();
  }

  #blankLine(): Cell[] {
    return Array.from({ length: this.columns }, () => BLANK);
  }

  #put(character: string): void {
    if (character === '\r') this.#column = 0;
    else if (character === '\n') this.#down();
    else if (character === '\b') this.#column = Math.max(0, this.#column - 1);
    else if (character >= ' ') {
      // As xterm does: the cursor stays behind the last column until one more character comes.
      if (this.#column >= this.columns) {
        this.#column = 0;
        this.#down();
      }
      this.#lines[this.#row]![this.#column++] = { text: character, style: this.#style.join(';') };
    }
  }

  #down(): void {
    if (this.#row < this.rows - 1) {
      this.#row++;
      return;
    }
    this.past.push(
      this.#lines
        .shift()!
        .map((cell) => cell.text)
        .join('')
        .trimEnd(),
    );
    this.#lines.push(this.#blankLine());
  }

  #control(final: string, parameters: string): void {
    const count = Number(parameters.split(';')[0] || 1);
    if (final === 'A') this.#row = Math.max(0, this.#row - count);
    else if (final === 'B') this.#row = Math.min(this.rows - 1, this.#row + count);
    else if (final === 'C') this.#column = Math.min(this.columns - 1, this.#column + count);
    else if (final === 'D') this.#column = Math.max(0, this.#column - count);
    else if (final === 'G') this.#column = Math.min(this.columns, count) - 1;
    else if (final === 'H') {
      const [row = '1', column = '1'] = parameters.split(';');
      this.#row = Math.min(this.rows, Number(row || 1)) - 1;
      this.#column = Math.min(this.columns, Number(column || 1)) - 1;
    } else if (final === 'K') this.#eraseLine(parameters);
    else if (final === 'J') this.#eraseScreen(parameters);
    else if (final === 'm') this.#paint(parameters);
    else throw new Error(`the screen does not know CSI ${parameters}${final}`);
  }

  #eraseLine(how: string): void {
    const line = this.#lines[this.#row]!;
    const from = how === '' || how === '0' ? this.#column : 0;
    const to = how === '1' ? this.#column + 1 : this.columns;
    line.fill(BLANK, from, to);
  }

  #eraseScreen(how: string): void {
    this.#eraseLine(how);
    const from = how === '1' || how === '2' ? 0 : this.#row + 1;
    const to = how === '1' ? this.#row : this.rows;
    for (let row = from; row < to; row++) this.#lines[row] = this.#blankLine();
  }

  /** Attributes on and off, as `styleText` writes them: 22 ends 1 and 2, 39 ends a colour. */
  #paint(parameters: string): void {
    for (const code of (parameters || '0').split(';')) {
      const number = Number(code);
      if (number === 0) this.#style = [];
      else if (number === 22) this.#style = this.#style.filter((one) => one !== '1' && one !== '2');
      else if (number === 39) this.#style = this.#style.filter((one) => !/^(3|9)\d$/.test(one));
      else this.#style = [...this.#style.filter((one) => one !== code), code];
    }
  }
}

function trimmed(lines: string[]): string {
  const plain = lines.map((line) => line.trimEnd());
  while (plain.at(-1) === '') plain.pop();
  return plain.join('\n');
}
