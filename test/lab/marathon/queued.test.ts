// What waits for an offer: counted as an instance from Marathon 1.8 on, a mere number in the queue before.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { app, Cluster } from './cluster.ts';

const ONE_EACH = { constraints: [['hostname', 'UNIQUE']] };

/** Five are wanted where three have a place: two wait, and the deployment with them. */
async function waiting(version: string): Promise<Cluster> {
  const cluster = await Cluster.of(version, 3);
  await cluster.ask('PUT', '/v2/apps/x', app({ ...ONE_EACH, instances: 5 }));
  cluster.pass(20);
  assert.deepEqual([(await tasksOf(cluster)).length, await queued(cluster)], [3, 2]);
  return cluster;
}

const tasksOf = async (cluster: Cluster): Promise<string[]> =>
  (await cluster.app('/x')).tasks.map(({ id }: { id: string }) => id).sort();
const queued = async (cluster: Cluster): Promise<number> =>
  (await cluster.ask('GET', '/v2/queue')).body.queue[0]?.count ?? 0;
async function cancel(cluster: Cluster): Promise<void> {
  const [{ id }] = await cluster.deployments();
  await cluster.ask('DELETE', `/v2/deployments/${id}?force=true`);
  cluster.pass(1);
}

for (const [version, left] of [
  ['1.4', 0],
  ['1.7', 0],
  ['1.8', 2],
  ['1.11', 2],
] as const) {
  test(`Marathon ${version}: of a deployment that is cancelled, ${left} still wait`, async () => {
    const cluster = await waiting(version);
    const before = await tasksOf(cluster);
    await cancel(cluster);
    assert.equal(await queued(cluster), left);
    cluster.pass(320);
    assert.deepEqual([await tasksOf(cluster), await queued(cluster)], [before, 2], 'counted anew');
  });
}

test('Marathon 1.7: an app that has no task at all is counted anew, too', async () => {
  const cluster = await Cluster.of('1.7', 3);
  await cluster.ask('PUT', '/v2/apps/x', app({ instances: 2, constraints: [['hostname', 'LIKE', 'none']] }));
  cluster.pass(20);
  await cancel(cluster);
  assert.equal(await queued(cluster), 0);
  cluster.pass(320);
  assert.equal(await queued(cluster), 2);
});

test('Marathon 1.7: what waits is not too many, and no task is ended for it', async () => {
  const cluster = await waiting('1.7');
  const before = await tasksOf(cluster);
  // An open deployment is superseded: it takes what it had queued with it.
  await cluster.ask('PUT', '/v2/apps/x?force=true', { instances: 3 });
  cluster.pass(10);
  assert.deepEqual([await tasksOf(cluster), await queued(cluster)], [before, 0]);
  assert.deepEqual(await cluster.deployments(), []);
  cluster.pass(600);
  assert.deepEqual(await tasksOf(cluster), before);
});
