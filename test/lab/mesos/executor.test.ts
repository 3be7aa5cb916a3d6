// The executor's rules, each as it was measured on a real Mesos.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHECK, HEALTH, stage } from './stage.ts';

const HOST = '10.0.1.11';

test('a task starts, runs, and ends as its command does', async () => {
  const lab = await stage();
  for (const [code, signal, state, message] of [
    [0, null, 'TASK_FINISHED', 'Command exited with status 0'],
    [3, null, 'TASK_FAILED', 'Command exited with status 3'],
    [null, 'SIGKILL', 'TASK_FAILED', 'Command terminated with signal Killed'],
  ] as const) {
    const id = lab.launch(HOST);
    await lab.pass(3);
    lab.runner.exit(id, code, signal);
    assert.deepEqual(lab.states(id), ['TASK_STARTING', 'TASK_RUNNING', state]);
    assert.equal(lab.updates.at(-1)!.message, message);
  }
  assert.deepEqual(lab.master.agentAt(HOST).free, lab.master.agentAt(HOST).total);
});

test('a killed task says so, gets its grace time, and is TASK_KILLED without a reason', async () => {
  const lab = await stage();
  const id = lab.launch(HOST, { killGraceSeconds: 7 });
  await lab.pass(3);
  lab.master.kill(id);
  await lab.pass(1);
  assert.deepEqual(lab.runner.kills, [{ id, grace: 7 }]);
  assert.deepEqual(lab.states(id), ['TASK_STARTING', 'TASK_RUNNING', 'TASK_KILLING', 'TASK_KILLED']);
  assert.equal(lab.updates.at(-1)!.reason, undefined);
  assert.equal(lab.updates.at(-1)!.message, 'Command terminated with signal Terminated');
});

test('a task that is killed before its executor is there never runs', async () => {
  const lab = await stage();
  const id = lab.launch(HOST);
  lab.master.kill(id);
  await lab.pass(3);
  assert.deepEqual(lab.states(id), ['TASK_KILLED']);
  assert.equal(lab.updates.at(-1)!.reason, 'REASON_TASK_KILLED_DURING_LAUNCH');
});

test('a check is told of when its result changes, and only then', async () => {
  const lab = await stage();
  lab.runner.results = { check: 11 };
  lab.launch(HOST, { check: CHECK });
  await lab.pass(60);
  lab.runner.results = { check: 0 };
  await lab.pass(60);
  const told = lab.updates.filter(({ reason }) => reason === 'REASON_TASK_CHECK_STATUS_UPDATED');
  assert.deepEqual(
    told.map(({ checkExitCode }) => checkExitCode),
    [11, 0],
  );
  const times = lab.runner.runs.map(({ at }) => at);
  // Counted from the result, which the test lets come within a second.
  const gaps = times.slice(1).map((at, i) => at - times[i]!);
  assert.ok(gaps.every((gap) => gap >= 5000 && gap <= 6000));
});

test('a check that times out has no result', async () => {
  const lab = await stage();
  lab.runner.results = { check: 0 };
  lab.launch(HOST, { check: { ...CHECK, delaySeconds: 15 } });
  await lab.pass(10);
  assert.deepEqual(lab.runner.runs, []);
  await lab.pass(15);
  lab.runner.results = { check: null };
  await lab.pass(10);
  const told = lab.updates.filter(({ reason }) => reason === 'REASON_TASK_CHECK_STATUS_UPDATED');
  assert.deepEqual(
    told.map((update) => 'checkExitCode' in update),
    [true, false],
  );
});

test('a failing check never kills', async () => {
  const lab = await stage();
  lab.runner.results = { check: 20 };
  const id = lab.launch(HOST, { check: CHECK });
  await lab.pass(600);
  assert.deepEqual(lab.states(id), ['TASK_STARTING', 'TASK_RUNNING']);
});

