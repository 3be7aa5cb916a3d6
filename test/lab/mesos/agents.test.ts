// How agents come and go, as measured: what the master lists, what becomes of their tasks, what Marathon is told.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isActive } from '../../../src/lab/mesos/agent.ts';
import { CHECK, stage, task } from './stage.ts';

const A = '10.0.1.11';
const P = '10.1.2.20';
const BOTH = [
  { host: A, public: false },
  { host: P, public: true },
];

test('public agents reserve everything for slave_public, and say public_ip', async () => {
  const { master } = await stage(BOTH);
  const offers = Object.fromEntries(master.offers().map((offer) => [offer.host, offer]));
  assert.deepEqual(Object.keys(offers[A]!.resources), ['*']);
  assert.deepEqual(Object.keys(offers[P]!.resources), ['slave_public']);
  assert.equal(offers[P]!.attributes.public_ip, 'true');
});

test('agents of other roles, full, deactivated or lost ones are not offered', async () => {
  const { master } = await stage([
    ...BOTH,
    { host: '10.0.1.12', public: false, reservedRole: 'kafka-role' },
    { host: '10.0.1.13', public: false },
    { host: '10.0.1.14', public: false },
    { host: '10.0.1.15', public: false, cpus: 0.05, mem: 16 },
  ]);
  master.deactivate(master.agentAt('10.0.1.13'));
  master.crashAgent('10.0.1.14');
  master.occupy('10.0.1.15', {
    cpus: 0.05,
    mem: 16,
    disk: 35_572,
    ports: master.agentAt('10.0.1.15').total.ports,
  });
  assert.deepEqual(
    master
      .offers()
      .map(({ host }) => host)
      .sort(),
    [A, P],
  );
});

test('what a task holds is not offered until it has ended', async () => {
  const { master, launch, pass, runner } = await stage();
  const id = launch(A, { cpus: 1, ports: [{ port: 2379, name: 'client' }] });
  const [offer] = master.offers();
  assert.equal(offer!.resources['*']!.cpus, 3);
  assert.ok(!offer!.resources['*']!.ports.some(([from, to]) => from <= 2379 && to >= 2379));
  await pass(3);
  runner.exit(id, 0);
  assert.equal(master.offers()[0]!.resources['*']!.cpus, 4);
});

test('a launch beyond what is free, or on an agent that went, is refused with a reason', async () => {
  const lab = await stage(BOTH);
  const offers = lab.master.offers();
  const on = (host: string) => offers.find((offer) => offer.host === host)!;
  lab.master.launch(on(A), { ...task('big'), agentId: on(A).agentId, cpus: 5 });
  lab.master.deactivate(lab.master.agentAt(P));
  lab.master.launch(on(P), { ...task('late'), agentId: on(P).agentId });
  await lab.pass(1);
  assert.deepEqual(
    lab.updates.map(({ taskId, state, reason }) => [taskId, state, reason]),
    [
      ['big', 'TASK_ERROR', 'REASON_TASK_INVALID'],
      ['late', 'TASK_DROPPED', 'REASON_INVALID_OFFERS'],
    ],
  );
});

test('a kill of a task that the master does not know is answered', async () => {
  const lab = await stage();
  lab.master.kill('nobody');
  await lab.pass(1);
  assert.equal(lab.updates[0]!.state, 'TASK_UNKNOWN');
});

test('a lost agent is inactive at once, its tasks run on; after the pings it is gone and they are unreachable', async () => {
  const lab = await stage(BOTH);
  const id = lab.launch(A, { check: CHECK });
  lab.runner.results = { check: 11 };
  await lab.pass(10);
  lab.master.crashAgent(A);
  assert.equal(isActive(lab.master.agentAt(A)), false);
  assert.equal(lab.master.registered().length, 2);
  assert.equal(lab.states(id).at(-1), 'TASK_RUNNING');
  lab.runner.results = { check: 0 };
  lab.clock.advance(299_000);
  assert.equal(lab.states(id).at(-1), 'TASK_RUNNING');
  lab.clock.advance(17_000);
  assert.deepEqual(
    lab.master.registered().map(({ host }) => host),
    [P],
  );
  const last = lab.updates.at(-1)!;
  assert.deepEqual(
    [last.state, last.reason, last.checkExitCode],
    ['TASK_UNREACHABLE', 'REASON_SLAVE_REMOVED', undefined],
  );
});

test('it comes back under its id 3 to 10 s after its return, its tasks running, with their last result', async () => {
  const lab = await stage();
  const id = lab.launch(A, { check: CHECK });
  lab.runner.results = { check: 11 };
  await lab.pass(10);
  const agentId = lab.master.agentAt(A).id;
  lab.master.crashAgent(A);
  lab.clock.advance(400_000);
  lab.runner.results = { check: 0 };
  await lab.pass(10);
  lab.master.returnAgent(A);
  lab.clock.advance(2900);
  assert.equal(lab.master.registered().length, 0);
  await lab.pass(8);
  assert.deepEqual(
    lab.master.registered().map((agent) => agent.id),
    [agentId],
  );
  assert.deepEqual([lab.updates.at(-1)!.state, lab.updates.at(-1)!.checkExitCode], ['TASK_RUNNING', 0]);
  assert.deepEqual(lab.states(id), ['TASK_STARTING', 'TASK_RUNNING', 'TASK_UNREACHABLE', 'TASK_RUNNING']);
});

