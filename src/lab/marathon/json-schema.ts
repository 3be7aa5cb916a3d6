// Types and ranges of fields, with the errors that Marathon's generated readers give (play-json).
import type { Violation } from './errors.ts';

export interface Field {
  type: 'string' | 'number' | 'integer' | 'boolean' | 'array' | 'object';
  required?: true;
  min?: number;
  max?: number;
  minLength?: number;
  oneOf?: readonly string[];
  items?: Field;
  /** Of an object; others than these are ignored. */
  fields?: Record<string, Field>;
  /** Of an object used as a map. */
  values?: Field;
  /** A string in place of it is fine, too. */
  orString?: true;
}

const EXPECTED: Record<Field['type'], string> = {
  string: 'error.expected.jsstring',
  number: 'error.expected.jsnumber',
  integer: 'error.expected.jsnumber',
  boolean: 'error.expected.jsboolean',
  array: 'error.expected.jsarray',
  object: 'error.expected.jsobject',
};

function isOf(type: Field['type'], value: unknown): boolean {
  switch (type) {
    case 'array':
      return Array.isArray(value);
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'integer':
      return typeof value === 'number';
    default:
      return typeof value === type;
  }
}

function rangeErrors(field: Field, value: unknown): string[] {
  const errors: string[] = [];
  if (typeof value === 'number') {
    if (field.type === 'integer' && !Number.isInteger(value)) errors.push('error.expected.int');
    if (field.type === 'integer' && Math.abs(value) > 2_147_483_647) errors.push('error.expected.int');
    if (field.min !== undefined && value < field.min) errors.push('error.min');
    if (field.max !== undefined && value > field.max) errors.push('error.max');
  }
  if (typeof value === 'string') {
    if (field.minLength !== undefined && value.length < field.minLength) errors.push('error.minLength');
    if (field.oneOf && !field.oneOf.includes(value)) errors.push('error.unknown.enum.literal');
  }
  return errors;
}

/** All that is wrong with a value; `path` as play-json writes it: `/apps(0)/instances`. */
export function violations(field: Field, value: unknown, path = ''): Violation[] {
  if (field.orString && typeof value === 'string') return [];
  if (!isOf(field.type, value)) return [{ path, errors: [EXPECTED[field.type]] }];
  const own = rangeErrors(field, value);
  const found: Violation[] = own.length > 0 ? [{ path, errors: own }] : [];
  if (Array.isArray(value) && field.items) {
    for (const [index, item] of value.entries()) {
      found.push(...violations(field.items, item, `${path}(${index})`));
    }
  } else if (field.type === 'object') {
    found.push(...insideObject(field, value as Record<string, unknown>, path));
  }
  return found;
}

function insideObject(field: Field, value: Record<string, unknown>, path: string): Violation[] {
  const found: Violation[] = [];
  for (const [name, inner] of Object.entries(field.fields ?? {})) {
    const there = value[name];
    if (there === undefined || there === null) {
      if (inner.required) found.push({ path: `${path}/${name}`, errors: ['error.path.missing'] });
    } else found.push(...violations(inner, there, `${path}/${name}`));
  }
  if (field.values) {
    for (const [name, inner] of Object.entries(value)) {
      found.push(...violations(field.values, inner, `${path}/${name}`));
    }
  }
  return found;
}

/** `null` in place of a field is the same as no field (play-json, `Option`). */
export function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([name, inner]) => [name, withoutNulls(inner)]),
  );
}
