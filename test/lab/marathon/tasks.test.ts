// The life of tasks: ends, delays, lost agents, a new leader.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { app, CHECK, Cluster, HEALTH_CHECK } from './cluster.ts';

interface Task {
  id: string;
  host: string;
  state: string;
  version: string;
  checkResult?: { command: { exitCode: number } };
  healthCheckResults: { alive: boolean }[];
}

async function installed(version: string, more: Record<string, unknown> = {}, agents = 3): Promise<Cluster> {
  const cluster = await Cluster.of(version, agents);
  await cluster.ask('PUT', '/v2/apps/x', app(more));
  cluster.pass(20);
  return cluster;
}

const taskAt = async (cluster: Cluster, host: string): Promise<Task | undefined> =>
  (await cluster.app('/x')).tasks.find((task: Task) => task.host === host);

test('a task that finished is started again: the next attempt of its instance, before 1.8 a new one', async () => {
  for (const version of ['1.7', '1.11']) {
    const cluster = await installed(version, { instances: 1 });
    const [{ id }] = (await cluster.app('/x')).tasks as [Task];
    for (const task of cluster.running) task.end(0);
    cluster.pass(20);
    const [{ id: next }] = (await cluster.app('/x')).tasks as [Task];
    if (version === '1.11') assert.equal(next, id.replace(/1$/, '2'));
    else assert.match(next, /^x\.[0-9a-f-]{36}$/);
    assert.notEqual(next, id);
  }
});

test('a failing app is launched later and later, up to its longest delay; the queue tells and can forget it', async () => {
  const cluster = await Cluster.of('1.11', 1);
  let starts: number[] = [];
  cluster.behaviour = () => {
    starts.push(cluster.clock.now());
    return { ends: { after: 0, code: 3 } };
  };
  await cluster.ask(
    'PUT',
    '/v2/apps/x',
    app({ instances: 1, backoffSeconds: 10, backoffFactor: 2, maxLaunchDelaySeconds: 60 }),
  );
  cluster.pass(600);
  const gaps = starts.slice(1).map((start, i) => Math.round((start - starts[i]!) / 1000));
  assert.ok(gaps[0]! >= 10 && gaps[0]! < 20, `first after ${gaps[0]} s`);
  assert.ok(
    gaps.slice(0, 3).every((gap, i) => i === 0 || gap > gaps[i - 1]!),
    `growing: ${gaps}`,
  );
  assert.ok(Math.max(...gaps) < 70, `never above a minute: ${gaps}`);
  const { lastTaskFailure, tasks } = await cluster.app('/x');
  assert.equal(lastTaskFailure.message, 'Command exited with status 3');
  assert.equal(lastTaskFailure.state, 'TASK_FAILED');
  assert.equal(tasks[0].state, 'TASK_FAILED');
  const [{ delay, count }] = (await cluster.ask('GET', '/v2/queue')).body.queue;
  assert.equal(count, 1);
  assert.ok(delay.timeLeftSeconds > 0 && delay.timeLeftSeconds <= 60);
  starts = [];
  assert.equal((await cluster.ask('DELETE', '/v2/queue/x/delay')).status, 204);
  cluster.pass(8);
  assert.ok(starts.length > 0, 'launched at once');
  const missing = await cluster.ask('DELETE', '/v2/queue/nope/delay');
  assert.deepEqual(missing.body.message, 'Application /nope not found in tasks queue.');
});

test('a killed task comes back without delay and leaves no failure behind', async () => {
  const cluster = await installed('1.11');
  const before = await taskAt(cluster, '10.0.1.1');
  const { body } = await cluster.ask('DELETE', `/v2/apps/x/tasks/${before!.id}`);
  assert.equal(body.task.id, before!.id);
  cluster.pass(10);
  const after = await taskAt(cluster, '10.0.1.1');
  assert.equal(after!.id, before!.id.replace(/1$/, '2'));
  assert.equal(after!.version, before!.version);
  assert.equal((await cluster.app('/x')).lastTaskFailure, undefined);
});

