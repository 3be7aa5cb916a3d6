// What Go's encoding/json says of a text that is not JSON (scanner.go): dockerd prints it, and an operator searches for it.

class SyntaxProblem extends Error {}

class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  #space(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #next(): string {
    const character = this.#text[this.#at];
    if (character === undefined) throw new SyntaxProblem('unexpected EOF');
    return character;
  }

  #wrong(context: string): SyntaxProblem {
    const character = this.#text[this.#at]!;
    const quoted =
      character === "'" ? `'\\''` : character === '"' ? `'"'` : `'${JSON.stringify(character).slice(1, -1)}'`;
    return new SyntaxProblem(`invalid character ${quoted} ${context}`);
  }

  value(): void {
    this.#space();
    const character = this.#next();
    if (character === '{') this.#members('}', 'after object key:value pair', () => this.#pair());
    else if (character === '[') this.#members(']', 'after array element', () => this.value());
    else if (character === '"') this.#string();
    else if (/[-0-9]/.test(character)) this.#number();
    else {
      const literal = { t: 'true', f: 'false', n: 'null' }[character];
      if (!literal) throw this.#wrong('looking for beginning of value');
      for (const expected of literal) {
        if (this.#next() !== expected) throw this.#wrong(`in literal ${literal} (expecting '${expected}')`);
        this.#at++;
      }
    }
  }

  #members(end: string, after: string, one: () => void): void {
    this.#at++;
    this.#space();
    if (this.#next() === end) {
      this.#at++;
      return;
    }
    for (;;) {
      one();
      this.#space();
      const character = this.#next();
      if (character !== ',' && character !== end) throw this.#wrong(after);
      this.#at++;
      if (character === end) return;
    }
  }

  #pair(): void {
    this.#space();
    if (this.#next() !== '"') throw this.#wrong('looking for beginning of object key string');
    this.#string();
    this.#space();
    if (this.#next() !== ':') throw this.#wrong('after object key');
    this.#at++;
    this.value();
  }

  #string(): void {
    this.#at++;
    for (;;) {
      const character = this.#next();
      if (character < ' ') throw this.#wrong('in string literal');
      if (character === '\\') {
        this.#at++;
        if (!/["\\/bfnrtu]/.test(this.#next())) throw this.#wrong('in string escape code');
      }
      this.#at++;
      if (character === '"') return;
    }
  }

  #number(): void {
    const match = /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?/.exec(this.#text.slice(this.#at));
    this.#at += match ? match[0].length : 1;
    if (!match) {
      this.#next();
      throw this.#wrong('in numeric literal');
    }
  }
}

/** Go's message for a text that JSON.parse refused. What stands behind the first value is not read, as a decoder does. */
export function goJsonProblem(text: string): string | undefined {
  try {
    new Scanner(text).value();
    return undefined;
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error;
    return error.message;
  }
}
