// Deployments: what replaces what, what waits, what locks, what is left.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { app, CHECK, Cluster, HEALTH_CHECK } from './cluster.ts';

async function installed(version: string, more: Record<string, unknown> = {}): Promise<Cluster> {
  const cluster = await Cluster.of(version, 3);
  const { status } = await cluster.ask('PUT', '/v2/apps/x', app(more));
  assert.equal(status, 201);
  cluster.pass(20);
  assert.equal((await cluster.app('/x')).tasksRunning, 3);
  return cluster;
}

const versions = async (cluster: Cluster): Promise<string[]> =>
  (await cluster.app('/x')).tasks.map(({ version }: { version: string }) => version);

for (const [version, hangs] of [
  ['1.7', false],
  ['1.8', false],
  ['1.9.109', false],
  ['1.9.136', true],
  ['1.10', true],
  ['1.11', true],
] as const) {
  test(`Marathon ${version}: an update of an app whose tasks are all unhealthy ${hangs ? 'hangs' : 'goes through'}`, async () => {
    const cluster = await Cluster.of(version, 3);
    cluster.behaviour = () => ({ healthy: false });
    await cluster.ask('PUT', '/v2/apps/x', app({ healthChecks: [HEALTH_CHECK] }));
    cluster.pass(20);
    const before = await cluster.app('/x');
    assert.equal(before.tasksUnhealthy, 3);
    // Its first deployment waits for health, too.
    assert.equal((await cluster.ask('PUT', '/v2/apps/x', { env: { A: '2' } })).status, 409);
    await cluster.ask('PUT', '/v2/apps/x?force=true', { env: { A: '2' } });
    cluster.pass(120);
    const after = await cluster.app('/x');
    const replaced = after.tasks.filter((task: { version: string }) => task.version === after.version).length;
    assert.equal(replaced, hangs ? 0 : 3);
    assert.equal(after.deployments.length, 1, 'the deployment stays open either way');
  });
}

test('killing the tasks frees an update that hangs', async () => {
  const cluster = await Cluster.of('1.11', 3);
  cluster.behaviour = (task) => ({ healthy: task.env.A === '2' });
  await cluster.ask('PUT', '/v2/apps/x', app({ healthChecks: [HEALTH_CHECK] }));
  cluster.pass(20);
  await cluster.ask('PUT', '/v2/apps/x?force=true', { env: { A: '2' } });
  cluster.pass(60);
  assert.equal((await cluster.deployments()).length, 1);
  await cluster.ask('DELETE', '/v2/apps/x/tasks');
  cluster.pass(60);
  const { version, tasks, tasksHealthy } = await cluster.app('/x');
  assert.deepEqual(new Set(tasks.map((task: { version: string }) => task.version)), new Set([version]));
  assert.equal(tasksHealthy, 3);
  assert.deepEqual(await cluster.deployments(), []);
});

test('a check alone hangs an update, a check with a health check that is always true does not', async () => {
  for (const [healthChecks, replaced] of [
    [[], 0],
    [[HEALTH_CHECK], 3],
  ] as const) {
    const cluster = await Cluster.of('1.11', 3);
    cluster.behaviour = () => ({ check: 11 });
    await cluster.ask('PUT', '/v2/apps/x', app({ check: CHECK, healthChecks }));
    cluster.pass(20);
    assert.deepEqual(await cluster.deployments(), []);
    await cluster.ask('PUT', '/v2/apps/x', { env: { A: '2' } });
    cluster.pass(60);
    const { version, tasks } = await cluster.app('/x');
    const count = tasks.filter((task: { version: string }) => task.version === version).length;
    assert.equal(count, replaced);
  }
});

test('before 1.8 a deployment stays open until all are healthy, and whoever wants in needs force', async () => {
  const cluster = await Cluster.of('1.7', 3);
  let ready = 0;
  const seen = new Map<string, boolean>();
  cluster.behaviour = ({ id }) => {
    if (!seen.has(id)) seen.set(id, false);
    return { healthy: [...seen.keys()].indexOf(id) < ready };
  };
  await cluster.ask(
    'PUT',
    '/v2/apps/x',
    app({ healthChecks: [{ ...HEALTH_CHECK, gracePeriodSeconds: 2147483 }] }),
  );
  cluster.pass(60);
  let x = await cluster.app('/x');
  assert.deepEqual([x.tasksRunning, x.tasksHealthy, x.tasksUnhealthy], [3, 0, 0]);
  assert.ok(x.tasks.every((task: { healthCheckResults: unknown[] }) => task.healthCheckResults.length === 0));
  assert.equal(x.deployments.length, 1);
  ready = 2;
  cluster.look();
  cluster.pass(10);
  x = await cluster.app('/x');
  assert.deepEqual([x.tasksHealthy, x.deployments.length], [2, 1]);
  ready = 3;
  cluster.look();
  cluster.pass(10);
  x = await cluster.app('/x');
  assert.deepEqual([x.tasksHealthy, x.deployments.length], [3, 0]);
});

test('instances alone replace nothing: kept tasks are older than the app, not than its configuration', async () => {
  const cluster = await installed('1.11');
  const first = (await cluster.app('/x')).version;
  await cluster.ask('PUT', '/v2/apps/x', { instances: 2 });
  cluster.pass(20);
  const { version, versionInfo } = await cluster.app('/x');
  assert.ok(version > first);
  assert.deepEqual(versionInfo, { lastScalingAt: version, lastConfigChangeAt: first });
  assert.deepEqual(await versions(cluster), [first, first]);
});