test('what is told to a lost agent happens when it is back', async () => {
  const lab = await stage();
  const killed = lab.launch(A);
  const ended = lab.launch(A);
  await lab.pass(3);
  lab.master.crashAgent(A);
  lab.master.kill(killed);
  lab.runner.exit(ended, 5);
  await lab.pass(5);
  assert.deepEqual([lab.states(killed).at(-1), lab.states(ended).at(-1)], ['TASK_RUNNING', 'TASK_RUNNING']);
  lab.master.returnAgent(A);
  await lab.pass(12);
  assert.deepEqual([lab.states(killed).at(-1), lab.states(ended).at(-1)], ['TASK_KILLED', 'TASK_FAILED']);
});

test('a reboot: the same agent, its tasks failed', async () => {
  const lab = await stage();
  const id = lab.launch(A);
  await lab.pass(3);
  const before = lab.master.agentAt(A).id;
  await lab.master.rebootAgent(A);
  await lab.pass(12);
  assert.equal(lab.master.agentAt(A).id, before);
  assert.equal(lab.states(id).at(-1), 'TASK_FAILED');
  assert.deepEqual(lab.master.agentAt(A).free, lab.master.agentAt(A).total);
});

test('another agent at the same address: a new id, the old entry gone at once, its tasks lost', async () => {
  const lab = await stage();
  const id = lab.launch(A);
  await lab.pass(3);
  const before = lab.master.agentAt(A).id;
  await lab.master.replaceAgent(A);
  assert.equal(lab.states(id).at(-1), 'TASK_LOST');
  assert.equal(lab.master.registered().length, 1);
  assert.notEqual(lab.master.agentAt(A).id, before);
  assert.deepEqual(lab.runner.removed, [before]);
});

test('a drain kills, ends when the last task has ended, and cannot be taken back before', async () => {
  const lab = await stage();
  lab.runner.killTakesMs = 2000;
  const id = lab.launch(A, { killGraceSeconds: 10 });
  await lab.pass(3);
  const agent = lab.master.agentAt(A);
  lab.master.drain(agent, 4, false);
  assert.deepEqual(lab.runner.kills, [{ id, grace: 4 }]);
  assert.equal(agent.drain?.state, 'DRAINING');
  assert.equal(isActive(agent), false);
  await lab.pass(3);
  assert.equal(agent.drain?.state, 'DRAINED');
  assert.equal(lab.master.offers().length, 0);
  lab.master.reactivate(agent);
  assert.equal(lab.master.offers().length, 1);
});

test('an agent marked gone takes its tasks with it', async () => {
  const lab = await stage(BOTH);
  const id = lab.launch(A);
  await lab.pass(3);
  lab.master.markGone(lab.master.agentAt(A));
  assert.equal(lab.states(id).at(-1), 'TASK_GONE_BY_OPERATOR');
  assert.deepEqual(
    lab.master.registered().map(({ host }) => host),
    [P],
  );
  assert.throws(() => lab.master.agentAt(A), /No agent at 10.0.1.11/);
});

test('a failover: nobody, then agents that are only remembered, then all of them with their tasks', async () => {
  const lab = await stage(BOTH);
  const id = lab.launch(A, { check: CHECK });
  await lab.pass(3);
  lab.master.failover(8000, 20_000);
  assert.deepEqual(lab.master.offers(), []);
  lab.runner.results = { check: 12 };
  await lab.pass(8);
  assert.deepEqual([lab.master.registered().length, lab.master.recovered().length], [0, 0]);
  lab.clock.advance(500);
  assert.equal(lab.master.registered().length + lab.master.recovered().length, 2);
  assert.equal(
    [...lab.master.tasks()].length + lab.master.recovered().filter(({ host }) => host === A).length,
    1,
  );
  await lab.pass(30);
  assert.equal(lab.master.registered().length, 2);
  assert.deepEqual(
    [...lab.master.tasks()].map(({ info }) => info.id),
    [id],
  );
  assert.deepEqual([lab.updates.at(-1)!.state, lab.updates.at(-1)!.checkExitCode], ['TASK_RUNNING', 12]);
  assert.equal(lab.master.offers().length, 2);
});

test('the same seed gives the same ids, offers and times', async () => {
  const run = async () => {
    const lab = await stage(BOTH);
    lab.launch(A);
    lab.launch(P);
    await lab.pass(5);
    return JSON.stringify([lab.updates, lab.master.offers()]);
  };
  assert.equal(await run(), await run());
});
