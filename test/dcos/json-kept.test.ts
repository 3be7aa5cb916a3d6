// What is kept of a document is what JSON.parse would make of it, without the rest; what is no document is left to JSON.parse.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { type Keep, readKept } from '../../src/dcos/json-kept.ts';
import { KEPT_OF_AGENTS, KEPT_OF_GROUP } from '../../src/dcos/kept-fields.ts';
import { Marathon } from '../../src/dcos/marathon.ts';
import { Mesos } from '../../src/dcos/mesos.ts';
import { clusterOf } from '../bench/clusters.ts';
import { recordings } from '../conformance/recordings.ts';
import { httpTo, serve } from './server.ts';

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same, slowly: everything is made, then what is not kept is left out. */
function without(value: unknown, keep: Keep): unknown {
  if (typeof keep === 'string') return value;
  if ('of' in keep) return without(value, keep.of());
  if ('same' in keep) return without(value, keep.same);
  if ('list' in keep) return Array.isArray(value) ? value.map((one) => without(one, keep.list)) : value;
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, one]) => {
      const how = Object.hasOwn(keep.keys, name) ? keep.keys[name] : keep.others;
      return how ? [[name, without(one, how)]] : [];
    }),
  );
}

/** What is undefined is not there. */
const told = (value: unknown) => JSON.parse(JSON.stringify(value));

const NAMES = ['id', 'state', 'tasks', 'a "quoted" one', 'é', ''];
const name = fc.constantFrom(...NAMES, 'other', 'toString');
const keeps = fc.letrec<{ keep: Keep }>((tie) => ({
  keep: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<Keep>('all', 'text', 'one of many'),
    fc.record({ list: tie('keep') }),
    fc.record(
      { keys: fc.dictionary(fc.constantFrom(...NAMES), tie('keep')), others: fc.constant('all' as const) },
      { requiredKeys: ['keys'] },
    ),
    fc.record({ same: tie('keep') }),
    tie('keep').map((keep) => ({ of: () => keep })),
  ),
})).keep;
/** Alike, so that much comes again: as in a list of agents. */
const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(
      '',
      'TASK_RUNNING',
      'TASK_RUNNIN',
      'TASK_RUNNING2',
      'a\\b"c',
      'tür',
      '\u0007',
      'x'.repeat(90),
    ),
    fc.constantFrom(true, false, null, 0, 7, 42, -1, 0.5, 1e21, 123456789, 1234567890123),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(name, tie('value'), { maxKeys: 6 }),
  ),
})).value;

test('any document, as JSON.parse reads it, without what is not kept', () => {
  fc.assert(
    fc.property(values, keeps, fc.constantFrom('', ' ', '\t'), (value, keep, space) => {
      const text = JSON.stringify(value, null, space);
      assert.deepEqual(told([readKept(Buffer.from(text), keep)]), told([without(JSON.parse(text), keep)]));
    }),
    { numRuns: 2000 },
  );
});

test('a document that is cut off, or goes on, is never read', () => {
  fc.assert(
    fc.property(values, keeps, fc.nat(), (value, keep, at) => {
      const text = JSON.stringify([value]);
      assert.equal(readKept(Buffer.from(text.slice(0, at % text.length)), keep), undefined);
      assert.equal(readKept(Buffer.from(`${text}]`), keep), undefined);
    }),
    { numRuns: 500 },
  );
});

for (const bad of [
  '',
  '{',
  '{"id"}',
  '{"id":}',
  '{"id":1,}',
  '[1,]',
  '{"id":"a\nb"}',
  '[01]',
  '[tru]',
  '{"__proto__":1}',
  '{id:1}',
])
  test(`left to JSON.parse: ${JSON.stringify(bad)}`, () => {
    assert.equal(readKept(Buffer.from(bad), { keys: { id: 'text' } }), undefined);
  });

test('each of many texts is told from the others, however many there are', () => {
  const texts = Array.from({ length: 5000 }, (_, index) => `2ac9c803-S${(index * 7919) % 3001}`);
  assert.deepEqual(readKept(Buffer.from(JSON.stringify(texts)), { list: 'one of many' }), texts);
});

test('what is said to stay the same is made once', () => {
  const text = JSON.stringify([{ a: 'x'.repeat(30) }, { a: 'x'.repeat(30) }, { a: 'y'.repeat(30) }]);
  const [first, second, third] = readKept(Buffer.from(text), {
    list: { same: { keys: { a: 'text' } } },
  }) as object[];
  assert.equal(first, second);
  assert.notEqual(second, third);
});

test('recorded answers', () => {
  const mesos = recordings('mesos-1.11.1').filter(({ name }) => /slaves/.test(name));
  const marathon = recordings('marathon-1.11.24').filter(({ name }) => /-group-/.test(name));
  assert.ok(mesos.length > 3 && marathon.length > 3);
  for (const [all, keep] of [
    [mesos, KEPT_OF_AGENTS],
    [marathon, KEPT_OF_GROUP],
  ] as const)
    for (const { response } of all) {
      if (!isObject(response.body)) continue;
      const text = JSON.stringify(response.body);
      assert.deepEqual(told(readKept(Buffer.from(text), keep)), told(without(response.body, keep)));
    }
});

test('a large cluster, over the network and compressed: the same agents and tasks', async (t) => {
  const { agents, group } = clusterOf(1600);
  const bodies: Record<string, string> = {
    '/mesos/slaves': JSON.stringify({ slaves: agents, recovered_slaves: [{ id: 'S9' }] }),
    '/service/marathon/v2/groups/calico': JSON.stringify(group),
  };
  const server = await serve(t, ({ url }, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' });
    response.end(gzipSync(bodies[url.replace(/\?.*/, '')]!));
  });
  const http = httpTo(server.url);
  const list = await new Mesos(http).agents();
  assert.equal(list.recovered, 1);
  assert.deepEqual(
    told(list.agents),
    told(without(agents, (KEPT_OF_AGENTS as { keys: { slaves: Keep } }).keys.slaves)),
  );
  assert.equal('capabilities' in list.agents[0]!, false, 'it was not worth its bytes');
  const whole = await new Mesos(http).agents(undefined, { whole: true });
  assert.deepEqual(told(whole.agents), told(agents));
  const read = await new Marathon(http).group('/calico');
  assert.deepEqual(told(read), told(without(group, KEPT_OF_GROUP)));
});
