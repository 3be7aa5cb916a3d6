// Uninstall after install leaves a host as it was, byte for byte: on sandbox hosts, which really run the steps.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import type { Host } from '../../src/lab/sandbox/host.ts';
import type { SandboxRunner } from '../../src/lab/sandbox/runner.ts';
import type { AgentSpec } from '../../src/lab/types.ts';
import { differing, pictureOf } from './host-picture.ts';
import { clusterOf, install } from './on-lab.ts';
import { uninstall } from './uninstall-on-lab.ts';

const hostsOf = (lab: Lab): Host[] => (lab.runner as SandboxRunner).hosts;

const AGENTS: AgentSpec[] = [
  { host: '10.0.1.11', public: false, machine: { docker: { daemonJson: { debug: false } } } },
  {
    host: '10.0.1.12',
    public: false,
    machine: {
      files: { '/opt/mesosphere/etc/dcos/network/cni/calico.cni': '{"name": "calico", "type": "calico"}\n' },
    },
  },
  { host: '10.1.2.20', public: true },
];

const CASES: { name: string; set: string[] }[] = [
  { name: 'the default options', set: ['rollout.settle-seconds=1'] },
  {
    name: 'etcd at fixed addresses, no proxy',
    set: ['etcd.run-proxy=false', 'etcd.etcd-endpoints=http://10.0.0.11:2379', 'rollout.settle-seconds=1'],
  },
];

suite('on sandbox labs', { concurrency: true }, () => {
  for (const { name, set } of CASES)
    test(`${name}: uninstall leaves the hosts as they were`, async () => {
      const lab = await startLab({ grade: 'sandbox', dcos: '2.0', agents: AGENTS, speed: 4 });
      try {
        const before = hostsOf(lab).map(pictureOf);
        const { summary } = await install(lab, { sources: { set } });
        assert.equal(summary.exit, 0, summary.what);
        const first = await uninstall(lab);
        if (!first.gone) {
          for (const host of hostsOf(lab)) await host.machine.systemd.restart('docker.service');
          const second = await uninstall(lab);
          assert.deepEqual([second.gone, second.owed], [true, []]);
        }
        assert.equal(await clusterOf(lab).marathon.group('/calico'), undefined);
        for (const [index, host] of hostsOf(lab).entries())
          assert.deepEqual(differing(pictureOf(host), before[index]!), {}, host.address);
      } finally {
        await lab.stop();
      }
    });
});