for (const [limit, failures] of [
  [0, 1],
  [1, 1],
  [3, 3],
] as const) {
  test(`maxConsecutiveFailures ${limit} kills at failure ${failures}`, async () => {
    const lab = await stage();
    lab.runner.results = { health: 1 };
    const id = lab.launch(HOST, { healthCheck: { ...HEALTH, maxConsecutiveFailures: limit } });
    await lab.pass(20);
    const unhealthy = lab.updates.filter(
      ({ healthy, state }) => healthy === false && state === 'TASK_RUNNING',
    );
    assert.equal(unhealthy.length, failures);
    assert.equal(lab.states(id).at(-1), 'TASK_KILLED');
    assert.equal(lab.updates.at(-1)!.reason, undefined);
    assert.equal(lab.updates.at(-1)!.healthy, false);
  });
}

test('healthy is told once a change, unhealthy on every failure', async () => {
  const lab = await stage();
  lab.launch(HOST, { healthCheck: { ...HEALTH, maxConsecutiveFailures: 1000 } });
  await lab.pass(10);
  lab.runner.results = { health: 1 };
  await lab.pass(5);
  lab.runner.results = { health: 0 };
  await lab.pass(5);
  const told = lab.updates.filter(({ reason }) => reason === 'REASON_TASK_HEALTH_CHECK_STATUS_UPDATED');
  assert.deepEqual(
    told.map(({ healthy }) => healthy),
    [true, false, false, false, false, false, true],
  );
});

test('within the grace period a failure says nothing; after the first success the period is over', async () => {
  const lab = await stage();
  lab.runner.results = { health: 1 };
  const id = lab.launch(HOST, {
    healthCheck: { ...HEALTH, gracePeriodSeconds: 100, maxConsecutiveFailures: 2 },
  });
  await lab.pass(50);
  assert.ok(lab.updates.every(({ healthy }) => healthy === undefined));
  lab.runner.results = { health: 0 };
  await lab.pass(3);
  lab.runner.results = { health: 1 };
  await lab.pass(5);
  assert.equal(lab.states(id).at(-1), 'TASK_KILLED');
});

test('failures count from the end of the grace period on', async () => {
  const lab = await stage();
  lab.runner.results = { health: 1 };
  const id = lab.launch(HOST, {
    healthCheck: { ...HEALTH, gracePeriodSeconds: 20, maxConsecutiveFailures: 2 },
  });
  await lab.pass(18);
  assert.deepEqual(lab.states(id), ['TASK_STARTING', 'TASK_RUNNING']);
  await lab.pass(8);
  assert.equal(lab.states(id).at(-1), 'TASK_KILLED');
});

test('the longest grace period and count that Marathon takes never kill', async () => {
  const lab = await stage();
  lab.runner.results = { health: 11 };
  const id = lab.launch(HOST, {
    healthCheck: {
      ...HEALTH,
      gracePeriodSeconds: 2_147_483,
      maxConsecutiveFailures: 2_147_483_647,
      intervalSeconds: 5,
    },
  });
  await lab.pass(300);
  lab.runner.results = { health: 0 };
  await lab.pass(10);
  lab.runner.results = { health: 20 };
  await lab.pass(30);
  assert.deepEqual(lab.states(id), ['TASK_STARTING', 'TASK_RUNNING']);
  assert.equal(lab.updates.at(-1)!.healthy, false);
});

test('command and twice the environment above 125 KiB: every task ends with status 7', async () => {
  const lab = await stage();
  const fits = lab.launch(HOST, { cmd: 'x'.repeat(100 * 1024), env: { A: 'y'.repeat(10 * 1024) } });
  const tooLong = lab.launch(HOST, { cmd: 'x'.repeat(100 * 1024), env: { A: 'y'.repeat(13 * 1024) } });
  await lab.pass(3);
  assert.equal(lab.states(fits).at(-1), 'TASK_RUNNING');
  assert.equal(lab.states(tooLong).at(-1), 'TASK_FAILED');
  assert.equal(
    lab.updates.findLast(({ taskId }) => taskId === tooLong)!.message,
    'Command exited with status 7',
  );
});

test('no command of a task that has ended is run any more', async () => {
  const lab = await stage();
  const id = lab.launch(HOST, { check: CHECK, healthCheck: HEALTH });
  await lab.pass(10);
  lab.runner.exit(id, 1);
  lab.runner.runs = [];
  await lab.pass(60);
  assert.deepEqual(lab.runner.runs, []);
  assert.equal(lab.clock.waiting, 0);
});
