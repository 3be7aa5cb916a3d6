// A document read while it comes is the one that the parser makes of the whole text, but for what is not kept.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { BadJson } from '../../src/dcos/answer.ts';
import { LongListReader } from '../../src/dcos/long-lists.ts';

const KEEP = { tasks: ({ id, state }: Record<string, unknown>) => ({ id, state }) };

function read(text: string, piece = 1000): unknown {
  const reader = new LongListReader(KEEP);
  for (let at = 0; at < text.length; at += piece) reader.write(text.slice(at, at + piece));
  return reader.end();
}

/** What `KEEP` leaves of a document. */
function kept(value: unknown, name = ''): unknown {
  if (Array.isArray(value))
    return value.map((one) => {
      const isElement = name === 'tasks' && typeof one === 'object' && one !== null && !Array.isArray(one);
      return isElement ? KEEP.tasks(one as Record<string, unknown>) : kept(one);
    });
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, kept(one, key)]));
}

/** Texts that look like the end of an element, of a list, or like the beginning of one. */
const tricky = fc.constantFrom('},{"id":1', '}],"tasks":[', '"tasks":[', '\\', '"', ']', '{', 'ü');
const text = fc.oneof(tricky, fc.string());
const key = fc.constantFrom('id', 'state', 'tasks', 'other');
const { document } = fc.letrec((tie) => ({
  document: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.integer(),
    fc.constantFrom(null, true, []),
    fc.array(tie('document'), { maxLength: 5 }),
    fc.dictionary(key, tie('document'), { maxKeys: 4 }),
    fc.record({
      tasks: fc.array(fc.record({ id: text, state: text, more: tie('document') }), { maxLength: 6 }),
    }),
  ),
}));

/** Without fields that are undefined. */
const plain = (value: unknown) => JSON.parse(JSON.stringify(value)) as unknown;

test('any document, in pieces of any length', () => {
  fc.assert(
    fc.property(document, fc.integer({ min: 1, max: 60 }), (value, piece) => {
      const json = JSON.stringify(value);
      // What is kept of the elements of a list is not looked into again.
      assert.deepEqual(plain(read(json, piece)), plain(kept(JSON.parse(json))));
    }),
    { numRuns: 400 },
  );
});

const elements = Array.from({ length: 5000 }, (_, index) => ({
  id: `task-${index}`,
  state: index % 7 === 0 ? 'a "},{" b' : 'TASK_RUNNING',
  dropped: { list: [{ id: 1 }, { id: 2 }], text: 'x'.repeat(index % 90) },
}));
const group = {
  apps: [
    { id: 'a', tasks: elements },
    { id: 'b', tasks: [], cmd: 'tasks":[{' },
    { id: 'c', tasks: elements.slice(0, 3) },
  ],
};

test('lists longer than what is parsed at once, and short ones beside them', () => {
  const wanted = kept(group);
  const json = JSON.stringify(group);
  for (const piece of [999, 65_536, json.length]) assert.deepEqual(read(json, piece), wanted);
  assert.deepEqual(read(JSON.stringify(group, null, 1), 65_536), JSON.parse(JSON.stringify(group)));
});

test('one that is cut off says so, and one that is none', () => {
  const json = JSON.stringify(group);
  const isCut = (cut: boolean) => (error: unknown) => error instanceof BadJson && error.cut === cut;
  for (const length of [1, 40, 5000, 300_000, json.length - 100, json.length - 1])
    assert.throws(() => read(json.slice(0, length), 65_536), isCut(true), String(length));
  for (const at of [5, 60, 200_000, json.length - 30])
    assert.throws(() => read(`${json.slice(0, at)}\u0001"}}]]${json.slice(at)}`, 65_536), BadJson);
});
