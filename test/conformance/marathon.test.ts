// The lab's Marathon against the exchanges recorded from real ones. All of both sequences are replayed, in their order, as each
// depends on those before; `health-checks/` is not: excerpts of other experiments, held by test/lab/marathon instead.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DcosVersion } from '../../src/lab/types.ts';
import type { Difference } from './marathon-compare.ts';
import { replay } from './marathon-replay.ts';
import { MarathonWorld } from './marathon-world.ts';
import { type Recording, recordings } from './recordings.ts';

function wrong(differences: Difference[], allowed: Allowed[]): string[] {
  for (const { of, at, why } of allowed) {
    const used = differences.some(({ recording, path }) => of.test(recording) && at.test(path));
    assert.ok(used, `No difference is allowed any more by: ${why}`);
  }
  return differences
    .filter(({ recording, path }) => !allowed.some(({ of, at }) => of.test(recording) && at.test(path)))
    .map(
      ({ recording, path, recorded, lab }) =>
        `${recording} ${path}: recorded ${JSON.stringify(recorded)}, lab ${JSON.stringify(lab)}`,
    );
}

interface Allowed {
  of: RegExp;
  at: RegExp;
  why: string;
}

const ALLOWED: Allowed[] = [
  {
    of: /^(04[02]|049|057)-/,
    at: /(\/tasks\[\d\]|lastTaskFailure)\/host$/,
    why: 'chance: which of three tasks is the youngest and goes first, and where the next one lands',
  },
  {
    of: /^(028|042)-/,
    at: /calico\/node\]\/tasks\[\d\]\/checkResult\/command\/exitCode$/,
    why: 'its next check, one every 5 s, was due just after the recorded answer',
  },
  {
    of: /^(044|051|058)-/,
    at: /offer\/resources\[\d\]\/ranges\/length$/,
    why: 'the recorded public agent had the port ranges of a private one',
  },
];

const ALLOWED_1_7: Allowed[] = [
  {
    of: /^025-/,
    at: /\/tasks\[\d\]\/host$/,
    why: 'chance: which of three tasks is the youngest and goes first',
  },
];

/** Replayed because others depend on them, and answered as recorded, though this program does not ask them. */
const NOT_OURS: Record<string, string> = {
  '002-leader': 'an operator looks',
  '003-ping': 'an operator looks',
  '005-app-missing': 'a group is read, not one app after the other',
  '006-root-group': 'this program reads only its own group',
  '007-unknown-route': 'refused input',
  '008-malformed-json': 'refused input',
  '009-wrong-type': 'refused input',
  '010-reserved-id': 'refused input',
  '011-bad-constraint': 'refused input',
  '012-bad-upgrade-strategy': 'refused input',
  '013-group-without-enforceRole': 'refused input',
  '019-locked-app': 'steps are put with their group',
  '031-tasks-of-an-app': 'tasks are read with the group',
  '054-task-kill': 'an operator kills a task',
  '055-app-after-kill': 'an operator looks',
  '056-failing-put': 'an app that ends',
  '060-app-restart': 'an operator restarts an app',
  '062-cancel-missing': 'deployments are superseded, not cancelled',
  '063-group-versions': 'versions are kept by nobody but Marathon',
  '064-group-version': 'versions are kept by nobody but Marathon',
  '065-app-versions': 'versions are kept by nobody but Marathon',
  '068-rollback-deployment': 'a rollback in the UI',
  '078-task-wipe': 'an operator wipes a task',
};

interface AppAnswer {
  app: {
    instances: number;
    tasksRunning: number;
    tasksHealthy: number;
    tasks: { state: string; host: string; checkResult?: { command: { exitCode: number } } }[];
    lastTaskFailure?: unknown;
  };
}

const STEPS = ['etcd-proxy', 'docker', 'cni', 'libnetwork', 'node'];
const HOSTS = ['10.0.1.11', '10.0.1.12', '10.0.2.20'];

const deployed = (world: MarathonWorld): Promise<void> =>
  world.until('/v2/deployments', (all: unknown[]) => all.length === 0);
const staging =
  (id: string, failed = false) =>
  (world: MarathonWorld): Promise<void> =>
    world.until(
      `/v2/apps/${id}`,
      ({ app }: AppAnswer) =>
        app.tasks.some(({ state }) => state === 'TASK_STAGING') &&
        (!failed || app.lastTaskFailure !== undefined),
    );
/** Until a deployment that was just accepted has begun. */
const begun = (world: MarathonWorld): void => world.clock.advance(400);

