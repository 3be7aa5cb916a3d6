// What a schema of the options looks like: JSON Schema draft-07 as far as it is used here, typed by the value it describes.
import type { Options } from './types.ts';

export type JsonType = 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object';

/** The annotations and constraints of one value, without its type. */
interface Common<T> {
  title: string;
  /** What it is, and what it does to the agents. */
  description: string;
  default: T;
  examples?: T[];
  /** What is allowed, in words for an error: "a whole number from 1 to 100". Derived from the constraints where it is left out. */
  'x-allowed'?: string;
}

export interface Constraints {
  type?: JsonType | JsonType[];
  enum?: readonly (string | number)[];
  pattern?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  items?: Constraints & { 'x-allowed'?: string };
  anyOf?: Constraints[];
  not?: Constraints;
  required?: string[];
  properties?: Record<string, Constraints & { title?: string; description?: string; 'x-allowed'?: string }>;
  additionalProperties?: boolean;
}

export type Leaf<T> = Constraints & Common<T>;

/** A value of its own, or a group of values (an artifact). */
export type Property<T> = [T] extends [readonly unknown[]]
  ? Leaf<T>
  : [T] extends [object]
    ? {
        type: 'object';
        title: string;
        description: string;
        additionalProperties: false;
        properties: { [K in keyof T]: Property<T[K]> };
      }
    : Leaf<T>;

export interface Section<Name extends keyof Options> {
  type: 'object';
  title: string;
  description: string;
  additionalProperties: false;
  properties: { [K in keyof Options[Name]]-?: Property<Options[Name][K]> };
}

export interface OptionsSchema {
  $schema: string;
  $id: string;
  title: string;
  description: string;
  type: 'object';
  additionalProperties: false;
  properties: { [Name in keyof Options]-?: Section<Name> };
}
