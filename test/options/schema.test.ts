import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { Ajv } from 'ajv';
import { contradictions } from '../../src/options/contradictions.ts';
import { defaultOptions } from '../../src/options/defaults.ts';
import { ALL_OPTIONS, setAt, valueAt } from '../../src/options/paths.ts';
import { optionsReference } from '../../src/options/reference.ts';
import { optionsSchema } from '../../src/options/schema.ts';
import type { Options } from '../../src/options/types.ts';
import { allowedInWords, validateDocument } from '../../src/options/validate.ts';

// That the schema has the keys of `Options`, and defaults of their types, is held by its own type (`Section` in schema-types.ts).
const defaults: Options = defaultOptions();

function leaves(value: unknown, path = ''): string[] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path ? `${path}.${key}` : key));
}

test('the defaults have every option of the schema and no other, in its order', () => {
  assert.deepEqual(
    leaves(defaults),
    ALL_OPTIONS.map(({ path }) => path),
  );
});

test('the schema is one that JSON Schema draft-07 allows', () => {
  const ajv = new Ajv({ strict: false });
  assert.equal(ajv.validateSchema(optionsSchema), true, ajv.errorsText());
});

test('the defaults are allowed and do not contradict each other', async () => {
  assert.deepEqual(await validateDocument(defaults), []);
  assert.deepEqual(contradictions(defaults), []);
});

test('a caller may change the defaults it got', () => {
  defaultOptions().rollout.exclude.push('10.0.0.1');
  assert.deepEqual(defaultOptions().rollout.exclude, []);
});

test('every option says what it is, what it does and what it may be, and its examples are allowed', async () => {
  for (const { path, schema } of ALL_OPTIONS) {
    assert.ok(schema.title, `${path} has no title`);
    assert.match(
      schema.description ?? '',
      /^[A-Z`].*[.:]?.*\.$/s,
      `${path}: a description is made of sentences`,
    );
    assert.ok(allowedInWords(schema), `${path} does not say what it may be`);
    for (const example of schema.examples ?? []) {
      const document = {};
      setAt(document, path, example);
      assert.deepEqual(await validateDocument(document), [], `${path}: ${JSON.stringify(example)}`);
    }
  }
});

test('every text, list and number has bounds', () => {
  for (const { path, schema } of ALL_OPTIONS) {
    const kinds = schema.anyOf ?? [schema];
    for (const kind of kinds) {
      if (kind.type === 'string')
        assert.ok(kind.enum || (kind.pattern && (kind.maxLength || schema.anyOf)), path);
      if (kind.type === 'array') assert.ok(kind.maxItems && kind.items, path);
      if (kind.type === 'number' || kind.type === 'integer') assert.ok(kind.maximum !== undefined, path);
    }
  }
});

test('what is installed by default is pinned to a version, and no checksum is made up', () => {
  for (const { path } of ALL_OPTIONS) {
    const value = valueAt(defaults, path);
    if (path.endsWith('-image')) assert.match(String(value), /:v\d+\.\d+\.\d+$/, path);
    if (path.endsWith('.url')) assert.match(String(value), /\/v\d+\.\d+\.\d+\//, path);
    if (path.endsWith('.sha256'))
      assert.equal(value, '', `${path}: set it only to a sum measured on the real file, and say so here`);
  }
});

test('the published schema and the reference page are fresh', () => {
  const hint = 'run: node scripts/options-files.mjs';
  const file = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
  assert.equal(file('schemas/options.json'), `${JSON.stringify(optionsSchema, null, 2)}\n`, hint);
  assert.equal(file('docs/options.md'), optionsReference(), hint);
});
