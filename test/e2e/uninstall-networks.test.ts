// Docker's networks of Calico taken away with it, on a whole cluster, by the built program: also where the agent that Mesos lists first has
// a Docker that does not see them, and where one of them is still in use.
import assert from 'node:assert/strict';
import { after, suite, test } from 'node:test';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import type { SandboxRunner } from '../../src/lab/sandbox/runner.ts';
import { buildBundle } from '../status/bundle.ts';

const bundle = buildBundle();
after(() => bundle.remove());

const STORE = 'zk://10.0.0.1:2181';
/** Its Docker has another store, which its step leaves alone. */
const OTHER = '10.0.1.10';
const AGENTS = [
  {
    host: OTHER,
    public: false,
    machine: { docker: { daemonJson: { 'cluster-store': STORE, 'cluster-advertise': `${OTHER}:2376` } } },
  },
  { host: '10.0.1.11', public: false },
];

const machines = (lab: Lab) => (lab.runner as SandboxRunner).hosts.map(({ machine }) => machine);

suite('uninstall with the networks', { concurrency: true }, () => {
  test('on a sandbox lab', async () => {
    const lab = await startLab({ grade: 'sandbox', agents: AGENTS, seed: 3, speed: 8 });
    try {
      const run = async (...args: string[]) => {
        const ran = await bundle.run(lab.url, args, undefined, lab.token);
        return { ...ran, all: ran.stdout + ran.stderr };
      };
      const settings = ['rollout.settle-seconds=1', 'rollout.max-failures=1'].flatMap((one) => [
        '--set',
        one,
      ]);
      const canary = ['--canary', '10.0.1.11'];
      const installed = await run('install', '--yes', '--api-only', ...canary, ...settings);
      assert.equal(installed.code, 3, installed.all);
      assert.match(installed.all, new RegExp(`${OTHER} .*failed: Docker already uses ${STORE}`));

      const [other, first] = machines(lab);
      const networks = first!.calico!.networks;
      const own = first!.engine.networks.map(({ name }) => name);
      for (const name of ['shop', 'idle'])
        networks.push({ id: first!.engine.id(), name, driver: 'calico', scope: 'global' });
      first!.calico!.attach(first!, 'web', { name: 'shop', labels: {} }, 'docker');

      // They go before anything else is begun, and nothing is begun while one of them is in use.
      const refused = await run('uninstall', '--yes', '--delete-networks');
      assert.equal(refused.code, 1, refused.all);
      assert.match(refused.all, /Docker's networks of Calico could not all be removed/);
      assert.match(refused.all, /shop: .*has active endpoints/);
      assert.match(refused.all, /leave --delete-networks out/);
      assert.deepEqual(
        networks.map(({ name }) => name),
        ['shop'],
      );
      const { calico, agents } = JSON.parse((await run('status', '--json')).stdout);
      assert.equal(calico, 'installed');
      assert.deepEqual(
        agents.map(({ state }: { state: string }) => state),
        ['failed', 'ready'],
      );

      first!.calico!.detach('web');
      const gone = await run('uninstall', '--yes', '--delete-networks');
      assert.equal(gone.code, 0, gone.all);
      assert.match(gone.all, /^Docker's networks with Calico's driver are removed first$/m);
      assert.match(gone.all, /^Removed Docker's networks of Calico$/m);
      assert.match(
        gone.all,
        /^Calico is off all 2 agents, each verified, and the group \/calico is deleted$/m,
      );
      assert.deepEqual(networks, []);
      assert.deepEqual(
        first!.engine.networks.map(({ name }) => name),
        own,
      );
      assert.deepEqual([other!.engine.store, first!.engine.store], [STORE, '']);
    } finally {
      await lab.stop();
    }
  });
});
