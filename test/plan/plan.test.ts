import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MarathonDeployment } from '../../src/dcos/types.ts';
import { makePlan } from '../../src/plan/plan.ts';
import type { PlanInput } from '../../src/plan/types.ts';
import { ModelCluster } from '../rollout/model.ts';
import { runOnModel } from '../rollout/run-model.ts';
import { agent, app } from './cluster.ts';

const cluster = (change = {}, faults = {}) => {
  const one = new ModelCluster({ private: 5, public: 1, faults });
  Object.assign(one.options.rollout, change);
  return one;
};

const installed = () => {
  const one = cluster();
  runOnModel(one, one.plan());
  return one;
};

const planWith = (one: ModelCluster, change: Partial<PlanInput>) => makePlan({ ...one.input(), ...change });

test('a first install creates the options and an app a step, one task an agent', () => {
  const plan = cluster().plan();
  assert.equal(plan.kind, 'install');
  assert.equal(plan.put?.enforceRole, false);
  assert.deepEqual(
    plan.put?.apps.map(({ id, instances }) => [id, instances]),
    [
      ['options', 0],
      ['etcd-proxy', 6],
      ['docker', 6],
      ['cni', 6],
      ['libnetwork', 6],
      ['node', 6],
    ],
  );
  assert.equal(plan.numbers.tasksStarted, 30);
  assert.equal(plan.numbers.hostsChanged, 6);
});

test('a Marathon that knows no roles is not told of any', () => {
  const plan = planWith(cluster(), { marathon: { version: '1.7.216', carrier: 'health' } });
  assert.equal(plan.put && 'enforceRole' in plan.put, false);
});

test('no option reaches an app but by its environment, and the root of the lab never does', () => {
  const plan = cluster().plan();
  for (const { env } of plan.put!.apps) assert.ok(!('DCOS_CALICO_ROOT' in env));
});

test('an excluded address that no agent has is told: the agent that was meant is not held back', () => {
  const one = cluster();
  one.options.rollout.exclude.push('10.0.1.11', '10.0.1.111');
  const told = one.plan().warnings.filter((warning) => warning.includes('excluded'));
  assert.deepEqual(told, [
    '10.0.1.111 is excluded, but Mesos lists no agent of that address: nothing is held back by it.',
  ]);
});

test('steps that are switched off have no app', () => {
  const one = cluster();
  one.options.libnetwork.enable = false;
  one.options.etcd['run-proxy'] = false;
  assert.deepEqual(one.plan().steps, ['docker', 'cni', 'node']);
});

test('the canary is one of each type by default, a list as named, and none for 0', () => {
  const kinds = (change: object) => {
    const waves = cluster(change)
      .plan()
      .waves.filter(({ kind }) => kind === 'canary');
    return waves.flatMap(({ agents }) => agents.map(({ host }) => host));
  };
  assert.deepEqual(kinds({}), ['10.0.1.11', '10.0.1.16']);
  assert.deepEqual(kinds({ canary: 2 }), ['10.0.1.11', '10.0.1.12', '10.0.1.16']);
  assert.deepEqual(kinds({ canary: ['10.0.1.13'] }), ['10.0.1.13']);
  assert.deepEqual(kinds({ canary: 0 }), []);
});

test('a canary larger than what may change at a time is several waves', () => {
  const plan = cluster({ canary: 2, 'max-concurrent': 2 }).plan();
  assert.deepEqual(
    plan.waves.map(({ kind, agents }) => [kind, agents.length]),
    [
      ['canary', 2],
      ['canary', 1],
      ['rollout', 2],
      ['rollout', 1],
    ],
  );
});

test('agents that had failed before get another try at the end', () => {
  const one = cluster({ 'max-failures': 0 }, { 1: 'fails' });
  runOnModel(one, one.plan());
  for (const app of one.apps)
    for (const task of app.tasks ?? [])
      if (task.host === '10.0.1.12') task.checkResult = { command: { exitCode: 20 } };
  const plan = one.plan();
  assert.deepEqual(
    plan.waves.map(({ kind, agents }) => [kind, agents.map(({ host }) => host)]),
    [['retry', ['10.0.1.12']]],
  );
});

test('an instance whose address belongs to another agent is given free, one merely unreachable is not', () => {
  const one = installed();
  const [first, second] = one.agents;
  one.agents[0] = { mesos: agent(first!.mesos.hostname, { id: 'S-new' }), done: false };
  one.agents.splice(1, 1);
  for (const app of one.apps)
    for (const task of app.tasks ?? [])
      if (task.slaveId === first!.mesos.id || task.slaveId === second!.mesos.id)
        task.state = 'TASK_UNREACHABLE';
  const plan = one.plan();
  assert.deepEqual(
    new Set(plan.freed.map(({ reason }) => reason)),
    new Set(['10.0.1.11 is another agent now']),
  );
  assert.equal(plan.freed.length, 5);
  assert.deepEqual(
    plan.leftOut.map(({ agent: { host }, kind }) => [host, kind]),
    [
      ['10.0.1.11', 'unreachable'],
      ['10.0.1.12', 'unreachable'],
    ],
  );
  assert.equal(plan.changes.length, 0, 'the places that are given free are taken by the new agent');
  assert.deepEqual(
    plan.waves.flatMap(({ agents }) => agents.map(({ id }) => id)),
    ['S-new'],
  );
});

