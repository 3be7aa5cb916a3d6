// A simulated host behaves as the scripts do: order, turns, faults, and what the turn's task says of them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STEP_NAMES } from '../../../src/steps/state.ts';
import { host, stateOf, statusOf, version } from './stage.ts';

test('before it has looked, a step reports nothing', async () => {
  const { step, pass } = await host();
  const cni = step('cni');
  assert.equal(stateOf(cni), 'code 2');
  assert.equal(await cni.read('status.json'), undefined);
  pass(3);
  assert.equal(stateOf(cni), 'waiting for turn');
});

test('without a turn nothing changes; with one the steps go in their order until all are ready', async () => {
  const { step, turn, pass } = await host();
  const tasks = Object.fromEntries(STEP_NAMES.map((name) => [name, step(name)]));
  pass(600);
  const states = () => Object.fromEntries(STEP_NAMES.map((name) => [name, stateOf(tasks[name]!)]));
  assert.deepEqual(states(), {
    'etcd-proxy': 'waiting for turn',
    docker: 'waiting for step',
    cni: 'waiting for turn',
    libnetwork: 'waiting for step',
    node: 'waiting for step',
  });
  assert.deepEqual((await statusOf(tasks.node!)).needs, ['etcd-proxy', 'docker']);
  const grant = turn([...STEP_NAMES]);
  const seen = new Set<string>();
  for (let i = 0; i < 120; i++) {
    pass(1);
    seen.add(stateOf(tasks.docker!));
    if (stateOf(tasks.docker!) === 'working') assert.equal(stateOf(tasks['etcd-proxy']!), 'ready');
  }
  assert.deepEqual([...seen].sort(), ['ready', 'waiting for step', 'working']);
  assert.ok(Object.values(states()).every((state) => state === 'ready'));
  assert.equal(stateOf(grant), 'ready');
});

test('where Docker is left alone, what needs it goes on with the one that is there', async () => {
  const { step, turn, pass } = await host();
  const others = STEP_NAMES.filter((name) => name !== 'docker');
  const tasks = others.map((name) => step(name));
  turn(others);
  pass(200);
  assert.deepEqual([...new Set(tasks.map(stateOf))], ['ready']);
});

test('static endpoints need no proxy', async () => {
  const { step, pass } = await host();
  const docker = step('docker', { DCOS_CALICO_ETCD_ENDPOINTS: 'http://10.0.0.5:2379' });
  step('etcd-proxy');
  pass(5);
  assert.equal(stateOf(docker), 'waiting for turn');
});

test('what was set up stays so when its task is replaced, and changes only in a turn', async () => {
  const { step, turn, pass } = await host();
  const first = step('cni');
  turn(['cni']).kill(0);
  turn(['cni']);
  pass(60);
  assert.equal(stateOf(first), 'ready');
  first.kill(0);
  pass(2);
  const same = step('cni', {}, 5);
  pass(10);
  assert.equal(stateOf(same), 'ready');
});

test('a turn past its time allows nothing, and one that ends leaves work to be finished', async () => {
  const { step, turn, pass, exits } = await host();
  const proxy = step('etcd-proxy');
  const late = turn(['etcd-proxy'], { DCOS_CALICO_TURN_UNTIL: version(-1) });
  pass(30);
  assert.equal(stateOf(proxy), 'waiting for turn');
  late.kill(0);
  pass(6);
  const current = turn(['etcd-proxy']);
  while (stateOf(proxy) !== 'working') pass(1);
  current.kill(0);
  pass(30);
  assert.equal(stateOf(proxy), 'ready');
  assert.deepEqual(
    exits.map(({ signal }) => signal),
    ['SIGTERM', 'SIGTERM'],
  );
});

test('the older of two tasks stands back', async () => {
  const { step, turn, pass } = await host();
  const old = step('cni', { DCOS_CALICO_X: '1' }, 0);
  const young = step('cni', { DCOS_CALICO_X: '2' }, 10);
  turn(['cni']);
  pass(30);
  assert.deepEqual([stateOf(old), stateOf(young)], ['stands back', 'ready']);
  young.kill(0);
  // It is the only one now, and what it wants differs from what is there.
  const seen = new Set<string>();
  for (let i = 0; i < 40; i++) {
    pass(0.5);
    seen.add(stateOf(old));
  }
  assert.deepEqual([...seen].slice(-2), ['working', 'ready']);
});