test('kill and scale: the named task goes and no other comes', async () => {
  const cluster = await installed('1.11');
  const { id } = (await taskAt(cluster, '10.0.1.2'))!;
  const { body } = await cluster.ask('POST', '/v2/tasks/delete?scale=true', { ids: [id] });
  assert.ok(body.deploymentId);
  cluster.pass(20);
  assert.equal((await cluster.app('/x')).instances, 2);
  assert.deepEqual(await cluster.hosts('/x'), ['10.0.1.1', '10.0.1.3']);
  const both = await cluster.ask('POST', '/v2/tasks/delete?scale=true&wipe=true', { ids: [id] });
  assert.deepEqual(
    [both.status, both.body],
    [400, { message: 'You cannot use scale and wipe at the same time.' }],
  );
});

test('an agent lost: unreachable, without a check result, still counted, and back under the same id', async () => {
  const cluster = await installed('1.11', { check: CHECK, healthChecks: [HEALTH_CHECK] });
  const before = (await taskAt(cluster, '10.0.1.2'))!;
  assert.deepEqual(before.checkResult, { command: { exitCode: 0 } });
  cluster.mesos.crashAgent('10.0.1.2');
  cluster.pass(60);
  assert.equal((await taskAt(cluster, '10.0.1.2'))!.state, 'TASK_RUNNING');
  cluster.pass(40);
  const lost = (await taskAt(cluster, '10.0.1.2'))!;
  assert.equal(lost.state, 'TASK_UNREACHABLE');
  assert.equal(lost.checkResult, undefined);
  const { tasksRunning, tasksHealthy } = await cluster.app('/x');
  assert.deepEqual([tasksRunning, tasksHealthy], [2, 3]);
  cluster.mesos.returnAgent('10.0.1.2');
  cluster.pass(20);
  const back = (await taskAt(cluster, '10.0.1.2'))!;
  assert.deepEqual([back.state, back.id], ['TASK_RUNNING', before.id]);
});

test('scaling down takes the unreachable one first, and so a deployment ends', async () => {
  const cluster = await installed('1.11');
  cluster.mesos.crashAgent('10.0.1.1');
  cluster.pass(120);
  await cluster.ask('PUT', '/v2/apps/x', { instances: 2 });
  cluster.pass(10);
  assert.deepEqual(await cluster.deployments(), []);
  const alive = (await cluster.app('/x')).tasks.filter(({ state }: Task) => state === 'TASK_RUNNING');
  assert.deepEqual(alive.map(({ host }: Task) => host).sort(), ['10.0.1.2', '10.0.1.3']);
});

test('a wiped task frees its place at once; without wipe an unreachable one stays', async () => {
  const cluster = await installed('1.11', { instances: 3 }, 4);
  const free = ['10.0.1.1', '10.0.1.2', '10.0.1.3', '10.0.1.4'];
  const used = await cluster.hosts('/x');
  cluster.mesos.crashAgent(used[0]!);
  cluster.pass(120);
  const { id } = (await taskAt(cluster, used[0]!))!;
  await cluster.ask('POST', '/v2/tasks/delete', { ids: [id] });
  cluster.pass(60);
  assert.equal((await taskAt(cluster, used[0]!))?.state, 'TASK_UNREACHABLE');
  await cluster.ask('POST', '/v2/tasks/delete?wipe=true', { ids: [id] });
  cluster.pass(330);
  const now = await cluster.hosts('/x');
  assert.deepEqual(
    now,
    free.filter((host) => host !== used[0]),
  );
  // It lives on out there; when it is heard of again it is nobody's, and killed.
  assert.equal(cluster.running.size, 4);
  cluster.mesos.returnAgent(used[0]!);
  cluster.pass(30);
  assert.equal(cluster.running.size, 3);
});

