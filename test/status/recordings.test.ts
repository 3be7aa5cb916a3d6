// What the real Marathons answered, read as a status.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MarathonGroup, MesosAgent } from '../../src/dcos/types.ts';
import { buildStatus } from '../../src/status/build.ts';
import { carrierOf } from '../../src/steps/app-definition.ts';
import { recordings } from '../conformance/recordings.ts';
import { agent } from './cluster.ts';

const ALL = new Map(
  ['marathon-1.11.24', 'marathon-1.7.216'].map((system) => [
    system,
    new Map(recordings(system).map((one) => [one.name, one.response.body as MarathonGroup])),
  ]),
);

/** The status, were all agents that have tasks listed but the given ones. */
function statusOf(system: string, name: string, unlisted: string[] = []) {
  const group = ALL.get(system)?.get(name);
  assert.ok(group, name);
  const tasks = group.apps.flatMap((app) => app.tasks ?? []);
  const hosts = new Map(tasks.map((task) => [task.host!, task.slaveId!]));
  const agents: MesosAgent[] = [...hosts]
    .filter(([host]) => !unlisted.includes(host))
    .map(([host, id]) => agent({ host, public: host.startsWith('10.0.2.'), mesos: { id } }));
  const version = system.replace('marathon-', '');
  const newest = tasks
    .map((task) => Date.parse(task.startedAt ?? task.stagedAt ?? ''))
    .filter((at) => at > 0);
  return buildStatus({
    agents,
    group,
    marathon: { version, carrier: carrierOf(version) },
    reports: new Map(),
    now: Math.max(...newest) + 30_000,
  });
}

const states = (status: ReturnType<typeof statusOf>) =>
  Object.fromEntries(status.agents.map(({ address, state }) => [address, state]));

test('1.11: all wait for their turn, then the canary is ready, one fails, all are ready', () => {
  const { agents, totals } = statusOf('marathon-1.11.24', '021-group-waiting-for-turns');
  assert.deepEqual(totals.byState, { waiting: 3 });
  assert.ok(agents.every(({ cells }) => cells.every(({ state }) => state === 'waiting for turn')));
  assert.equal(states(statusOf('marathon-1.11.24', '026-group-canary-ready'))['10.0.1.11'], 'ready');
  assert.deepEqual(states(statusOf('marathon-1.11.24', '028-group-one-failed')), {
    '10.0.1.12': 'failed',
    '10.0.1.11': 'ready',
    '10.0.2.20': 'waiting',
  });
  assert.deepEqual(statusOf('marathon-1.11.24', '030-group-all-ready').totals.byState, { ready: 3 });
});

test('1.11: an agent lost is unreachable, since about its last sign of life', () => {
  const status = statusOf('marathon-1.11.24', '072-group-agent-unreachable', ['10.0.1.12']);
  assert.equal(status.agents[0]?.address, '10.0.1.12');
  assert.equal(status.agents[0]?.state, 'unreachable');
  assert.match(status.agents[0]?.since ?? '', /^2026-11-24T03:5/);
});

test('1.11: Marathon rolled back is told from every other group that was recorded', () => {
  const rolledBack = [...ALL.get('marathon-1.11.24')!]
    .filter(
      ([, body]) => body && typeof body === 'object' && Array.isArray(body.apps) && body.apps.length > 0,
    )
    .filter(([name]) => statusOf('marathon-1.11.24', name).notes.some(({ code }) => code === 'rolled-back'))
    .map(([name]) => name);
  assert.deepEqual(rolledBack, [
    '070-group-rolled-back',
    '071-group-agent-down-3s',
    '072-group-agent-unreachable',
  ]);
});

test('1.11: a waiting deployment is seen', () => {
  const { notes } = statusOf('marathon-1.11.24', '046-group-waiting');
  assert.match(
    notes.find(({ code }) => code === 'deployment')?.text ?? '',
    /^Marathon's deployment 24337299-[0-9a-f-]+ waits for 1 agent$/,
  );
});

test('1.7: without a check only ready shows; what is not is still starting within the first minute', () => {
  assert.deepEqual(statusOf('marathon-1.7.216', '010-group-waiting-for-turns').totals.byState, {
    installing: 3,
  });
  assert.equal(states(statusOf('marathon-1.7.216', '013-group-canary-ready'))['10.0.1.11'], 'ready');
  assert.deepEqual(statusOf('marathon-1.7.216', '016-group-all-ready').totals.byState, { ready: 3 });
  const lost = statusOf('marathon-1.7.216', '026-group-one-lost');
  assert.equal(lost.totals.byState.ready, 2);
});
