// Values of a JSON document that are made from its bytes.
import { BACKSLASH, type JsonBytes, QUOTE } from './json-bytes.ts';

export interface Reader {
  read(json: JsonBytes): unknown;
}

const [LETTER_T, LETTER_F, DIGIT_0, DIGIT_9] = [116, 102, 48, 57];

export const WHOLE: Reader = {
  read(json) {
    const first = json.next();
    const from = json.at;
    json.skip();
    const { bytes, at } = json;
    // Most of what is no text is a word or a small number, and there are tens of thousands of them.
    if (at - from === 1 && first >= DIGIT_0 && first <= DIGIT_9) return first - DIGIT_0;
    if (first > DIGIT_0 && first <= DIGIT_9 && at - from < 16) {
      let number = 0;
      for (let index = from; index < at; index++) {
        const digit = bytes[index]! - DIGIT_0;
        if (digit < 0 || digit > 9) return JSON.parse(json.since(from));
        number = number * 10 + digit;
      }
      return number;
    }
    const text = json.since(from);
    if (first === LETTER_T && text === 'true') return true;
    if (first === LETTER_F && text === 'false') return false;
    return JSON.parse(text);
  },
};

export class Text implements Reader {
  #last = '';
  #from = -1;

  read(json: JsonBytes): unknown {
    if (json.next() !== QUOTE) return WHOLE.read(json);
    const { bytes } = json;
    const from = json.at + 1;
    let at = from;
    // As far as it is like the one before, nothing in it has to be looked at.
    if (this.#from >= 0) {
      const end = from + this.#last.length;
      const before = this.#from - from;
      while (at < end && bytes[at] === bytes[at + before]) at++;
      if (at === end && bytes[at] === QUOTE) {
        json.at = at + 1;
        return this.#last;
      }
    }
    for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[++at])
      // Escapes, what is beyond ASCII, and what may not stand in a text.
      if (byte === undefined || byte === BACKSLASH || byte >= 128 || byte < 32) return WHOLE.read(json);
    json.at = at + 1;
    this.#from = from;
    this.#last = bytes.toString('latin1', from, at);
    return this.#last;
  }
}

/** Texts of thousands, each of which comes several times. It is made once, and is the same object from then on, which is found by it at once. */
export class OneOfMany implements Reader {
  /** Places by the sum of a text's bytes: that sum, where it first stood, and itself. */
  #sums = new Int32Array(FIRST_PLACES);
  #froms = new Int32Array(FIRST_PLACES);
  #texts: (string | undefined)[] = new Array(FIRST_PLACES).fill(undefined);
  #count = 0;

  read(json: JsonBytes): unknown {
    if (json.next() !== QUOTE) return WHOLE.read(json);
    const { bytes } = json;
    const from = json.at + 1;
    let at = from;
    let sum = 0;
    for (let byte = bytes[at]; byte !== QUOTE; byte = bytes[++at]) {
      if (byte === undefined || byte === BACKSLASH || byte >= 128 || byte < 32) return WHOLE.read(json);
      sum = (Math.imul(sum, 31) + byte) | 0;
    }
    json.at = from;
    const text = this.#known(json, sum, at - from);
    json.at = at + 1;
    return text;
  }

  /** The text that comes next, of so many bytes. */
  #known(json: JsonBytes, sum: number, length: number): string {
    let place = sum & (this.#texts.length - 1);
    for (let text = this.#texts[place]; text !== undefined; text = this.#texts[place]) {
      if (this.#sums[place] === sum && text.length === length && json.comes(this.#froms[place]!, length))
        return text;
      place = (place + 1) & (this.#texts.length - 1);
    }
    const text = json.bytes.toString('latin1', json.at, json.at + length);
    this.#put(place, sum, json.at, text);
    return text;
  }

  #put(place: number, sum: number, from: number, text: string): void {
    this.#sums[place] = sum;
    this.#froms[place] = from;
    this.#texts[place] = text;
    if (++this.#count * 2 > this.#texts.length) this.#grow();
  }

  #grow(): void {
    const [sums, froms, texts] = [this.#sums, this.#froms, this.#texts];
    const places = texts.length * 4;
    this.#sums = new Int32Array(places);
    this.#froms = new Int32Array(places);
    this.#texts = new Array(places).fill(undefined);
    this.#count = 0;
    texts.forEach((text, index) => {
      if (text === undefined) return;
      let place = sums[index]! & (places - 1);
      while (this.#texts[place] !== undefined) place = (place + 1) & (places - 1);
      this.#put(place, sums[index]!, froms[index]!, text);
    });
  }
}

/** A power of two. */
const FIRST_PLACES = 1024;