test('a step that fails says its sentence, and the turn says whose it is', async () => {
  const sentence = 'Docker already uses zk://10.0.0.1:2181 as its store';
  const { step, turn, pass } = await host({ steps: { docker: { fail: sentence } } });
  const docker = step('docker');
  const grant = turn(['docker']);
  pass(30);
  assert.equal(stateOf(docker), 'failed');
  assert.equal((await statusOf(docker)).reason, sentence);
  assert.equal(stateOf(grant), 'failed');
  assert.equal((await statusOf(grant)).reason, `docker: ${sentence}`);
});

test('a failure after the work, twice, and then it goes well', async () => {
  const { step, turn, pass } = await host({
    steps: { cni: { failAfterWork: 'The download broke off', times: 2 } },
  });
  const cni = step('cni');
  turn(['cni']);
  const seen: string[] = [];
  for (let i = 0; i < 200; i++) {
    pass(0.5);
    if (seen.at(-1) !== stateOf(cni)) seen.push(stateOf(cni));
  }
  assert.deepEqual(seen.slice(-5), ['failed', 'working', 'failed', 'working', 'ready']);
});

test('a restart is pending until a turn allows it', async () => {
  const { step, turn, pass } = await host({ steps: { cni: { restart: 'Another store needs a restart' } } });
  const cni = step('cni');
  const change = turn(['cni']);
  pass(20);
  assert.deepEqual([stateOf(cni), stateOf(change)], ['restart pending', 'restart pending']);
  assert.deepEqual((await statusOf(cni)).needs, ['restart cni']);
  change.kill(0);
  pass(6);
  const restart = turn(['cni'], { DCOS_CALICO_TURN_ALLOWS: 'restart' });
  pass(60);
  assert.deepEqual([stateOf(cni), stateOf(restart)], ['ready', 'ready']);
});

test('a turn that has failed, or wants a restart, is over when no other step is at work, or after two minutes', async () => {
  for (const [fault, end] of [
    [{ fail: 'Another store' }, 'failed'],
    [{ restart: 'Another store needs a restart' }, 'restart pending'],
  ] as const) {
    for (const hang of [false, true]) {
      const { step, turn, pass } = await host({
        steps: { cni: fault, 'etcd-proxy': hang ? { hang: true } : { slow: 8 } },
      });
      const cni = step('cni');
      const proxy = step('etcd-proxy');
      const grant = turn(['cni', 'etcd-proxy']);
      pass(20);
      assert.deepEqual([stateOf(cni), stateOf(proxy), stateOf(grant)], [end, 'working', 'working']);
      let at = 20;
      for (; stateOf(grant) === 'working' && at < 600; at++) pass(1);
      assert.deepEqual([stateOf(grant), stateOf(proxy)], [end, hang ? 'working' : 'ready']);
      if (hang) assert.ok(at > 115 && at < 135, `${at} s`);
    }
  }
});

test('a host with another clock dates by it what it says, and holds its turn to it', async () => {
  const { step, turn, pass, clock } = await host({ clockAhead: 600 });
  const cni = step('cni');
  const late = turn(['cni'], { DCOS_CALICO_TURN_UNTIL: version(300) });
  pass(30);
  assert.equal(stateOf(cni), 'waiting for turn');
  const { checkedAt } = await statusOf(cni);
  assert.ok(Date.parse(checkedAt) > clock.now() + 500_000, checkedAt);
  late.kill(0);
  pass(6);
  turn(['cni'], { DCOS_CALICO_TURN_UNTIL: version(3600) });
  pass(30);
  assert.equal(stateOf(cni), 'ready');
});

test('slow and hanging steps', async () => {
  const { step, turn, pass, clock } = await host({
    steps: { cni: { slow: 100 }, 'etcd-proxy': { hang: true } },
  });
  const cni = step('cni');
  const proxy = step('etcd-proxy');
  turn(['cni', 'etcd-proxy']);
  pass(190);
  assert.deepEqual([stateOf(cni), stateOf(proxy)], ['working', 'working']);
  pass(400);
  assert.deepEqual([stateOf(cni), stateOf(proxy)], ['ready', 'working']);
  assert.equal(clock.waiting, 0);
});

