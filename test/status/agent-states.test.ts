// Every state that an agent can be in, each with its reason.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildStatus } from '../../src/status/build.ts';
import type { AgentRow } from '../../src/status/model.ts';
import { type AgentWords, type ClusterWords, clusterRead, NOW } from './cluster.ts';

const HOST = '10.0.1.11';

function rowOf(words: Partial<AgentWords>, cluster: Partial<ClusterWords> = {}): AgentRow {
  const status = buildStatus(clusterRead({ agents: [{ host: HOST, ...words }], ...cluster }));
  const row = status.agents.find(({ address }) => address === HOST);
  assert.ok(row, 'the agent has a row');
  return row;
}

function says(row: AgentRow, state: AgentRow['state'], reason: string): void {
  assert.deepEqual([row.state, row.reason], [state, reason]);
}

const full = { used_resources: { cpus: 3.9, mem: 4090, disk: 0 } };

const cases: [
  what: string,
  words: Partial<AgentWords>,
  cluster: Partial<ClusterWords>,
  state: AgentRow['state'],
  reason: string,
][] = [
  ['all steps ready', {}, {}, 'ready', ''],
  [
    'a failed step',
    {
      steps: { docker: 'failed', node: 'waiting for step' },
      reasons: { docker: 'Docker already uses zk://10.0.0.1:2181 as its store' },
    },
    {},
    'failed',
    'Docker already uses zk://10.0.0.1:2181 as its store',
  ],
  ['a failed step that was not asked', { steps: { docker: 'failed' } }, {}, 'failed', 'docker'],
  [
    'a drifted step',
    { steps: { cni: 'drifted' }, reasons: { cni: 'calico.cni was changed by hand' } },
    {},
    'drifted',
    'calico.cni was changed by hand',
  ],
  [
    'native Calico: all stand back',
    { steps: 'stands back', reasons: { node: 'x', 'etcd-proxy': 'DC/OS runs its own Calico on this agent' } },
    {},
    'stands back',
    'DC/OS runs its own Calico on this agent',
  ],
  [
    'a pending restart',
    {
      steps: { docker: 'restart pending' },
      reasons: { docker: 'Docker uses another store until it is restarted' },
    },
    {},
    'restart pending',
    'Docker uses another store until it is restarted',
  ],
  [
    'failure before pending restart',
    { steps: { docker: 'restart pending', node: 'failed' } },
    {},
    'failed',
    'node',
  ],
  ['silent for long', { steps: { node: 'silent' } }, {}, 'no report', 'node: its task says nothing'],
  [
    'silent for long, all',
    { steps: 'silent' },
    {},
    'no report',
    'etcd-proxy and 4 more: its task says nothing',
  ],
  ['started just now', { steps: { node: 'just started' } }, {}, 'installing', ''],
  ['being started by Mesos', { steps: { node: 'staging' } }, {}, 'installing', ''],
  [
    'working',
    { steps: { node: 'working' }, reasons: { node: 'pulls quay.io/calico/node:v2.6.12' } },
    {},
    'installing',
    'pulls quay.io/calico/node:v2.6.12',
  ],
  [
    'an older version still runs',
    { steps: { node: 'old' } },
    {},
    'installing',
    'an older version of the task runs until Marathon has replaced it',
  ],
  ['waits for its turn', { steps: 'waiting for turn' }, {}, 'waiting', 'waits for its turn'],
  [
    'waits for a step',
    { steps: { libnetwork: 'waiting for step' }, reasons: { libnetwork: 'waits for docker' } },
    {},
    'waiting',
    'waits for docker',
  ],
  [
    'has its turn',
    { steps: 'waiting for turn' },
    { turn: { agents: [HOST] } },
    'installing',
    'its turn has begun',
  ],
  [
    'another one has the turn',
    { steps: 'waiting for turn' },
    { turn: { agents: ['10.0.1.12'] } },
    'waiting',
    'waits for its turn',
  ],
  [
    'no room',
    { steps: 'none', mesos: full },
    {},
    'no room',
    '0.54 CPU needed, 0.1 free; 704 MiB of memory needed, 6 free',
  ],
  [
    'no room for one step',
    { steps: { node: 'none' }, mesos: full },
    {},
    'no room',
    '0.2 CPU needed, 0.1 free; 256 MiB of memory needed, 6 free',
  ],
  [
    'no room for one step, and the others there for nothing',
    {
      steps: {
        'etcd-proxy': 'waiting for turn',
        docker: 'waiting for step',
        cni: 'waiting for turn',
        libnetwork: 'staging',
        node: 'none',
      },
      mesos: full,
    },
    {},
    'no room',
    '0.2 CPU needed, 0.1 free; 256 MiB of memory needed, 6 free (etcd-proxy, docker, cni, libnetwork: the tasks there do nothing until there is)',
  ],
  [
    'no room for its turn alone',
    { steps: 'waiting for turn', mesos: { used_resources: { cpus: 3.99, mem: 4090, disk: 0 } } },
    {},
    'no room',
    '0.02 CPU needed, 0.01 free; 32 MiB of memory needed, 6 free, for its turn',
  ],
  [
    'its turn has begun, and nothing is left besides',
    { steps: 'waiting for turn', mesos: { used_resources: { cpus: 4, mem: 4096, disk: 0 } } },
    { turn: { agents: [HOST] } },
    'installing',
    'its turn has begun',
  ],
  [
    'no port 2379',
    { steps: 'none', mesos: { unreserved_resources: { cpus: 4, mem: 4096, disk: 0, ports: '[3000-4000]' } } },
    {},
    'no room',
    'port 2379 is not free',
  ],
  [
    'all reserved to another role',
    {
      steps: 'none',
      mesos: {
        unreserved_resources: { cpus: 0, mem: 0, disk: 0 },
        reserved_resources: { 'kafka-role': { cpus: 4, mem: 4096, disk: 0 } },
      },
    },
    {},
    'no room',
    'all its resources are reserved to the role kafka-role',
  ],
  [
    'deactivated without tasks',
    { steps: 'none', mesos: { active: false, deactivated: true } },
    {},
    'deactivated',
    '',
  ],
  ['deactivated with all ready', { mesos: { active: false, deactivated: true } }, {}, 'ready', 'deactivated'],
  ['draining', { steps: 'none', mesos: { drain_info: { state: 'DRAINING' } } }, {}, 'draining', ''],
  [
    'drained',
    { steps: 'none', mesos: { active: false, deactivated: true, drain_info: { state: 'DRAINED' } } },
    {},
    'deactivated',
    'drained, and not reactivated',
  ],
  [
    'Mesos agent dead',
    { mesos: { active: false } },
    {},
    'inactive',
    'its Mesos agent does not answer; the steps show what was last known',
  ],
  [
    'Mesos agent dead, no tasks',
    { steps: 'none', mesos: { active: false } },
    {},
    'inactive',
    'its Mesos agent does not answer',
  ],
  [
    'excluded',
    { steps: 'none' },
    {
      options: (options) => {
        options.rollout.exclude = [HOST];
      },
    },
    'excluded',
    '',
  ],
  [
    'excluded, but Calico is there',
    {},
    {
      options: (options) => {
        options.rollout.exclude = [HOST];
      },
    },
    'ready',
    'excluded by the options, but Calico is there',
  ],
  ['Windows', { steps: 'none', mesos: { attributes: { os: 'Windows Server 2019' } } }, {}, 'windows', ''],
  [
    'joined since',
    { steps: 'none', mesos: { registered_time: NOW / 1000 - 60 } },
    {},
    'not covered',
    'joined since',
  ],
  ['no tasks, though there from the start', { steps: 'none' }, {}, 'not covered', 'no tasks'],
  ['one task missing', { steps: { cni: 'none', node: 'none' } }, {}, 'not covered', 'no task of cni, node'],
  [
    'Marathon has yet to place its tasks',
    { steps: 'none' },
    { instances: 1, scaledAt: new Date(NOW - 60_000).toISOString() },
    'installing',
    'Marathon has yet to start its tasks',
  ],
  [
    'Marathon places one task anew',
    { steps: { node: 'none' } },
    { instances: 1, scaledAt: new Date(NOW - 60_000).toISOString() },
    'installing',
    'Marathon has yet to start node',
  ],
  [
    'Marathon has had long enough to place them',
    { steps: 'none' },
    { instances: 1 },
    'not covered',
    'Marathon has not started its tasks for 15 min',
  ],
  ['unreachable', { steps: 'unreachable', unlisted: true }, {}, 'unreachable', 'Mesos has lost sight of it'],
  ['unreachable, still listed', { steps: 'unreachable' }, {}, 'unreachable', 'Mesos has lost sight of it'],
  ['not listed while its tasks run', { unlisted: true }, {}, 'unreachable', 'Mesos does not list it'],
  ['being taken off', { steps: { node: 'working' } }, { mode: 'absent' }, 'removing', ''],
  ['taken off', {}, { mode: 'absent' }, 'removed', ''],
];

