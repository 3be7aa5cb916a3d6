import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MarathonGroup } from '../../src/dcos/types.ts';
import { GroupTasks } from '../../src/plan/agent-state.ts';
import { type PlacesLook, placesOf } from '../../src/rollout/places.ts';

const VERSION = '2026-11-24T03:00:00.000Z';

/** The app of `cni`, with a task on each of these agents. */
function tasksOn(agents: readonly string[], instances: number): GroupTasks {
  const tasks = agents.map((slaveId) => ({
    id: `cni.${slaveId}`,
    appId: '/calico/cni',
    state: 'TASK_RUNNING',
    slaveId,
    version: VERSION,
  }));
  const app = { id: '/calico/cni', version: VERSION, instances, env: {}, tasks };
  return new GroupTasks({ id: '/calico', apps: [app], groups: [] } as unknown as MarathonGroup);
}

const stray = { agent: { id: 'S', host: '10.0.1.99', type: 'private' as const }, steps: ['cni' as const] };

function look(agents: readonly string[], instances: number, more: Partial<PlacesLook>) {
  const given = { steps: ['cni' as const], toCome: [], planned: ['A', 'B', 'X'], strays: [stray], ...more };
  return placesOf({ tasks: tasksOn(agents, instances), ...given }).settle;
}

test('a place that nothing filled is taken back once, and never that of an agent that is out of sight for now', () => {
  assert.deepEqual(look(['A', 'B'], 4, {}), [{ step: 'cni', instances: 3 }]);
  assert.deepEqual(look(['A', 'B'], 3, {}), []);
});

test('a place that was filled elsewhere is made anew', () => {
  assert.deepEqual(look(['A', 'S'], 2, { planned: ['A', 'B'], toCome: ['B'] }), [
    { step: 'cni', instances: 3 },
  ]);
});
