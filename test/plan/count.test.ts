import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { resolveCount } from '../../src/plan/count.ts';

test('a percentage is never nothing and never more than all', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 5000 }),
      fc.integer({ min: 1, max: 10 }),
      (percent, all, atLeast) => {
        const { count } = resolveCount(`${percent}%`, all, { atLeast });
        assert.ok(Number.isInteger(count) && count >= 1 && count <= all);
        assert.ok(count >= Math.min(atLeast, all));
        assert.ok(count <= Math.max(atLeast, (percent * all) / 100));
      },
    ),
  );
});

test('more percent is never fewer agents', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 5000 }), (percent, all) => {
      assert.ok(resolveCount(`${percent}%`, all).count <= resolveCount(`${percent + 1}%`, all).count);
    }),
  );
});

test('ten percent of 1, 9, 10, 11, 48 and 1,000', () => {
  const counts = [1, 9, 10, 11, 48, 1000].map((all) => resolveCount('10%', all).count);
  assert.deepEqual(counts, [1, 1, 1, 1, 4, 100]);
});

test('how it was reckoned is said', () => {
  assert.deepEqual(resolveCount('10%', 48, { atLeast: 5 }), { count: 5, from: '10% of 48, at least 5' });
  assert.deepEqual(resolveCount('10%', 100, { atLeast: 5 }), { count: 10, from: '10% of 100' });
  assert.deepEqual(resolveCount('0%', 100), { count: 0, from: '0% of 100' });
  assert.deepEqual(resolveCount(7, 100), { count: 7, from: '' });
  assert.deepEqual(resolveCount('7', 3), { count: 3, from: '' });
  assert.throws(() => resolveCount('many', 3), RangeError);
});