for (const [what, words, cluster, state, reason] of cases)
  test(`${state}: ${what}`, () => says(rowOf(words, cluster), state, reason));

test('on Marathon < 1.8 a step that is not ready says nothing; its own report tells what it is', () => {
  const old = { marathonVersion: '1.7.216' };
  says(
    rowOf({ steps: { docker: 'failed' } }, old),
    'no report',
    'docker: Marathon 1.7.216 shows only what is ready',
  );
  says(
    rowOf({ steps: { docker: 'failed' }, reasons: { docker: 'daemon.json is not JSON' } }, old),
    'failed',
    'daemon.json is not JSON',
  );
  says(rowOf({}, old), 'ready', '');
});

test('a report that is newer than the check is believed, except that ready is only ever counted from the check', () => {
  const read = clusterRead({ agents: [{ host: HOST, steps: { node: 'failed' }, reasons: { node: 'x' } }] });
  const [[id, report]] = [...read.reports] as [[string, NonNullable<ReturnType<typeof read.reports.get>>]];
  const at = (state: typeof report.state) =>
    buildStatus({ ...read, reports: new Map([[id, { ...report, state, reason: 'newer' }]]) }).agents[0]!;
  says(at('drifted'), 'drifted', 'newer');
  says(at('ready'), 'failed', 'node');
});