test('an agent that left for good gives its place up: instances only', () => {
  const one = installed();
  const gone = one.agents.pop()!;
  for (const app of one.apps) app.tasks = app.tasks!.filter(({ slaveId }) => slaveId !== gone.mesos.id);
  const plan = one.plan();
  assert.equal(plan.kind, 'cover');
  assert.ok(plan.changes.every(({ how, from, to }) => how === 'scale' && from === 6 && to === 5));
  assert.equal(plan.waves.length, 0);
});

const deployment = (change: Partial<MarathonDeployment>): MarathonDeployment => ({
  id: 'd1',
  version: '2026-11-24T03:00:00.000Z',
  affectedApps: ['/calico/node', '/calico/docker'],
  currentActions: [{ action: 'ScaleApplication', app: '/calico/node' }],
  currentStep: 1,
  totalSteps: 1,
  ...change,
});

test('our own waiting deployment is superseded, a lock of somebody else stops the plan', () => {
  const one = installed();
  one.join(false);
  const own = planWith(one, { deployments: [deployment({})] });
  assert.deepEqual([own.kind, own.supersedes], ['cover', ['d1']]);
  const wider = planWith(one, { deployments: [deployment({ affectedApps: ['/calico/node', '/shop'] })] });
  assert.equal(wider.refusal?.code, 'locked');
  const deleting = deployment({ currentActions: [{ action: 'StopApplication', app: '/calico/node' }] });
  assert.equal(planWith(one, { deployments: [deleting] }).refusal?.code, 'locked');
  assert.equal(planWith(one, { deployments: [deployment({ affectedApps: ['/shop'] })] }).kind, 'cover');
});

test('an agent that no longer answers is not ready by what its tasks said last', () => {
  const one = installed();
  const agents = one.input().agents.map((each, index) => (index === 0 ? { ...each, active: false } : each));
  const plan = planWith(one, { agents });
  assert.equal(plan.kind, 'nothing');
  assert.equal(plan.ready.length, 5);
  assert.deepEqual(
    plan.leftOut.map(({ kind }) => kind),
    ['inactive'],
  );
});

test('where nothing is written no lock is in the way', () => {
  const plan = planWith(installed(), {
    deployments: [deployment({ affectedApps: ['/calico/node', '/shop'] })],
  });
  assert.equal(plan.kind, 'nothing');
});

test('each refusal', () => {
  const one = cluster();
  assert.equal(planWith(one, { agents: [] }).refusal?.code, 'no-agents');
  const off = one.agents.map(({ mesos }) => ({ ...mesos, active: false, deactivated: true }));
  assert.equal(planWith(one, { agents: off }).refusal?.code, 'no-eligible-agents');
  assert.equal(cluster({ canary: ['10.9.9.9'] }).plan().refusal?.code, 'unknown-agent');
  const foreign = { id: '/calico', apps: [app('shop', [])] };
  assert.equal(planWith(one, { group: foreign }).refusal?.code, 'foreign-group');
  const lost = { id: '/calico', apps: [app('node', [])] };
  assert.equal(planWith(one, { group: lost }).refusal?.code, 'options-lost');
  const done = installed();
  done.apps.push(app('shop', []));
  assert.equal(done.plan().refusal?.code, 'foreign-app');
});

test('an empty group that was left behind is no obstacle', () => {
  assert.equal(planWith(cluster(), { group: { id: '/calico', apps: [], groups: [] } }).kind, 'install');
});

test('a rollback in the UI is put back, and its tasks count for nothing until then', () => {
  const one = installed();
  const node = one.apps.find(({ id }) => id === '/calico/node')!;
  node.env = { ...node.env, DCOS_CALICO_IPIP: 'always' };
  const plan = one.plan();
  assert.equal(plan.kind, 'put back');
  assert.deepEqual(
    plan.changes.map(({ step, how, fields, replaced }) => [step, how, fields, replaced]),
    [['node', 'replace', ['env.DCOS_CALICO_IPIP'], 6]],
  );
  assert.equal(plan.ready.length, 0);
});

test('checksums that nobody measured are said', () => {
  const warnings = cluster().plan().warnings.join('\n');
  const { artifacts } = cluster().options;
  const unknown = (['etcd', 'calico', 'calico-ipam'] as const).filter(
    (name) => artifacts[name].sha256 === '',
  );
  for (const name of unknown) assert.match(warnings, new RegExp(`No checksum is known for .*${name}`));
  assert.doesNotMatch(installed().plan().warnings.join('\n'), /checksum/);
});

test('the same input gives the same plan', () => {
  assert.deepEqual(cluster().plan(), cluster().plan());
});
