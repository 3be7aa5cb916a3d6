// Agents on which a task that is replaced by a larger one would find no room.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AppDefinition, MarathonGroup } from '../../src/dcos/types.ts';
import { tightAgents } from '../../src/plan/tight.ts';
import type { AppChange } from '../../src/plan/types.ts';
import { agent } from './cluster.ts';

const CHANGE: AppChange = {
  step: 'node',
  how: 'replace',
  mode: 'present',
  from: 2,
  to: 2,
  fields: ['cpus'],
  replaced: 2,
};

/** Two agents with a task of node each, of which the first has so many CPUs in use in all. */
function cluster(used: number) {
  const agents = ['10.0.1.11', '10.0.1.12'].map((host, index) => {
    const one = agent(host);
    const cpus = index === 0 ? used : 0.5;
    return { ...one, used_resources: { ...one.used_resources, cpus }, used_resources_full: undefined };
  });
  const tasks = agents.map(({ id, hostname }) => ({
    id: `calico_node.${hostname}`,
    appId: '/calico/node',
    host: hostname,
    slaveId: id,
    state: 'TASK_RUNNING' as const,
    version: '1',
  }));
  const app = { id: '/calico/node', cpus: 0.2, mem: 256, instances: 2, version: '1', tasks };
  const group = { id: '/calico', apps: [app] } as unknown as MarathonGroup;
  return { agents: agents as unknown as ReturnType<typeof agent>[], group };
}

function put(cpus: number) {
  return { id: '/calico', apps: [{ id: 'node', cpus, mem: 256 } as AppDefinition] };
}

test('what the old task gives back counts', () => {
  const { agents, group } = cluster(3.9);
  assert.deepEqual(tightAgents({ put: put(0.3), changes: [CHANGE] }, agents, group), []);
  assert.deepEqual(tightAgents({ put: put(0.5), changes: [CHANGE] }, agents, group), [
    { host: '10.0.1.11', reason: 'node takes 0.5 CPU, and 0.3 are free once the old one has ended' },
  ]);
});

test('what is not replaced needs no room', () => {
  const { agents, group } = cluster(4);
  assert.deepEqual(tightAgents({ put: put(0.5), changes: [] }, agents, group), []);
  assert.deepEqual(tightAgents({ changes: [CHANGE] }, agents, group), []);
});