test('a task that ended says how; Marathon starts it again', () => {
  const row = rowOf(
    { steps: { node: 'dead' } },
    {
      change: (group) => {
        const app = group.apps.find(({ id }) => id.endsWith('node'))!;
        app.lastTaskFailure = {
          appId: app.id,
          host: HOST,
          message: 'Command exited with status 7',
          slaveId: null,
          state: 'TASK_FAILED',
          taskId: 'x',
          timestamp: new Date(NOW - 30_000).toISOString(),
          version: app.version,
        };
      },
    },
  );
  says(row, 'failed', 'node: its task ended: Command exited with status 7');
});

test('an instance whose address now has another agent is gone, and both have their row', () => {
  const read = clusterRead({ agents: [{ host: HOST }] });
  const status = buildStatus({ ...read, agents: [{ ...read.agents[0]!, id: 'NEW-S9' }] });
  assert.deepEqual(
    status.agents.map(({ address, id, state }) => [address, id === 'NEW-S9', state]),
    [
      [HOST, false, 'gone'],
      [HOST, true, 'not covered'],
    ],
  );
  assert.equal(status.agents[0]!.reason, `the agent at ${HOST} is another one now (NEW-S9)`);
});

test('the newest of two tasks of one step counts while Marathon replaces', () => {
  const row = rowOf(
    {},
    {
      change: (group) => {
        const app = group.apps.find(({ id }) => id.endsWith('node'))!;
        const [task] = app.tasks!;
        app.tasks!.push({
          ...task!,
          id: 'older',
          version: '2026-11-23T00:00:00.000Z',
          checkResult: { command: { exitCode: 30 } },
        });
      },
    },
  );
  says(row, 'ready', '');
});

test('without the group, or with nothing in it, Calico is not installed', () => {
  const read = clusterRead({ agents: [{ host: HOST }] });
  for (const group of [undefined, { id: '/calico', apps: [] }]) {
    const status = buildStatus({ ...read, group });
    assert.equal(status.calico, 'not installed');
    assert.deepEqual(status.agents, []);
  }
});

test('a step that is off has no column; one whose app is gone keeps it', () => {
  const off = (options: Parameters<NonNullable<ClusterWords['options']>>[0]) => {
    options.libnetwork.enable = false;
  };
  const without = buildStatus(clusterRead({ agents: [{ host: HOST }], options: off }));
  assert.deepEqual(
    without.steps.map(({ name }) => name),
    ['etcd-proxy', 'docker', 'cni', 'node'],
  );
  const gone = buildStatus(
    clusterRead({
      agents: [{ host: HOST }],
      change: (group) => {
        group.apps = group.apps.filter(({ id }) => !id.endsWith('/cni'));
      },
    }),
  );
  assert.equal(gone.steps.length, 5);
  says(gone.agents[0]!, 'not covered', 'no task of cni');
});
