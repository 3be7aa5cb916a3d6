// What is said about the cluster as a whole.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildStatus } from '../../src/status/build.ts';
import { type ClusterWords, clusterRead, INSTALLED_AT, NOW } from './cluster.ts';

const HOST = '10.0.1.11';

function notes(words: Partial<ClusterWords>, more: object = {}): string[] {
  const status = buildStatus({ ...clusterRead({ agents: [{ host: HOST }], ...words }), ...more });
  return status.notes.map(({ code, text }) => `${code}: ${text}`);
}

const app = (group: Parameters<NonNullable<ClusterWords['change']>>[0], step: string) =>
  group.apps.find(({ id }) => id === `/calico/${step}`)!;

test('a cluster as it should be has nothing to be said about', () => {
  assert.deepEqual(notes({}), []);
});

test('an app edited by hand is named with its fields', () => {
  const edited = notes({
    change: (group) => {
      app(group, 'node').env.DCOS_CALICO_IPIP = 'sometimes';
      app(group, 'node').mem = 999;
      app(group, 'cni').constraints = [];
    },
  });
  assert.deepEqual(edited, [
    'edited: The app /calico/cni is not as the options make it: constraints',
    'edited: The app /calico/node is not as the options make it: env.DCOS_CALICO_IPIP, mem',
  ]);
});

test('what an old Marathon drops, or adds, is no edit', () => {
  assert.deepEqual(
    notes({
      marathonVersion: '1.7.216',
      change: (group) => {
        for (const one of group.apps) delete one.role;
      },
    }),
    [],
  );
});

test('an app that is gone, and options that cannot be read', () => {
  assert.deepEqual(
    notes({
      change: (group) => {
        group.apps = group.apps.filter(({ id }) => !id.endsWith('/cni'));
      },
    }),
    [
      'app-missing: The app /calico/cni is gone, though the options want this step; what it set up on the agents is still there',
    ],
  );
  for (const broken of ['{', '[]', '{"rollout":{}}'])
    assert.deepEqual(
      notes({
        change: (group) => {
          app(group, 'options').env.DCOS_CALICO_OPTIONS = broken;
        },
      }),
      ['options-missing: The options that Calico was installed with cannot be read from /calico/options'],
    );
});

test('a rollback by Marathon shows in the versions', () => {
  assert.deepEqual(
    notes({
      change: (group) => {
        group.version = '2026-11-24T03:54:09.220Z';
      },
    }),
    [
      'rolled-back: Marathon rolled the group back to 2026-11-24 03:54:09 UTC: not all apps may be of one set of options',
    ],
  );
});

test('a turn under way says who, since when and how far', () => {
  assert.deepEqual(
    notes({
      agents: [{ host: HOST }, { host: '10.0.1.12', steps: 'waiting for turn' }],
      turn: { agents: [HOST, '10.0.1.12'], done: [HOST], allows: 'restart' },
    }),
    [
      'turn: A rollout is under way: 10.0.1.11 and 10.0.1.12 have their turn for a restart, given 2026-11-24 03:54:09 UTC by anna; 1 of 2 done',
    ],
  );
});

test('a turn that is over with agents still waiting says how to go on', () => {
  const over = notes({
    agents: [{ host: HOST }, { host: '10.0.1.12', steps: 'waiting for turn' }],
    turn: { agents: [HOST], done: [HOST] },
  });
  assert.equal(over.length, 1);
  assert.match(
    over[0]!,
    /^turn: A wave of a rollout is done \(10\.0\.1\.11, .*no further agent is begun until it goes on$/,
  );
  const ended = new Date(NOW - 1000).toISOString();
  const late = buildStatus(
    clusterRead({
      agents: [{ host: HOST, steps: 'waiting for turn' }],
      turn: { agents: [HOST], until: ended },
    }),
  );
  assert.equal(late.turn?.goingOn, false);
  assert.deepEqual(notes({ turn: { agents: [HOST], done: [HOST] } }), []);
});

test('a deployment that waits for agents which cannot have their tasks is normal, and so said', () => {
  const change: ClusterWords['change'] = (group) => {
    for (const one of group.apps.slice(0, 5)) {
      one.deployments = [{ id: '24337299' }];
      one.instances = 2;
    }
  };
  const full = { used_resources: { cpus: 4, mem: 4096, disk: 0 } };
  assert.deepEqual(
    notes({ agents: [{ host: HOST }, { host: '10.0.1.12', steps: 'none', mesos: full }], change }),
    [
      "deployment: Marathon's deployment 24337299 waits for 1 agent; it stays open until they can have their tasks, which does no harm",
    ],
  );
});

test('who is still owed the removal', () => {
  const read = clusterRead({ agents: [{ host: HOST }], owed: [HOST] });
  const group = { ...read.group!, apps: read.group!.apps.filter(({ id }) => id.endsWith('/options')) };
  const status = buildStatus({ ...read, group });
  assert.equal(status.calico, 'being removed');
  assert.equal(
    status.notes.find(({ code }) => code === 'removal-owed')?.text,
    'Calico is still to be taken off 10.0.1.11; none of the tasks that would do it is there',
  );
});

test('who has Calico and is gone from the cluster', () => {
  const change = (group: Parameters<NonNullable<ClusterWords['change']>>[0]) => {
    app(group, 'options').env.DCOS_CALICO_COVERED = '10.0.1.11-13';
  };
  assert.deepEqual(notes({ agents: [{ host: HOST }, { host: '10.0.1.12', steps: 'none' }], change }), [
    'agents-gone: 10.0.1.13 is gone from the cluster and has Calico, unless the machine is gone too',
  ]);
  assert.ok(!notes({ change }, { recovering: true }).some((note) => note.startsWith('agents-gone')));
});

test('a master that has just started has not "no agents"', () => {
  assert.match(notes({}, { agents: [], recovering: true })[0]!, /^agents-missing: Mesos lists no agents: /);
  assert.match(notes({}, { recovering: true })[0]!, /^agents-missing: Mesos lists not all agents yet: /);
});

test('the last change is who, when, how', () => {
  const { change } = buildStatus(clusterRead({ agents: [{ host: HOST }] }));
  assert.deepEqual(change, { who: 'anna', when: INSTALLED_AT, command: 'dcos calico install', message: '' });
});
