// What Marathon gives a task in its environment.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { app, Cluster } from './cluster.ts';

test('the environment of a task', async () => {
  const cluster = await Cluster.of('1.11', 1);
  const definition = app({
    id: 'x',
    instances: 1,
    cpus: 0.25,
    mem: 64,
    env: { OWN: 'yes', HOST: 'mine' },
    labels: { 'a-label': 'v', LONG: 'x'.repeat(600) },
    portDefinitions: [{ port: 2379, protocol: 'tcp', name: 'etcd' }],
    requirePorts: true,
  });
  await cluster.ask('PUT', '/v2/groups/g', { enforceRole: false, apps: [definition] });
  cluster.pass(20);
  const { version, tasks } = await cluster.app('/g/x');
  const [task] = cluster.running;
  assert.deepEqual(task!.info.env, {
    MESOS_TASK_ID: tasks[0].id,
    MARATHON_APP_ID: '/g/x',
    MARATHON_APP_VERSION: version,
    MARATHON_APP_RESOURCE_CPUS: '0.25',
    MARATHON_APP_RESOURCE_MEM: '64.0',
    MARATHON_APP_RESOURCE_DISK: '0.0',
    MARATHON_APP_RESOURCE_GPUS: '0',
    MARATHON_APP_ENFORCE_GROUP_ROLE: 'FALSE',
    MARATHON_APP_LABELS: 'A_LABEL',
    MARATHON_APP_LABEL_A_LABEL: 'v',
    PORT: '2379',
    PORT0: '2379',
    PORTS: '2379',
    PORT_2379: '2379',
    PORT_ETCD: '2379',
    HOST: 'mine',
    OWN: 'yes',
  });
});
