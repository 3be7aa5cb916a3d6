import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makePrunePlan, type PruneInput } from '../../src/plan/prune.ts';
import type { KeptNode } from '../../src/steps/data/report.ts';
import { readCalicoData } from '../../src/steps/data/report.ts';
import { agent, app, task } from './cluster.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const DAY = 86_400_000;

function node(name: string, change: Partial<KeptNode> = {}): KeptNode {
  return { name, addresses: [name], blocks: [], endpoints: {}, seen: '2026-11-01T00:00:00Z', ...change };
}

function plan(nodes: KeptNode[], change: Partial<PruneInput> = {}) {
  const made = makePrunePlan({
    data: { nodes, pools: [], networks: [] },
    agents: [agent('10.0.1.11')],
    group: undefined,
    owed: [],
    now: NOW,
    olderThan: DAY,
    ...change,
  });
  return {
    gone: made.gone.map(({ name }) => name),
    kept: made.kept.map(({ name, reason }) => `${name}: ${reason}`),
    agents: made.agents,
  };
}

test('who is on record and known to nobody any more is told, but for those that are owed', () => {
  const made = makePrunePlan({
    data: { nodes: [], pools: [], networks: [] },
    agents: [agent('10.0.1.11')],
    group: { id: '/calico', apps: [app('cni', [task('cni', agent('10.0.1.12'), 0)])] },
    owed: ['10.0.1.14'],
    covered: ['10.0.1.11', '10.0.1.12', '10.0.1.13', '10.0.1.14'],
    now: NOW,
    olderThan: DAY,
  });
  assert.deepEqual(made.unlisted, ['10.0.1.13']);
});

test('what Mesos has no agent for is gone; what it lists stays, whatever its name', () => {
  assert.deepEqual(
    plan([
      node('10.0.1.11'),
      node('agent-12', { addresses: ['10.0.1.11'] }),
      node('10.0.9.10'),
      node('10.0.9.9'),
    ]),
    { gone: ['10.0.9.9', '10.0.9.10'], kept: [], agents: 2 },
  );
});

test('never one that is merely out of sight', () => {
  const lost = agent('10.0.9.9');
  const tasks = [task('node', lost, 0, { state: 'TASK_UNREACHABLE' })];
  assert.deepEqual(plan([node('10.0.9.9')], { group: { id: '/calico', apps: [app('node', tasks)] } }).kept, [
    '10.0.9.9: Marathon still waits for its tasks to come back',
  ]);
});

test('one that reported not long ago is alive, an agent or not', () => {
  const seen = '2026-11-24T02:00:00Z';
  assert.deepEqual(plan([node('router-1', { addresses: ['10.9.9.9'], seen })]).kept, [
    'router-1: its Felix reported not long ago',
  ]);
  assert.deepEqual(plan([node('router-1', { seen })], { olderThan: 3_600_000 }).gone, ['router-1']);
});

test('one that never reported is gone; one that Calico is still to be taken off is not', () => {
  assert.deepEqual(plan([node('10.0.9.9', { seen: '' })]).gone, ['10.0.9.9']);
  assert.deepEqual(plan([node('10.0.9.9')], { owed: ['10.0.9.9'] }).kept, [
    '10.0.9.9: Calico is still to be taken off it',
  ]);
});

test('a report from a host is read for what it is', () => {
  assert.equal(readCalicoData('no JSON'), undefined);
  assert.equal(readCalicoData('{"nodes": 3}'), undefined);
  assert.deepEqual(
    readCalicoData(
      '{"nodes": [{"name": "a", "blocks": [{"cidr": 1, "used": "x"}], "endpoints": {"cni": 2}}, {"name": 5}, null], "networks": [{}]}',
    ),
    {
      nodes: [{ name: 'a', addresses: [], blocks: [{ cidr: '', used: 0 }], endpoints: { cni: 2 }, seen: '' }],
      pools: [],
      networks: [],
    },
  );
});
