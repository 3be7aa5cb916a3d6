// The main job as an operator does it: the built program against a sandbox lab, whose agents really run the steps. On DC/OS 1.12
// the health check carries a step's state (Marathon 1.7), on 2.0 the check.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { buildBundle } from '../status/bundle.ts';

const bundle = buildBundle();
after(() => bundle.remove());

const writes = (lab: Lab) =>
  lab
    .requests()
    .filter(({ method }) => method !== 'GET' && method !== 'HEAD')
    .map(({ method, path }) => `${method} ${path}`);

// At the same time: they wait more than they work.
suite('on a sandbox lab', { concurrency: true }, () => {
  for (const dcos of ['1.12', '2.0'] as const) {
    test(`DC/OS ${dcos}: install, status, again, an agent that joins`, async () => {
      const lab = await startLab({ grade: 'sandbox', dcos, agents: { private: 2, public: 1 } });
      try {
        const run = (...args: string[]) => bundle.run(lab.url, args, undefined, lab.token);
        const before = await run('status', '--json');
        assert.equal(before.code, 0);
        assert.equal(JSON.parse(before.stdout).calico, 'not installed');

        const installed = await run('install', '--yes');
        assert.equal(installed.code, 0, installed.stderr);
        assert.match(installed.stdout + installed.stderr, /Calico is ready on all 3 agents/);

        const status = JSON.parse((await run('status', '--json')).stdout);
        assert.deepEqual(
          status.agents.map((agent: { state: string }) => agent.state),
          ['ready', 'ready', 'ready'],
        );
        for (const { host } of lab.master.agents.values()) {
          const read = (path: string) => readFileSync(join(lab.hostRoot(host), path), 'utf8');
          assert.deepEqual(JSON.parse(read('etc/docker/daemon.json')), {
            'cluster-store': 'etcd://localhost:2379',
            'cluster-advertise': `${host}:62376`,
          });
          const network = JSON.parse(read('opt/mesosphere/etc/dcos/network/cni/calico.cni'));
          assert.equal(network.nodename, host);
          assert.ok(existsSync(join(lab.hostRoot(host), 'opt/mesosphere/active/cni/calico-ipam')));
        }

        lab.resetRequests();
        const again = await run('install', '--yes');
        assert.equal(again.code, 0, again.stderr);
        assert.match(again.stdout + again.stderr, /Nothing to do/);
        assert.deepEqual(writes(lab), [], 'a second install writes nothing');

        const tasks = (await tasksOf(lab)).sort();
        await lab.master.addAgent({ host: '10.0.1.99', public: false });
        const joined = await run('install', '--yes');
        assert.equal(joined.code, 0, joined.stderr);
        const kept = (await tasksOf(lab)).filter((id) => tasks.includes(id)).sort();
        assert.deepEqual(kept, tasks, 'no task that ran before was replaced');
        assert.ok(existsSync(join(lab.hostRoot('10.0.1.99'), 'etc/docker/daemon.json')));
      } finally {
        await lab.stop();
      }
    });
  }
});

async function tasksOf(lab: Lab): Promise<string[]> {
  const answer = await fetch(`${lab.url}/service/marathon/v2/tasks`, {
    headers: { Authorization: `token=${lab.token}` },
  });
  const { tasks } = (await answer.json()) as { tasks: { id: string; appId: string }[] };
  return tasks.filter(({ appId }) => !appId.startsWith('/calico/ops/')).map(({ id }) => id);
}
