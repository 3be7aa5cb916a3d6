// Reads a JSON document as it comes, its long lists piece by piece: of each element only what is wanted stays, and neither the
// whole text nor all of its objects are ever there at once. The parser itself is Node's, which nothing written here is faster than.
import { BadJson } from './answer.ts';

/** By the name of a list: what is kept of each element, wherever the list stands. */
export type LongLists = Readonly<Record<string, (element: Record<string, unknown>) => unknown>>;

/** Text to be parsed at once. */
const PIECE = 128 * 1024;
/** Is given a document in pieces by `write`; `end` is its value. Both throw BadJson. */
export class LongListReader {
  readonly #keep: LongLists;
  /** `"tasks":[`, `"slaves":[`, as services write them; a document that has spaces there is read as a whole. */
  readonly #beginnings: readonly (readonly [text: string, name: string])[];
  readonly #longest: number;
  /** Begins the text that stands for a list which was taken out. */
  readonly #mark = `list ${Math.random()} `;
  /** The document without its long lists. */
  #rest = '';
  readonly #lists: unknown[][] = [];
  #text = '';
  /** The list that is open, and what is kept of its elements. */
  #open: { list: unknown[]; keep: LongLists[string] } | undefined;

  constructor(keep: LongLists) {
    this.#keep = keep;
    this.#beginnings = Object.keys(keep).map((name) => [`"${name}":[`, name]);
    this.#longest = Math.max(...this.#beginnings.map(([text]) => text.length));
  }

  write(piece: string): void {
    this.#text += piece;
    if (this.#text.length < PIECE) return;
    while (this.#open ? this.#elements() : this.#list());
  }

  end(): unknown {
    while (this.#open ? this.#last() : this.#list());
    const document = parsed(this.#rest + this.#text);
    return this.#lists.length > 0 ? this.#whole(document) : document;
  }

  /** Goes on to the next list; false: there is none in what has come. */
  #list(): boolean {
    let at = -1;
    let found: readonly [string, string] | undefined;
    for (const beginning of this.#beginnings) {
      const place = this.#text.indexOf(beginning[0]);
      if (place >= 0 && (at < 0 || place < at)) [at, found] = [place, beginning];
    }
    if (!found) {
      // The beginning of one may stand at the end.
      const keep = Math.max(0, this.#text.length - this.#longest);
      this.#rest += this.#text.slice(0, keep);
      this.#text = this.#text.slice(keep);
      return false;
    }
    const from = at + found[0].length;
    this.#rest += `${this.#text.slice(0, from)}${JSON.stringify(this.#mark + this.#lists.length)}]`;
    this.#text = this.#text.slice(from);
    const list: unknown[] = [];
    this.#lists.push(list);
    this.#open = { list, keep: this.#keep[found[1]]! };
    return true;
  }

  /** Takes the elements that are whole; true: something else follows. */
  #elements(): boolean {
    if (this.#text.length < PIECE) return false;
    const cut = this.#text.lastIndexOf('},{');
    // A cut within an element leaves brackets or a text open, which the parser never takes.
    if (cut > 0 && this.#take(this.#text.slice(0, cut + 1))) {
      this.#text = this.#text.slice(cut + 2);
      return false;
    }
    return this.#counted();
  }

  #last(): boolean {
    if (this.#counted()) return true;
    throw new BadJson('Unexpected end of JSON', true);
  }

  /** The same by counting brackets: where the list ends, or an element is very long. */
  #counted(): boolean {
    const { whole, end } = extent(this.#text);
    if (end < 0) {
      if (whole > 0) {
        this.#parse(this.#text.slice(0, whole));
        this.#text = this.#text.slice(whole);
      }
      return false;
    }
    this.#parse(this.#text.slice(0, end));
    this.#text = this.#text.slice(end + 1);
    this.#open = undefined;
    return true;
  }

  #take(elements: string): boolean {
    try {
      this.#add(JSON.parse(`[${this.#further(elements)}]`) as unknown[]);
      return true;
    } catch {
      return false;
    }
  }

  #parse(elements: string): void {
    this.#add(parsed(`[${this.#further(elements)}]`) as unknown[]);
  }

  /** Without the comma that parts them from those before. */
  #further(elements: string): string {
    return this.#open!.list.length > 0 ? elements.replace(/^\s*,/, '') : elements;
  }

  #add(elements: readonly unknown[]): void {
    const { list, keep } = this.#open!;
    for (const element of elements)
      list.push(isObject(element) ? keep(element as Record<string, unknown>) : element);
  }

  /** Puts the lists back to where they stood. */
  #whole(value: unknown): unknown {
    if (Array.isArray(value)) {
      const [first] = value;
      if (typeof first === 'string' && first.startsWith(this.#mark))
        return this.#lists[Number(first.slice(this.#mark.length))];
      return value.map((one) => this.#whole(one));
    }
    if (!isObject(value)) return value;
    const fields = value as Record<string, unknown>;
    for (const name of Object.keys(fields)) fields[name] = this.#whole(fields[name]);
    return fields;
  }
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Within a list: `whole`, where its last whole element ends, 0 if none does, and `end`, where the bracket stands that ends it, -1 if none does. */
function extent(text: string): { whole: number; end: number } {
  let depth = 0;
  let whole = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) {
      at = textEnd(text, at + 1);
      if (at < 0) break;
    } else if (char === OPEN_OBJECT || char === OPEN_LIST) depth++;
    else if (char === CLOSE_OBJECT || char === CLOSE_LIST) {
      if (depth === 0) return { whole, end: at };
      if (--depth === 0) whole = at + 1;
    }
  }
  return { whole, end: -1 };
}

const QUOTE = 34;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

function textEnd(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) return at;
    if (char === BACKSLASH) at++;
  }
  return -1;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw BadJson.of(error as Error, text);
  }
}
