import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { atMost } from '../../src/dcos/at-most.ts';

test('keeps the order and the limit, and does each once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer()),
      fc.integer({ min: 1, max: 20 }),
      fc.scheduler(),
      async (items, limit, s) => {
        let under = 0;
        let most = 0;
        const work = async (item: number) => {
          most = Math.max(most, ++under);
          await s.schedule(Promise.resolve());
          under--;
          return item * 2;
        };
        const result = await s.waitFor(atMost(limit, items, work));
        assert.deepEqual(
          result,
          items.map((item) => item * 2),
        );
        assert.ok(most <= limit);
      },
    ),
    { numRuns: 50 },
  );
});

test('after an error nothing is begun', async () => {
  const begun: number[] = [];
  const work = async (item: number) => {
    begun.push(item);
    await null;
    if (item === 1) throw new Error('one');
  };
  await assert.rejects(atMost(2, [0, 1, 2, 3, 4, 5], work), /^Error: one$/);
  assert.ok(begun.length <= 3, String(begun));
});
