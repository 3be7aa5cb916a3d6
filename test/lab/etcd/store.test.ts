// The store beyond what was recorded: times to live, watches, hidden keys, and that indices only rise.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { VirtualClock } from '../../../src/lab/clock.ts';
import { EtcdApi } from '../../../src/lab/etcd/api.ts';
import type { Event } from '../../../src/lab/etcd/events.ts';
import { EtcdStore } from '../../../src/lab/etcd/store.ts';

const fresh = () => {
  const clock = new VirtualClock(0);
  return { clock, store: new EtcdStore(clock) };
};
const code = (wanted: number) => (error: unknown) =>
  (error as { body: { errorCode: number } }).body.errorCode === wanted;

test('a key ends with its time, and a watch hears of it without anybody asking', () => {
  const { clock, store } = fresh();
  const seen: Event[] = [];
  store.set('/dir/lease', { value: 'x', ttl: 10 });
  store.watch('/dir', { recursive: true }, (event) => seen.push(event));
  clock.advance(4000);
  assert.equal(store.get('/dir/lease').node.ttl, 6);
  store.update('/dir/lease', { ttl: 10, refresh: true });
  clock.advance(9999);
  assert.equal(seen.length, 0);
  clock.advance(1);
  assert.deepEqual(
    seen.map(({ action, node, prevNode }) => [action, node.key, node.value, prevNode!.value]),
    [['expire', '/dir/lease', undefined, 'x']],
  );
  assert.throws(() => store.get('/dir/lease'), code(100));
});

test('a watch from the past is told at once; one of a directory hears when it goes', () => {
  const { store } = fresh();
  const first = store.set('/a', { value: '1' }).node.modifiedIndex!;
  store.set('/a', { value: '2' });
  const seen: string[] = [];
  store.watch('/a', { since: first + 1 }, (event) => seen.push(event.node.value!));
  assert.deepEqual(seen, ['2']);
  store.set('/d/e', { value: '1' });
  store.watch('/d/e', {}, (event) => seen.push(event.action));
  store.delete('/d', { recursive: true });
  assert.deepEqual(seen, ['2', 'delete']);
  for (let i = 0; i < 1001; i++) store.set('/a', { value: String(i) });
  assert.throws(() => store.watch('/a', { since: first }, () => {}), code(401));
});

test('hidden keys are not listed, and files are no directories', () => {
  const { store } = fresh();
  store.set('/x/_hidden', { value: '1' });
  store.set('/x/shown', { value: '1' });
  assert.deepEqual(
    store.get('/x').node.nodes!.map(({ key }) => key),
    ['/x/shown'],
  );
  assert.throws(() => store.set('/x/shown/below', { value: '1' }), code(104));
  assert.throws(() => store.delete('/'), code(107));
  assert.throws(() => store.update('/x', { value: 'v' }), code(102));
});

test('two writers that compare never both win, and every write raises the index by one', () => {
  const write = fc.record({
    key: fc.constantFrom('/a', '/b', '/b/c'),
    value: fc.string(),
    expect: fc.option(fc.string()),
  });
  fc.assert(
    fc.property(fc.array(write, { maxLength: 30 }), (writes) => {
      const { store } = fresh();
      const model = new Map<string, string>();
      for (const { key, value, expect } of writes) {
        const before = store.index;
        try {
          if (expect === null) store.create(key, { value });
          else store.compareAndSwap(key, { prevValue: expect }, { value });
        } catch (error) {
          assert.equal(store.index, before);
          assert.ok((error as { status: number }).status >= 400);
          continue;
        }
        if (expect === null) assert.equal(model.has(key), false);
        else if (expect !== '') assert.equal(model.get(key), expect);
        assert.equal(store.index, before + 1);
        model.set(key, value);
      }
      for (const [key, value] of model) assert.equal(store.get(key).node.value, value);
    }),
    { numRuns: 300 },
  );
});

test('parameters that make no sense', async () => {
  const api = new EtcdApi(fresh().store, {
    clusterId: 'c',
    memberId: '2e1259d415f2a040',
    name: 'a',
    peerUrls: [],
    clientUrls: [],
    version: { etcdserver: '3.4.23', etcdcluster: '3.4.0' },
  });
  const ask = async (method: string, url: string, body = '') => {
    const response = await api.handle({ method, url, body });
    return [
      response.status,
      response.body.startsWith('{') ? JSON.parse(response.body).errorCode : response.body,
    ];
  };
  assert.deepEqual(await ask('PUT', '/v2/keys/a', 'value=x&ttl=soon'), [400, 202]);
  assert.deepEqual(await ask('PUT', '/v2/keys/a?prevIndex=x', 'value=x'), [400, 203]);
  assert.deepEqual(await ask('PUT', '/v2/keys/a?prevValue=', 'value=x'), [400, 201]);
  assert.deepEqual(await ask('PUT', '/v2/keys/a', 'value=x&refresh=true&ttl=1'), [400, 212]);
  assert.deepEqual(await ask('PUT', '/v2/keys/a?wait=true', 'value=x'), [400, 209]);
  assert.deepEqual(await ask('PATCH', '/v2/keys/a'), [405, 'Method Not Allowed\n']);
  assert.deepEqual(await ask('GET', '/v2/keys/%E0%A4%A'), [400, '']);
  assert.equal((await ask('GET', '/members'))[0], 200);
});
