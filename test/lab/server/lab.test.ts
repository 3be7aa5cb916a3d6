import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { AcceleratedClock } from '../../../src/lab/accelerated-clock.ts';
import { VirtualClock } from '../../../src/lab/clock.ts';
import { startLab } from '../../../src/lab/lab.ts';
import { SeededRandom } from '../../../src/lab/random.ts';
import { ask } from './ask.ts';

const START = Date.parse('2026-11-24T00:00:00Z');

test('a lab counts the requests by path, and says which it answers without a recording', async (t) => {
  const lab = await startLab({ clock: new VirtualClock(START), dcos: '2.2' });
  t.after(() => lab.stop());
  const headers = { authorization: `token=${lab.token}` };
  for (const path of ['/mesos/slaves', '/mesos/slaves?slave_id=x', '/metadata', '/no-route']) {
    await ask(lab.url + path, { headers });
  }
  assert.deepEqual(
    lab.requests().map(({ method, path, count }) => `${method} ${path} ${count}`),
    ['GET /mesos/slaves 2', 'GET /metadata 1', 'GET /no-route 1'],
  );
  assert.deepEqual(lab.unrecorded(), [
    { route: '/metadata', follows: 'dcos/dcos', count: 1 },
    { route: '/no-route', follows: 'nothing: no such route', count: 1 },
  ]);
  lab.resetRequests();
  assert.deepEqual(lab.requests(), []);
});

test('answers of a version that was not recorded count as such', async (t) => {
  const lab = await startLab({ clock: new VirtualClock(START), dcos: '1.13' });
  t.after(() => lab.stop());
  await ask(`${lab.url}/mesos/version`, { headers: { authorization: `token=${lab.token}` } });
  assert.deepEqual(lab.unrecorded(), [{ route: '/mesos/*', follows: 'recordings of Mesos 1.11', count: 1 }]);
});

test('a stopped lab answers no more, and has no timer left that keeps the process', async () => {
  const lab = await startLab({ speed: 100, agents: { private: 3, public: 0 } });
  const { url } = lab;
  assert.equal((await ask(`${url}/dcos-metadata/dcos-version.json`)).status, 200);
  await lab.stop();
  await assert.rejects(ask(`${url}/dcos-metadata/dcos-version.json`), { code: 'ECONNREFUSED' });
});

test('a lab in real time, stopped in the middle of its work, lets its process end', () => {
  const script = `
    import { startLab } from './src/lab/lab.ts';
    const lab = await startLab({ agents: { private: 2, public: 0 } });
    const app = { id: '/a', cmd: 'sleep 1000', instances: 2, cpus: 0.1, mem: 32, healthChecks: [{ protocol: 'COMMAND', command: { value: 'false' } }] };
    await fetch(lab.url + '/service/marathon/v2/apps//a', {
      method: 'PUT', body: JSON.stringify(app),
      headers: { authorization: 'token=' + lab.token, 'content-type': 'application/json' },
    });
    await new Promise((resolve) => lab.master.onUpdate(({ state }) => state === 'TASK_RUNNING' && resolve()));
    lab.master.crashAgent('10.0.1.11');
    await lab.stop();
    console.log('stopped');
  `;
  const root = join(import.meta.dirname, '../../..');
  const args = ['--import', './scripts/text-modules.mjs', '--input-type=module', '--eval', script];
  // Killed after 20 s, were there anything left to wait for.
  const said = execFileSync(process.execPath, args, { cwd: root, timeout: 20_000, encoding: 'utf8' });
  assert.equal(said, 'stopped\n');
});

test('it listens on loopback alone', async (t) => {
  const lab = await startLab({ clock: new VirtualClock(START), agents: { private: 0, public: 0 } });
  t.after(() => lab.stop());
  const { hostname, port } = new URL(lab.url);
  assert.equal(hostname, '127.0.0.1');
  const others = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
  for (const { address, family, internal } of others) {
    if (family !== 'IPv4' || internal) continue;
    await assert.rejects(ask(`http://${address}:${port}/`), { code: 'ECONNREFUSED' });
  }
});

test('sleeping lets exactly that much of the lab’s time pass', async (t) => {
  const lab = await startLab({ clock: new VirtualClock(START), agents: { private: 0, public: 0 } });
  t.after(() => lab.stop());
  await lab.sleep(90_000);
  assert.equal(lab.clock.now(), START + 90_000);
});

test('an accelerated clock runs timers in their order, each at its time', async (t) => {
  const clock = new AcceleratedClock(1000, START);
  t.after(() => clock.stop());
  const seen: number[] = [];
  await new Promise<void>((resolve) => {
    for (const ms of [30_000, 10_000, 20_000]) clock.after(ms, () => seen.push(clock.now() - START));
    clock.after(30_001, resolve);
  });
  assert.deepEqual(seen, [10_000, 20_000, 30_000]);
});

test('5,000 agents have addresses of their own', async (t) => {
  const lab = await startLab({ clock: new VirtualClock(START), agents: { private: 4900, public: 100 } });
  t.after(() => lab.stop());
  const hosts = [...lab.master.agents.values()].map(({ host }) => host);
  assert.equal(new Set(hosts).size, 5000);
  assert.ok(hosts.every((host) => host.split('.').every((part) => Number(part) >= 0 && Number(part) < 255)));
});

test('chance is the same for the same seed, and spread over its range', () => {
  const first = new SeededRandom(3);
  const second = new SeededRandom(3);
  const values = Array.from({ length: 2000 }, () => first.next());
  assert.ok(values.every((value) => value >= 0 && value < 1 && value === second.next()));
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  assert.ok(mean > 0.47 && mean < 0.53, String(mean));
  assert.notEqual(new SeededRandom(4).uuid(), new SeededRandom(5).uuid());
  assert.deepEqual(new SeededRandom(1).shuffle([1, 2, 3, 4, 5]).sort(), [1, 2, 3, 4, 5]);
});
