// Reading an answer part by part; what is not as it should be is named by its place.
import type { Keep } from './json-kept.ts';

/**
 * An answer as expected: what it is in words, and how it is read. `read` throws Misshapen. `keeps`: what `read` looks at, where that is
 * so much less than a large answer that the rest is not worth making.
 */
export interface Shape<T> {
  expects: string;
  read: (json: unknown) => T;
  keeps?: Keep;
}

/** Says which part of an answer is not what it should be: `slaves[3].id is missing`. */
export class Misshapen extends Error {}

export type Fields = Record<string, unknown>;

/** Where something stands in an answer, as text only once something is wrong: there are tens of thousands of places. */
export interface Place {
  toString(): string;
}

class Element implements Place {
  readonly #list: Place;
  #index = 0;

  constructor(list: Place) {
    this.#list = list;
  }

  at(index: number): this {
    this.#index = index;
    return this;
  }

  toString(): string {
    return `${this.#list}[${this.#index}]`;
  }
}

class FieldOf implements Place {
  readonly #object: Place;
  readonly #name: string;

  constructor(object: Place, name: string) {
    this.#object = object;
    this.#name = name;
  }

  toString(): string {
    const object = String(this.#object);
    return object ? `${object}.${this.#name}` : this.#name;
  }
}

export function wrong(at: Place, value: unknown, wanted: string): Misshapen {
  const place = String(at) || 'it';
  if (value === undefined) return new Misshapen(`${place} is missing`);
  const kind = value === null ? 'null' : Array.isArray(value) ? 'a list' : KINDS[typeof value];
  return new Misshapen(`${place} is ${kind ?? typeof value}, not ${wanted}`);
}
const KINDS: Record<string, string> = {
  object: 'an object',
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
};

export function object(value: unknown, at: Place): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw wrong(at, value, 'an object');
  return value as Fields;
}

export function list(value: unknown, at: Place): unknown[] {
  if (!Array.isArray(value)) throw wrong(at, value, 'a list');
  return value;
}

export function text(fields: Fields, name: string, at: Place): string {
  const value = fields[name];
  if (typeof value !== 'string') throw wrong(inside(at, name), value, 'a text');
  return value;
}

export function number(fields: Fields, name: string, at: Place): number {
  const value = fields[name];
  if (typeof value !== 'number') throw wrong(inside(at, name), value, 'a number');
  return value;
}

export function each<T>(
  fields: Fields,
  name: string,
  at: Place,
  read: (value: unknown, at: Place) => T,
): T[] {
  const place = new FieldOf(at, name);
  // One for all of them: what is wrong is said before the next is looked at.
  const element = new Element(place);
  return list(fields[name], place).map((value, index) => read(value, element.at(index)));
}

export function eachIfThere<T>(
  fields: Fields,
  name: string,
  at: Place,
  read: (value: unknown, at: Place) => T,
) {
  if (fields[name] !== undefined && fields[name] !== null) each(fields, name, at, read);
}

export const inside = (at: Place, name: string): Place => new FieldOf(at, name);

export function listOf(fields: Fields, name: string): Fields[] {
  return fields[name] === undefined ? [] : list(fields[name], name).map((value) => object(value, name));
}
