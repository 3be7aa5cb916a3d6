// A place in the bytes of a JSON document, and how to get past what stands there.

/** The document is not as it is expected to be; whether it is JSON at all is for JSON.parse to say. */
export class GiveUp extends Error {}

export const QUOTE = 34;
export const COLON = 58;
export const COMMA = 44;
export const BACKSLASH = 92;
export const OPEN_LIST = 91;
export const CLOSE_LIST = 93;
export const OPEN_OBJECT = 123;
export const CLOSE_OBJECT = 125;
const SPACE = 32;
/** From here on it pays to leave JavaScript for a comparison. */
const LONG = 200;

export class JsonBytes {
  readonly bytes: Buffer;
  /** Where the next thing to be read begins. */
  at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** The next byte that is no space; past the end 0. */
  next(): number {
    const byte = this.bytes[this.at] ?? 0;
    return byte > SPACE ? byte : this.#afterSpace();
  }

  /** Goes past `byte`, which has to come next. */
  take(byte: number): void {
    if (this.next() !== byte) throw new GiveUp();
    this.at++;
  }

  /** Whether `byte` comes next; goes past it if so. */
  took(byte: number): boolean {
    if (this.next() !== byte) return false;
    this.at++;
    return true;
  }

  /** Goes past a value of any kind. Of what nobody reads only the ends are looked for: whether it is good JSON inside is not. */
  skip(): void {
    const first = this.next();
    if (first === QUOTE) this.at = this.#endOfText(this.at + 1);
    else if (first === OPEN_OBJECT || first === OPEN_LIST) this.at = this.#endOfNested();
    else this.at = this.#endOfWord();
  }

  /** Whether the same bytes come next as the `length` that stand at `from`. */
  comes(from: number, length: number): boolean {
    const { bytes, at } = this;
    if (at + length > bytes.length) return false;
    if (length > LONG) return bytes.compare(bytes, from, from + length, at, at + length) === 0;
    let index = 0;
    while (index < length && bytes[at + index] === bytes[from + index]) index++;
    return index === length;
  }

  /** As text, from `from` up to here. */
  since(from: number): string {
    return this.bytes.toString('utf8', from, this.at);
  }

  #afterSpace(): number {
    const { bytes } = this;
    while (this.at < bytes.length && bytes[this.at]! <= SPACE) this.at++;
    return bytes[this.at] ?? 0;
  }

  #endOfText(from: number): number {
    const { bytes } = this;
    let at = from;
    for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[at]) {
      if (byte === undefined) throw new GiveUp();
      at += byte === BACKSLASH ? 2 : 1;
    }
    return at + 1;
  }

  #endOfNested(): number {
    const { bytes } = this;
    let at = this.at;
    let depth = 0;
    for (;;) {
      const byte = bytes[at++];
      if (byte === QUOTE) {
        let inside = bytes[at];
        while (inside !== QUOTE) {
          if (inside === undefined) throw new GiveUp();
          at += inside === BACKSLASH ? 2 : 1;
          inside = bytes[at];
        }
        at++;
      } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) depth++;
      else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
        if (--depth === 0) return at;
      } else if (byte === undefined) throw new GiveUp();
    }
  }

  #endOfWord(): number {
    const { bytes } = this;
    let at = this.at;
    for (let byte = bytes[at]; byte !== undefined; byte = bytes[++at])
      if (byte === COMMA || byte === CLOSE_OBJECT || byte === CLOSE_LIST || byte <= SPACE) break;
    if (at === this.at) throw new GiveUp();
    return at;
  }
}
