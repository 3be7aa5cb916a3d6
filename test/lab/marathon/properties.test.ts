// Whatever an operator and the world do: no two of one configuration on a host, and all settles as it was asked for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { app, Cluster, HEALTH_CHECK } from './cluster.ts';

const AGENTS = 4;
const HOSTS = Array.from({ length: AGENTS }, (_, i) => `10.0.1.${i + 1}`);

const step = fc.oneof(
  fc.record({
    do: fc.constant('put' as const),
    instances: fc.nat(AGENTS + 1),
    env: fc.nat(2),
    force: fc.boolean(),
  }),
  fc.record({ do: fc.constant('kill' as const), which: fc.nat(3) }),
  fc.record({ do: fc.constant('end' as const), which: fc.nat(3) }),
  fc.record({ do: fc.constant('crash' as const), host: fc.constantFrom(...HOSTS) }),
  fc.record({ do: fc.constant('return' as const), host: fc.constantFrom(...HOSTS) }),
  fc.record({ do: fc.constant('cancel' as const), force: fc.boolean() }),
  fc.record({ do: fc.constant('restart' as const) }),
  fc.record({ do: fc.constant('failover' as const) }),
  fc.record({ do: fc.constant('pass' as const), seconds: fc.constantFrom(1, 7, 40, 200) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

async function perform(cluster: Cluster, what: Step): Promise<void> {
  switch (what.do) {
    case 'put': {
      const body = app({
        instances: what.instances,
        env: { N: String(what.env) },
        healthChecks: [HEALTH_CHECK],
      });
      await cluster.ask('PUT', `/v2/apps/x?force=${what.force}`, body);
      break;
    }
    case 'kill': {
      const tasks = (await cluster.app('/x'))?.tasks ?? [];
      const task = tasks[what.which];
      if (task) await cluster.ask('DELETE', `/v2/apps/x/tasks/${task.id}`);
      break;
    }
    case 'end':
      [...cluster.running][what.which]?.end(0);
      break;
    case 'crash':
      cluster.mesos.crashAgent(what.host);
      break;
    case 'return':
      cluster.mesos.returnAgent(what.host);
      break;
    case 'cancel':
      for (const { id } of await cluster.deployments()) {
        await cluster.ask('DELETE', `/v2/deployments/${id}?force=${what.force}`);
      }
      break;
    case 'restart':
      await cluster.ask('POST', '/v2/apps/x/restart?force=true');
      break;
    case 'failover':
      cluster.marathon.failover();
      break;
    case 'pass':
      cluster.pass(what.seconds);
  }
}

interface Task {
  host: string;
  state: string;
  version: string;
}

async function assertOneAHost(cluster: Cluster): Promise<void> {
  const x = await cluster.app('/x');
  if (!x) return;
  const current = (x.tasks as Task[]).filter(
    ({ version, state }) =>
      version >= x.versionInfo.lastConfigChangeAt && !['TASK_UNREACHABLE', 'TASK_KILLED'].includes(state),
  );
  const hosts = current.map(({ host }) => host);
  assert.deepEqual([...new Set(hosts)].sort(), hosts.sort(), 'two of one configuration on a host');
}

for (const version of ['1.7', '1.8', '1.11']) {
  test(`Marathon ${version}: chaos, then what was asked for`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 20 }), fc.nat(3), async (steps, seed) => {
        const cluster = await Cluster.of(version, AGENTS, seed + 1);
        for (const what of steps) {
          await perform(cluster, what);
          await assertOneAHost(cluster);
        }
        for (const host of HOSTS) cluster.mesos.returnAgent(host);
        cluster.pass(60);
        await cluster.ask('PUT', '/v2/apps/x?force=true', app({ instances: 3, env: { N: 'last' } }));
        cluster.pass(1500);
        const { tasks, deployments } = await cluster.app('/x');
        assert.deepEqual(deployments, []);
        assert.deepEqual(
          (tasks as Task[]).map(({ state }) => state),
          ['TASK_RUNNING', 'TASK_RUNNING', 'TASK_RUNNING'],
        );
        assert.equal(cluster.running.size, 3, 'nothing runs that Marathon does not know');
      }),
      { numRuns: 60 },
    );
  });
}
