// Tasks of others: what runs them and which network they are on, from Marathon's app to what Mesos lists.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TaskInfo } from '../../../src/lab/types.ts';
import { clusterOf, withLab } from '../../rollout/on-lab.ts';

const app = (id: string, more: Record<string, unknown>) => ({
  id,
  cmd: 'sleep 100000',
  instances: 1,
  cpus: 0.1,
  mem: 32,
  portDefinitions: [],
  ...more,
});

test('a container and a network of Marathon’s app reach the task; Mesos lists the container', () =>
  withLab({ agents: { private: 1, public: 0 } }, async (lab) => {
    const { marathon, mesos } = clusterOf(lab);
    const docker = {
      type: 'DOCKER',
      docker: {
        image: 'busybox:1.36',
        parameters: [
          { key: 'label', value: 'org.projectcalico.label.role=web' },
          { key: 'hostname', value: 'x' },
        ],
      },
    };
    const inDocker = app('/web', { container: docker, networks: [{ mode: 'container', name: 'blue' }] });
    const inMesos = app('/db', {
      networks: [{ mode: 'container', name: 'calico', labels: { role: 'db' } }],
    });
    for (const one of [inDocker, inMesos, app('/plain', {})]) await marathon.putApp(one as never);
    await lab.sleep(20_000);
    const infos = new Map<string, TaskInfo>([...lab.master.tasks()].map(({ info }) => [info.appId, info]));
    assert.deepEqual(infos.get('/web')!.container, { type: 'DOCKER', image: 'busybox:1.36' });
    assert.deepEqual(infos.get('/web')!.network, { name: 'blue', labels: { role: 'web' } });
    assert.equal(infos.get('/db')!.container, undefined);
    assert.deepEqual(infos.get('/db')!.network, { name: 'calico', labels: { role: 'db' } });
    assert.equal(infos.get('/plain')!.network, undefined);
    const listed = await mesos.dockerTasks();
    assert.deepEqual(
      listed.map(({ id }) => id.split('.')[0]),
      ['web'],
    );
    await marathon.deleteApp('/web');
    await lab.sleep(20_000);
    assert.deepEqual(await mesos.dockerTasks(), [], 'a task that is over is in Docker no more');
  }));