test('drift comes by itself after a while', async () => {
  const { step, turn, pass } = await host({
    steps: { cni: { drift: { after: 100, reason: 'calico.cni is gone' } } },
  });
  const cni = step('cni');
  turn(['cni']);
  pass(60);
  assert.equal(stateOf(cni), 'ready');
  pass(60);
  assert.equal(stateOf(cni), 'drifted');
  assert.equal((await statusOf(cni)).reason, 'calico.cni is gone');
});

test('the turn waits for the settling time after all steps are ready', async () => {
  const { step, turn, pass } = await host();
  const cni = step('cni');
  const grant = turn(['cni'], { DCOS_CALICO_TURN_SETTLE_SECONDS: '60' });
  while (stateOf(cni) !== 'ready') pass(1);
  pass(50);
  assert.equal(stateOf(grant), 'working');
  pass(15);
  assert.equal(stateOf(grant), 'ready');
});

test('the turn counts no task older than the version that it names', async () => {
  const { step, turn, pass } = await host();
  step('cni', {}, 0);
  const grant = turn(['cni'], { DCOS_CALICO_TURN_STEPS: `cni=${version(10)}` });
  pass(60);
  assert.equal(stateOf(grant), 'working');
  assert.deepEqual((await statusOf(grant)).detail.steps, {
    cni: { state: 'no report', reason: 'Its task is not here yet' },
  });
});

test('absent: taken off in a turn, ready at once where there is nothing', async () => {
  const { step, turn, pass } = await host();
  const off = { DCOS_CALICO_MODE: 'absent' };
  const nothing = step('libnetwork', off);
  const cni = step('cni');
  const grant = turn(['cni']);
  pass(60);
  grant.kill(0);
  pass(6);
  const absent = step('cni', off, 10);
  pass(10);
  assert.deepEqual(
    [stateOf(nothing), stateOf(absent), stateOf(cni)],
    ['ready', 'waiting for turn', 'stands back'],
  );
  turn([]);
  pass(30);
  assert.equal(stateOf(absent), 'ready');
});

test('what is on a host stays when its agent gets a new id', async () => {
  const { runner, step, turn, start, pass } = await host();
  step('cni');
  turn(['cni']);
  pass(60);
  await runner.removeAgent('S0');
  await runner.addAgent({ id: 'S1', host: '10.0.1.11', public: false });
  const again = start(
    '/calico/cni',
    {
      DCOS_CALICO_MODE: 'present',
      DCOS_CALICO_ETCD_ENDPOINTS: 'http://localhost:2379',
      MARATHON_APP_VERSION: version(20),
    },
    { agentId: 'S1' },
  );
  pass(10);
  assert.equal(stateOf(again), 'ready');
});

test('others’ tasks sleep and exit as they say', async () => {
  const { start, pass, exits } = await host();
  start('/web', {}, { cmd: 'sleep 20' });
  start('/bad', {}, { cmd: 'echo no; exit 3' });
  start('/long', {}, { cmd: 'python3 -m http.server' });
  pass(10);
  assert.deepEqual(
    exits.map(({ id, code }) => [id, code]),
    [['/bad.2', 3]],
  );
  pass(15);
  assert.deepEqual(
    exits.map(({ id, code }) => [id, code]),
    [
      ['/bad.2', 3],
      ['/web.1', 0],
    ],
  );
});

test('a step whose work was done before the lab began finds its host as wanted, once', async () => {
  const { step, turn, pass } = await host({ done: ['cni'] });
  const cni = step('cni', { DCOS_CALICO_OPTION: 'one' });
  pass(3);
  assert.equal(stateOf(cni), 'ready');
  const changed = step('cni', { DCOS_CALICO_OPTION: 'another' }, 60);
  pass(10);
  assert.equal(stateOf(changed), 'waiting for turn', 'what is wanted later has yet to be done');
  turn(['cni']);
  pass(30);
  assert.equal(stateOf(changed), 'ready');
});
