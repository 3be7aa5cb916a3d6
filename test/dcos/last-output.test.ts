// The end of a file by few reads, whatever its size and whatever is in it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { lastLines, lastOutput, MOST_BYTES } from '../../src/dcos/last-output.ts';

/** An agent's files, counted: bytes out of a buffer. */
function files(content: Buffer | undefined) {
  const reads: [from: number, to: number][] = [];
  return {
    reads,
    sandbox: async () => (content ? '/s' : undefined),
    size: async () => content?.length,
    range: async (_agent: string, _path: string, from: number, to: number) => {
      reads.push([from, to]);
      return content?.subarray(from, to).toString();
    },
  };
}

test('the last lines of any text are the last lines', async () => {
  const line = fc.string({ maxLength: 40, unit: 'grapheme' }).map((text) => text.replaceAll('\n', ' '));
  const wanted = fc.record({
    lines: fc.array(line, { maxLength: 60 }),
    count: fc.integer({ min: 0, max: 70 }),
    first: fc.integer({ min: 1, max: 500 }),
    ended: fc.boolean(),
  });
  await fc.assert(
    fc.asyncProperty(wanted, async ({ lines, count, first, ended }) => {
      const text = lines.join('\n') + (ended && lines.length > 0 ? '\n' : '');
      const expected = text === '' ? [] : text.replace(/\n$/, '').split('\n');
      const tail = await lastLines(files(Buffer.from(text)), 'a', '/s/stdout', count, { first });
      assert.deepEqual(tail!.lines, count > 0 ? expected.slice(-count) : []);
      assert.equal(tail!.size, Buffer.byteLength(text));
      if (tail!.lines.length < expected.length) assert.equal(tail!.more, true);
    }),
    { numRuns: 300 },
  );
});

test('a huge file costs a few reads of its end, never more than its share', async () => {
  const short = files(Buffer.from('x'.repeat(99).concat('\n').repeat(200_000)));
  assert.equal((await lastLines(short, 'a', '/f', 100))!.lines.length, 100);
  assert.deepEqual(short.reads, [[20_000_000 - 65_536, 20_000_000]]);
  const oneLine = files(Buffer.alloc(20_000_000, 'x'));
  const tail = await lastLines(oneLine, 'a', '/f', 100);
  assert.deepEqual(tail, { lines: [], size: 20_000_000, more: true });
  assert.ok(oneLine.reads.length <= 4 && oneLine.reads.every(([from, to]) => to - from <= MOST_BYTES));
});

test('a glance takes one read and does not grow', async () => {
  const lines = Array.from({ length: 5000 }, (_, index) => `line ${index}`);
  const many = files(Buffer.from(`${lines.join('\n')}\n`));
  const task = { agentId: 'a', frameworkId: 'f', taskId: 't' };
  assert.deepEqual(await lastOutput(many, task, 10), lines.slice(-10));
  assert.equal(many.reads.length, 1);
  assert.equal(await lastOutput(files(undefined), task, 10), undefined);
  assert.deepEqual(await lastOutput(files(Buffer.from('')), task, 10), []);
});
