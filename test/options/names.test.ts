import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { completed, distance, nearest } from '../../src/options/names.ts';

const word = fc.string({ unit: fc.constantFrom(...'abc-'), maxLength: 8 });

test('the distance is that of edits', () => {
  assert.equal(distance('', 'abc'), 3);
  assert.equal(distance('ipip', 'ippi'), 1);
  assert.equal(distance('allways', 'always'), 1);
  assert.equal(distance('bird', 'none'), 4);
});

test('the distance is 0 for equal texts only, the same both ways, and at most the longer text', () => {
  fc.assert(
    fc.property(word, word, (a, b) => {
      assert.equal(distance(a, b) === 0, a === b);
      assert.equal(distance(a, b), distance(b, a));
      assert.ok(distance(a, b) <= Math.max(a.length, b.length));
    }),
  );
});

test('the nearest name is found across case, underscores and swapped letters, and only when it is near', () => {
  const names = ['cpu-limit', 'mem-limit', 'enable', 'pool-cidr'];
  assert.equal(nearest('CPU_LIMIT', names), 'cpu-limit');
  assert.equal(nearest('enabled', names), 'enable');
  assert.equal(nearest('pool-cdir', names), 'pool-cidr');
  assert.equal(nearest('registry', names), undefined);
  assert.equal(nearest('x'.repeat(100_000), names), undefined);
});

test('a part of a name completes to the one name that has it', () => {
  const names = ['pool-cidr', 'cpu-limit', 'mem-limit'];
  assert.equal(completed('pool', names), 'pool-cidr');
  assert.equal(completed('cidr', names), 'pool-cidr');
  assert.equal(completed('limit', names), undefined);
  assert.equal(completed('p', names), undefined);
});
