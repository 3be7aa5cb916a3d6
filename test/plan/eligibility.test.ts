import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MesosAgent } from '../../src/dcos/types.ts';
import type { RolloutOptions } from '../../src/options/types.ts';
import { agentType } from '../../src/plan/agent-type.ts';
import { eligibility } from '../../src/plan/eligibility.ts';
import { agent, app, PORTS, publicAgent, task } from './cluster.ts';

const options = { rollout: { exclude: [] as string[] } as unknown as RolloutOptions };
const apps = [
  { ...app('etcd-proxy', []), portDefinitions: [{ port: 2379, protocol: 'tcp' as const, name: 'etcd' }] },
  app('docker', []),
  app('turn', []),
];
const reason = (one: MesosAgent, tasks = [] as ReturnType<typeof task>[]) =>
  eligibility(one, apps, options, tasks).reason;

test('private and public agents with room are eligible', () => {
  assert.deepEqual(eligibility(agent('10.0.1.11'), apps, options), { eligible: true });
  assert.deepEqual(eligibility(publicAgent('10.0.2.20'), apps, options), { eligible: true });
  assert.equal(agentType(agent('10.0.1.11')), 'private');
  assert.equal(agentType(publicAgent('10.0.2.20')), 'public');
  assert.equal(agentType(publicAgent('10.0.2.20', { attributes: {} })), 'public');
});

test('each reason not to be eligible', () => {
  const excluding = { rollout: { ...options.rollout, exclude: ['10.0.1.11'] } };
  assert.equal(eligibility(agent('10.0.1.11'), apps, excluding).kind, 'excluded');
  assert.equal(reason(agent('10.0.1.11', { attributes: { OS: 'Windows 10' } })), 'a Windows agent');
  assert.equal(reason(agent('10.0.1.11', { drain_info: { state: 'DRAINING' } })), 'draining');
  assert.equal(
    reason(agent('10.0.1.11', { drain_info: { state: 'DRAINED' }, deactivated: true, active: false })),
    'drained, and not reactivated',
  );
  assert.equal(reason(agent('10.0.1.11', { deactivated: true, active: false })), 'deactivated');
  assert.match(reason(agent('10.0.1.11', { active: false }))!, /^inactive/);
});

test('reserved to another role', () => {
  const whole = agent('10.0.1.11').resources;
  const reserved = agent('10.0.1.11', {
    reserved_resources: { kafka: whole },
    unreserved_resources: { cpus: 0, mem: 0, disk: 0 },
  });
  assert.equal(eligibility(reserved, apps, options).kind, 'reserved');
  assert.match(reason(reserved)!, /role kafka$/);
});

test('no room names the resource, what is needed and what is free', () => {
  const full = agent('10.0.1.11', { used_resources: { cpus: 3.97, mem: 4090, disk: 0 } });
  assert.equal(reason(full), 'no room: 0.06 CPU needed, 0.03 free; 96 MiB of memory needed, 6 free');
});

test('what our own tasks hold is not asked for again', () => {
  const full = agent('10.0.1.11', {
    used_resources: { cpus: 3.98, mem: 4064, disk: 0, ports: '[2379-2379]' },
  });
  assert.equal(eligibility(full, apps, options).kind, 'no room');
  const ours = ['etcd-proxy', 'docker'].map((step) => task(step, full, 0));
  assert.deepEqual(eligibility(full, apps, options, ours), { eligible: true });
});

test('port 2379 held by another task, or not offered at all', () => {
  const taken = agent('10.0.1.11', { used_resources: { cpus: 0, mem: 0, disk: 0, ports: '[2379-2379]' } });
  assert.equal(reason(taken), 'no room: port 2379 is not free');
  const narrow = { cpus: 4, mem: 4096, disk: 0, ports: '[5052-8079]' };
  assert.equal(
    reason(agent('10.0.1.11', { unreserved_resources: narrow })),
    'no room: port 2379 is not free',
  );
});

test('what other roles use of their own is not taken from ours', () => {
  const kafka = { cpus: 2, mem: 2048, disk: 0 };
  const base = {
    reserved_resources: { kafka },
    unreserved_resources: { cpus: 2, mem: 2048, disk: 100, ports: PORTS },
    used_resources: { cpus: 2, mem: 2048, disk: 0 },
  };
  assert.deepEqual(eligibility(agent('10.0.1.11', base), apps, options), { eligible: true });
  const told = agent('10.0.1.11', {
    ...base,
    used_resources_full: [
      { name: 'cpus', role: '*', scalar: { value: 1.99 } },
      { name: 'cpus', role: 'kafka', scalar: { value: 0.01 } },
    ],
  });
  assert.equal(reason(told), 'no room: 0.06 CPU needed, 0.01 free');
});

test('float noise does not make an agent full', () => {
  const exact = agent('10.0.1.11', { used_resources: { cpus: 4 - 0.06 + 1e-12, mem: 0, disk: 0 } });
  assert.deepEqual(eligibility(exact, apps, options), { eligible: true });
});
