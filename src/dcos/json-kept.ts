// Reads JSON as JSON.parse does, but makes only what somebody asks for. Of a large cluster's answers that is a third; what is left out
// costs neither memory nor the collector's time, which are more than the reading itself.
import {
  CLOSE_LIST,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  GiveUp,
  JsonBytes,
  OPEN_LIST,
  OPEN_OBJECT,
  QUOTE,
} from './json-bytes.ts';
import { OneOfMany, type Reader, Text, WHOLE } from './json-values.ts';

/**
 * What to keep of a value:
 * - `all` of it;
 * - `text`: one that is likely to be the same as the one before; `one of many`: one of thousands that come several times each;
 * - of an object what is said of its `keys`, and with `others` each other one whole; of a list what is said of each element;
 * - `same`: where it has the very bytes that came here last, the very object that was made of them, so nobody may change it;
 * - `of`: what is not known yet.
 *
 * A value of another kind than is said here is kept whole.
 */
export type Keep =
  | 'all'
  | 'text'
  | 'one of many'
  | { readonly list: Keep }
  | { readonly keys: { readonly [name: string]: Keep }; readonly others?: 'all' }
  | { readonly same: Keep }
  | { readonly of: () => Keep };

/**
 * What is kept of the document in `bytes`; what is not kept, or is not there, is undefined. Undefined as a whole where it is not read
 * to its end: then JSON.parse has to say what it is.
 */
export function readKept(bytes: Buffer, keep: Keep): unknown {
  const json = new JsonBytes(bytes);
  try {
    const value = readerOf(keep).read(json);
    return json.next() === 0 && json.at >= bytes.length ? value : undefined;
  } catch (error) {
    if (error instanceof GiveUp || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readerOf(keep: Keep): Reader {
  if (keep === 'all') return WHOLE;
  if (keep === 'text') return new Text();
  if (keep === 'one of many') return new OneOfMany();
  if ('of' in keep) return new Later(keep.of);
  if ('same' in keep) return new Same(readerOf(keep.same));
  return 'list' in keep ? new List(readerOf(keep.list)) : new Fields(keep);
}

class Later implements Reader {
  readonly #of: () => Keep;
  #reader: Reader | undefined;

  constructor(of: () => Keep) {
    this.#of = of;
  }

  read(json: JsonBytes): unknown {
    this.#reader ??= readerOf(this.#of());
    return this.#reader.read(json);
  }
}

/** Shorter values are read sooner than compared. */
const WORTH_COMPARING = 24;

class Same implements Reader {
  readonly #reader: Reader;
  #from = 0;
  #length = 0;
  #value: unknown;

  constructor(reader: Reader) {
    this.#reader = reader;
  }

  read(json: JsonBytes): unknown {
    json.next();
    if (this.#length >= WORTH_COMPARING && json.comes(this.#from, this.#length)) {
      json.at += this.#length;
      return this.#value;
    }
    const from = json.at;
    this.#value = this.#reader.read(json);
    this.#from = from;
    this.#length = json.at - from;
    return this.#value;
  }
}

class List implements Reader {
  readonly #of: Reader;

  constructor(of: Reader) {
    this.#of = of;
  }

  read(json: JsonBytes): unknown {
    if (json.next() !== OPEN_LIST) return WHOLE.read(json);
    json.at++;
    if (json.took(CLOSE_LIST)) return [];
    // Not by adding to an empty one, which would take the room of seventeen: most lists have one element.
    const values = [this.#of.read(json)];
    while (!json.took(CLOSE_LIST)) {
      json.take(COMMA);
      values.push(this.#of.read(json));
    }
    return values;
  }
}

/** A key with what is done with its value. */
interface Key {
  name: string;
  /** Where it stood first, and how long it was, its colon included. */
  at: number;
  size: number;
  /** Undefined: the value is left out. */
  reader: Reader | undefined;
  /** Where the last value stood that was left out, and how long it was. */
  from: number;
  length: number;
  /** How often in a row it was not the same. */
  differed: number;
}

class Fields implements Reader {
  readonly #readers: Map<string, Reader>;
  readonly #others: Reader | undefined;
  /** By their place in the object that was read last: most objects are written by the same program. */
  readonly #order: Key[] = [];
  /** With every key from its beginning: an object that grows is made anew again and again. */
  readonly #none: Record<string, unknown>;

  constructor({ keys, others }: { keys: { readonly [name: string]: Keep }; others?: 'all' }) {
    this.#readers = new Map(Object.entries(keys).map(([name, keep]) => [name, readerOf(keep)]));
    this.#others = others && WHOLE;
    // By JSON.parse, which alone keeps all fields in the object itself.
    this.#none = JSON.parse(JSON.stringify(keys, (key, value) => (key === '' ? value : null)));
    for (const name of this.#readers.keys()) this.#none[name] = undefined;
  }

  read(json: JsonBytes): unknown {
    if (json.next() !== OPEN_OBJECT) return WHOLE.read(json);
    json.at++;
    const fields = { ...this.#none };
    if (json.took(CLOSE_OBJECT)) return fields;
    for (let index = 0; ; index++) {
      const key = this.#key(json, index);
      if (key.reader) fields[key.name] = key.reader.read(json);
      else leaveOut(json, key);
      if (json.took(CLOSE_OBJECT)) return fields;
      json.take(COMMA);
    }
  }

  #key(json: JsonBytes, index: number): Key {
    json.next();
    const likely = this.#order[index];
    if (likely && json.comes(likely.at, likely.size)) {
      json.at += likely.size;
      return likely;
    }
    const from = json.at;
    if (json.next() !== QUOTE) throw new GiveUp();
    json.skip();
    const name = JSON.parse(json.since(from)) as string;
    json.take(COLON);
    // JSON.parse makes a key of it that is like any other.
    if (name === '__proto__') throw new GiveUp();
    const reader = this.#readers.get(name) ?? this.#others;
    const key = { name, at: from, size: json.at - from, reader, from: 0, length: 0, differed: 0 };
    this.#order[index] = key;
    return key;
  }
}

const LONG = 64;
const HOPELESS = 8;

/** Goes past a value: by comparing it with the last one, where that is long and is often the same. */
function leaveOut(json: JsonBytes, key: Key): void {
  json.next();
  const from = json.at;
  if (key.length > LONG && key.differed < HOPELESS) {
    if (json.comes(key.from, key.length)) {
      json.at += key.length;
      key.differed = 0;
      return;
    }
    key.differed++;
  }
  json.skip();
  key.from = from;
  key.length = json.at - from;
}
