import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import { VirtualClock } from '../../../src/lab/clock.ts';
import { type HttpFault, HttpFaults } from '../../../src/lab/faults.ts';
import { startLab } from '../../../src/lab/lab.ts';
import { SeededRandom } from '../../../src/lab/random.ts';
import { ask } from './ask.ts';

const lab = await startLab({ clock: new VirtualClock(Date.parse('2026-11-24T00:00:00Z')) });
after(() => lab.stop());
beforeEach(() => lab.faults.set([]));

const headers = { authorization: `token=${lab.token}` };
const slaves = () => ask(`${lab.url}/mesos/slaves`, { headers });
const fault = (one: Omit<HttpFault, 'path'>) => lab.faults.set([{ path: '/mesos/slaves', ...one }]);

test('an error of Admin Router is HTML, and the request has no effect', async () => {
  for (const status of [403, 404, 500, 502, 503, 504]) {
    fault({ kind: 'status', status });
    const answer = await slaves();
    assert.equal(answer.status, status);
    assert.match(answer.headers['content-type']!, /^text\/html/);
    assert.match(answer.text, /^<!DOCTYPE html>/);
  }
});

test('so many times, and only after so many', async () => {
  fault({ kind: 'status', status: 503, times: 2, after: 1 });
  const statuses = [];
  for (let i = 0; i < 5; i++) statuses.push((await slaves()).status);
  assert.deepEqual(statuses, [200, 503, 503, 200, 200]);
  assert.deepEqual(
    lab.faults.list().map(({ seen, happened }) => [seen, happened]),
    [[5, 2]],
  );
});

test('by method and by a pattern of the path', async () => {
  lab.faults.set([{ method: 'PUT', path: '/service/marathon/*', kind: 'status', status: 502 }]);
  const app = `${lab.url}/service/marathon/v2/apps//a`;
  const put = { method: 'PUT', headers, body: '{"id":"/a","cmd":"sleep 1","instances":0}' };
  assert.equal((await ask(app, put)).status, 502);
  assert.equal((await ask(app, { headers })).status, 404);
});

test('an answer that is lost although the request took effect', async () => {
  lab.faults.set([{ method: 'PUT', path: '/service/*', kind: 'reset', applied: true, times: 1 }]);
  const app = `${lab.url}/service/marathon/v2/apps//lost`;
  const put = { method: 'PUT', headers, body: '{"id":"/lost","cmd":"sleep 1","instances":0}' };
  await assert.rejects(ask(app, put), { code: 'ECONNRESET' });
  assert.equal((await ask(app, { headers })).status, 200);
});

test('a connection that is reset, and one that breaks off in the middle of the answer', async () => {
  fault({ kind: 'reset' });
  await assert.rejects(slaves(), { code: 'ECONNRESET' });
  fault({ kind: 'half' });
  await assert.rejects(slaves(), /aborted/);
});

test('an answer in pieces, and one that comes late, are whole', async () => {
  const right = (await slaves()).text;
  for (const kind of ['trickle', 'slow'] as const) {
    fault({ kind, ms: 60 });
    const begun = performance.now();
    assert.equal((await slaves()).text, right);
    assert.ok(performance.now() - begun > 30, kind);
  }
});

test('no answer ever: the client gives up, and the lab stops all the same', async () => {
  const other = await startLab({
    clock: new VirtualClock(0),
    agents: { private: 0, public: 0 },
    faults: [{ path: '*', kind: 'hang' }],
  });
  const broken = assert.rejects(ask(`${other.url}/mesos/version`), { code: 'ECONNRESET' });
  while (other.faults.list()[0]!.happened === 0) await new Promise((resolve) => setImmediate(resolve));
  await other.stop();
  await broken;
});

test('the right body as another type, and a redirect to a login page', async () => {
  fault({ kind: 'content-type', contentType: 'text/html' });
  const answer = await slaves();
  assert.equal(answer.headers['content-type'], 'text/html');
  assert.equal(JSON.parse(answer.text).slaves.length, 6);
  fault({ kind: 'login' });
  const login = await slaves();
  assert.deepEqual([login.status, login.headers.location], [302, '/login']);
});

test('more than anybody wants to read, and the right answer with a word to whoever waits for it', async () => {
  fault({ kind: 'huge', mb: 3 });
  assert.ok((await slaves()).text.length > 3 * 1024 * 1024);
  let heard = 0;
  lab.faults.onHappened = () => {
    heard++;
  };
  fault({ kind: 'pass', after: 1 });
  for (let i = 0; i < 3; i++) assert.equal((await slaves()).status, 200);
  lab.faults.onHappened = undefined;
  assert.equal(heard, 2);
});

test('chances come from the seed', () => {
  const draws = (seed: number) => {
    const faults = new HttpFaults([{ path: '*', kind: 'reset', chance: 0.5 }], new SeededRandom(seed));
    return Array.from({ length: 40 }, () => (faults.draw('GET', '/x') ? 1 : 0)).join('');
  };
  assert.equal(draws(1), draws(1));
  assert.notEqual(draws(1), draws(2));
  assert.match(draws(1), /(?=.*0)(?=.*1)/);
});