test('a restart replaces all and leaves lastScalingAt', async () => {
  const cluster = await installed('1.11');
  const first = (await cluster.app('/x')).version;
  await cluster.ask('POST', '/v2/apps/x/restart');
  cluster.pass(20);
  const { version, versionInfo } = await cluster.app('/x');
  assert.deepEqual(versionInfo, { lastScalingAt: first, lastConfigChangeAt: version });
  assert.deepEqual(await versions(cluster), [version, version, version]);
});

test('minimumHealthCapacity 1 keeps all but adds one above: never fewer than three run', async () => {
  const cluster = await installed('1.11', {
    constraints: [],
    upgradeStrategy: { minimumHealthCapacity: 1, maximumOverCapacity: 0 },
  });
  await cluster.ask('PUT', '/v2/apps/x', { env: { A: '2' } });
  let least = 3;
  for (let second = 0; second < 60; second++) {
    cluster.pass(1);
    least = Math.min(least, (await cluster.app('/x')).tasksRunning);
  }
  assert.equal(least, 3);
  const { version } = await cluster.app('/x');
  assert.deepEqual(await versions(cluster), [version, version, version]);
  assert.deepEqual(await cluster.deployments(), []);
});

test('a cancelled deployment leaves a mixture; the same put again does nothing, a restart takes it up', async () => {
  const cluster = await installed('1.11', {
    constraints: [],
    healthChecks: [HEALTH_CHECK],
    upgradeStrategy: { minimumHealthCapacity: 1, maximumOverCapacity: 0 },
  });
  const old = (await cluster.app('/x')).version;
  cluster.behaviour = (task) => ({ healthy: task.env.A !== '2' });
  await cluster.ask('PUT', '/v2/apps/x', { env: { A: '2' } });
  cluster.pass(20);
  const [{ id }] = await cluster.deployments();
  assert.equal((await cluster.ask('DELETE', `/v2/deployments/${id}?force=true`)).status, 202);
  assert.deepEqual(await cluster.deployments(), []);
  const { body } = await cluster.ask('PUT', '/v2/apps/x', { env: { A: '2' } });
  assert.ok(body.deploymentId);
  cluster.pass(20);
  assert.deepEqual(await cluster.deployments(), []);
  assert.ok((await versions(cluster)).includes(old));
  cluster.behaviour = () => ({});
  cluster.look();
  await cluster.ask('POST', '/v2/apps/x/restart');
  cluster.pass(60);
  const { version } = await cluster.app('/x');
  assert.deepEqual(await versions(cluster), [version, version, version]);
});

test("Marathon's own rollback sets the version back", async () => {
  const cluster = await Cluster.of('1.11', 3);
  await cluster.ask('PUT', '/v2/groups/g', { enforceRole: false, apps: [app({ id: 'x', env: { A: '1' } })] });
  cluster.pass(20);
  const first = (await cluster.app('/g/x')).version;
  const { body } = await cluster.ask('PUT', '/v2/groups/g', { apps: [app({ id: 'x', env: { A: '2' } })] });
  const undo = await cluster.ask('DELETE', `/v2/deployments/${body.deploymentId}`);
  assert.equal(undo.status, 200);
  assert.ok(undo.body.version < first, `${undo.body.version} is before ${first}`);
  cluster.pass(30);
  const { version, env, tasks } = await cluster.app('/g/x');
  assert.equal(version, undo.body.version);
  assert.deepEqual(env, { A: '1' });
  assert.ok(tasks.every((task: { version: string }) => task.version === version));
});

test('two groups deploy at once; at a hundred deployments the next is refused with 403', async () => {
  const cluster = await Cluster.of('1.11', 1);
  for (let i = 0; i < 100; i++) {
    // No agent has a thousand CPUs: each stays open.
    const { status } = await cluster.ask('PUT', `/v2/apps/a${i}`, app({ instances: 1, cpus: 1000 }));
    assert.equal(status, 201);
  }
  cluster.pass(10);
  assert.equal((await cluster.deployments()).length, 100);
  const { status, body } = await cluster.ask('PUT', '/v2/apps/one-more', app());
  assert.equal(status, 403);
  assert.match(body.message, /^Max number \(100\) of running deployments is achieved\./);
});

test('a deleted group is gone at once, and locked until its tasks have ended', async () => {
  const cluster = await Cluster.of('1.11', 3);
  const group = { enforceRole: false, apps: [app({ id: 'x' })] };
  await cluster.ask('PUT', '/v2/groups/g', group);
  cluster.pass(20);
  assert.equal((await cluster.ask('DELETE', '/v2/groups/g')).status, 200);
  assert.equal((await cluster.ask('GET', '/v2/groups/g')).status, 404);
  assert.equal((await cluster.ask('PUT', '/v2/groups/g', group)).status, 409);
  cluster.pass(20);
  assert.equal(cluster.running.size, 0);
  assert.equal((await cluster.ask('PUT', '/v2/groups/g', group)).status, 200);
});

test('dependencies come first', async () => {
  const cluster = await Cluster.of('1.11', 3);
  await cluster.ask('PUT', '/v2/groups/g', {
    enforceRole: false,
    apps: [app({ id: 'b', dependencies: ['a'] }), app({ id: 'a' })],
  });
  const [{ steps }] = await cluster.deployments();
  const scaled = steps
    .slice(1)
    .map(({ actions }: { actions: { app: string }[] }) => actions.map((a) => a.app));
  assert.deepEqual(scaled, [['/g/a'], ['/g/b']]);
  cluster.pass(30);
  assert.deepEqual(await cluster.deployments(), []);
  assert.equal((await cluster.app('/g/b')).tasksRunning, 3);
});