test('an unreachable instance is replaced when inactive and struck off when expunged', async () => {
  const cluster = await installed(
    '1.11',
    { instances: 2, unreachableStrategy: { inactiveAfterSeconds: 300, expungeAfterSeconds: 900 } },
    3,
  );
  const [lost] = await cluster.hosts('/x');
  cluster.mesos.crashAgent(lost!);
  cluster.pass(120);
  assert.equal((await cluster.app('/x')).tasks.length, 2);
  cluster.pass(330);
  const tasks = (await cluster.app('/x')).tasks as Task[];
  assert.deepEqual(tasks.map(({ state }) => state).sort(), [
    'TASK_RUNNING',
    'TASK_RUNNING',
    'TASK_UNREACHABLE',
  ]);
  cluster.pass(700);
  assert.deepEqual(
    ((await cluster.app('/x')).tasks as Task[]).map(({ state }) => state),
    ['TASK_RUNNING', 'TASK_RUNNING'],
  );
});

test('one too many after a return is killed at the next regular look', async () => {
  const cluster = await installed(
    '1.11',
    { instances: 2, unreachableStrategy: { inactiveAfterSeconds: 60, expungeAfterSeconds: 9000 } },
    3,
  );
  const [lost] = await cluster.hosts('/x');
  cluster.mesos.crashAgent(lost!);
  cluster.pass(400);
  cluster.mesos.returnAgent(lost!);
  cluster.pass(20);
  assert.equal((await cluster.app('/x')).tasksRunning, 3);
  cluster.pass(320);
  assert.equal((await cluster.app('/x')).tasksRunning, 2);
});

test('a new leader: check results stay; health is lost from 1.8 on until it changes, before it comes back', async () => {
  for (const [version, kept] of [
    ['1.7', true],
    ['1.11', false],
  ] as const) {
    const cluster = await installed(version, { check: CHECK, healthChecks: [HEALTH_CHECK] });
    const before = (await taskAt(cluster, '10.0.1.1'))!;
    assert.equal(before.healthCheckResults[0]!.alive, true);
    cluster.marathon.failover();
    cluster.pass(30);
    const after = (await taskAt(cluster, '10.0.1.1'))!;
    assert.deepEqual([after.id, after.checkResult], [before.id, before.checkResult]);
    assert.equal(after.healthCheckResults.length, kept ? 1 : 0);
    assert.equal((await cluster.app('/x')).tasksHealthy, kept ? 3 : 0);
  }
});

test('an update after a new leader goes through: what restarts count is kept with the instances', async () => {
  const cluster = await installed('1.11', { check: CHECK, healthChecks: [HEALTH_CHECK] });
  cluster.marathon.failover();
  await cluster.ask('PUT', '/v2/apps/x', { env: { A: '2' } });
  cluster.pass(20);
  assert.deepEqual(await cluster.deployments(), []);
  const { version, tasks } = await cluster.app('/x');
  assert.ok((tasks as Task[]).every((task) => task.version === version));
});

test('a deployment that was under way goes on under a new leader', async () => {
  const cluster = await Cluster.of('1.11', 3);
  await cluster.ask('PUT', '/v2/apps/x', app());
  cluster.pass(0.5);
  cluster.marathon.failover();
  cluster.pass(20);
  assert.deepEqual(await cluster.deployments(), []);
  assert.equal((await cluster.app('/x')).tasksRunning, 3);
});

test('a health check that kills: TASK_KILLED, and started again without delay', async () => {
  const cluster = await Cluster.of('1.11', 1);
  cluster.behaviour = () => ({ healthy: false });
  const healthChecks = [{ ...HEALTH_CHECK, maxConsecutiveFailures: 0 }];
  await cluster.ask('PUT', '/v2/apps/x', app({ instances: 1, healthChecks }));
  cluster.pass(60);
  const { tasks, lastTaskFailure } = await cluster.app('/x');
  const attempt = Number(/(\d+)$/.exec(tasks[0].id)![1]);
  assert.ok(attempt > 5, `attempt ${attempt}`);
  assert.equal(lastTaskFailure, undefined);
});

test('a command and environment too large for one argument: accepted, then every task dies with status 7', async () => {
  const cluster = await Cluster.of('1.11', 1);
  const { status } = await cluster.ask(
    'PUT',
    '/v2/apps/x',
    app({ instances: 1, env: { LONG: 'x'.repeat(64 * 1024) } }),
  );
  assert.equal(status, 201);
  cluster.pass(20);
  assert.equal((await cluster.app('/x')).lastTaskFailure.message, 'Command exited with status 7');
});