const SITUATIONS: Record<string, (world: MarathonWorld) => void | Promise<void>> = {
  '016-deployment-under-way': begun,
  '027-turn-second': (world) => world.put('10.0.1.12.fail.docker'),
  '029-turn-third': async (world) => {
    world.remove('10.0.1.12.fail.docker');
    await world.until('/v2/apps/calico/docker', ({ app }: AppAnswer) =>
      app.tasks.every(({ host, checkResult }) => host !== '10.0.1.12' || checkResult?.command.exitCode === 0),
    );
  },
  '030-group-all-ready': (world) =>
    world.until('/v2/apps/calico/ops/turn', ({ app }: AppAnswer) =>
      app.tasks.some(({ host, checkResult }) => host === '10.0.2.20' && checkResult?.command.exitCode === 0),
    ),
  '034-deployment-change-node': begun,
  '036-group-node-changed': deployed,
  '040-group-scaled-down': deployed,
  '042-group-scaled-up': deployed,
  // The recorded hosts had their turn for the changed node before it was read again.
  '044-queue-waiting': (world) => {
    for (const host of HOSTS) world.put(`${host}.done.node.2`);
    world.clock.advance(10_000);
  },
  '049-group-superseded': deployed,
  '055-app-after-kill': staging('calico/node'),
  '057-failing-app': staging('calico/ops/preflight', true),
  '061-app-after-restart': deployed,
  '069-deployments-rolling-back': begun,
  '070-group-rolled-back': deployed,
  '071-group-agent-down-3s': (world) => {
    world.mesos.crashAgent('10.0.1.12');
    world.clock.advance(3000);
  },
  '072-group-agent-unreachable': (world) =>
    world.until('/v2/apps/calico/node', ({ app }: AppAnswer) =>
      app.tasks.some(({ state }) => state === 'TASK_UNREACHABLE'),
    ),
  '074-deployment-while-unreachable': (world) => world.clock.advance(15_000),
  '076-group-agent-back': async (world) => {
    world.mesos.returnAgent('10.0.1.12');
    await deployed(world);
  },
  '078-task-wipe': (world) => world.clock.advance(6000),
  '079-app-after-wipe': staging('calico/node'),
  '082-delete-group': deployed,
  '085-deployments-deleting': begun,
};

const healthy =
  (id: string, count: number) =>
  (world: MarathonWorld): Promise<void> =>
    world.until(`/v2/apps/calico/${id}`, ({ app }: AppAnswer) => app.tasksHealthy === count);
const running =
  (id: string) =>
  (world: MarathonWorld): Promise<void> =>
    world.until(`/v2/apps/calico/${id}`, ({ app }: AppAnswer) => app.tasksRunning === app.instances);

const SITUATIONS_1_7: typeof SITUATIONS = {
  '013-group-canary-ready': healthy('docker', 1),
  '016-group-all-ready': async (world) => {
    for (const id of STEPS) await healthy(id, 3)(world);
  },
  '017-deployments-none': deployed,
  '022-group-superseded': running('node'),
  '023-scale-only-down': async (world) => {
    for (const host of HOSTS) world.put(`${host}.done.node.3`);
    await deployed(world);
  },
  '024-scale-only-up': deployed,
  '025-group-scaled-up': async (world) => {
    for (const id of STEPS) await running(id)(world);
  },
  '026-group-one-lost': async (world) => {
    await deployed(world);
    world.put('10.0.1.12.fail.docker');
    await healthy('docker', 2)(world);
  },
  '027-group-after-marathon-restart': async (world) => {
    world.remove('10.0.1.12.fail.docker');
    await healthy('docker', 3)(world);
    world.marathon.failover();
  },
};

async function differencesOf(
  recorded: Recording[],
  dcos: DcosVersion,
  version: string,
  before: typeof SITUATIONS,
): Promise<Difference[]> {
  const [first] = recorded;
  const { Date: start, 'X-Marathon-Leader': leader } = first!.response.headers;
  const world = new MarathonWorld(Date.parse(start!), dcos, version, leader!.replace('http://', ''));
  await world.addAgents();
  return replay({ world, recordings: recorded, before });
}

test('Marathon 1.11.24 as recorded', async () => {
  const differences = await differencesOf(recordings('marathon-1.11.24'), '2.2', '1.11.24', SITUATIONS);
  assert.deepEqual(wrong(differences, ALLOWED), []);
});

test('Marathon 1.7.216 as recorded', async () => {
  const differences = await differencesOf(recordings('marathon-1.7.216'), '1.12', '1.7.216', SITUATIONS_1_7);
  assert.deepEqual(wrong(differences, ALLOWED_1_7), []);
});

test('what is replayed though this program does not ask it is among the recordings', () => {
  const names = new Set(recordings('marathon-1.11.24').map(({ name }) => name));
  assert.deepEqual(
    Object.keys(NOT_OURS).filter((name) => !names.has(name)),
    [],
  );
});
