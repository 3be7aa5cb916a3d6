// A host's root as a DC/OS agent of each version has it (facts §1, §2, §3).
import assert from 'node:assert/strict';
import { existsSync, lstatSync, readlinkSync, statSync } from 'node:fs';
import { test } from 'node:test';
import type { DcosVersion } from '../../../src/lab/types.ts';
import { onHost } from './on-host.ts';

const FLAGS: [DcosVersion, boolean, string][] = [
  ['1.9', false, '/opt/mesosphere/active/cni/'],
  [
    '1.10',
    false,
    '/opt/mesosphere/active/cni/:/opt/mesosphere/active/dcos-cni/:/opt/mesosphere/active/mesos/libexec/mesos',
  ],
  [
    '2.2',
    true,
    '/opt/mesosphere/active/cni/:/opt/mesosphere/active/dcos-cni/:/opt/mesosphere/active/mesos/libexec/mesos:/opt/mesosphere/active/calico/cni',
  ],
];

for (const [dcos, nativeCalico, plugins] of FLAGS) {
  test(`CNI directories of DC/OS ${dcos}`, () =>
    onHost({ dcos, nativeCalico }, async ({ sh }) => {
      const { out } = await sh(
        '. "$DCOS_CALICO_ROOT/opt/mesosphere/etc/mesos-slave-common"; echo "$MESOS_NETWORK_CNI_PLUGINS_DIR $MESOS_NETWORK_CNI_CONFIG_DIR"',
      );
      assert.equal(out, `${plugins} /opt/mesosphere/etc/dcos/network/cni\n`);
    }));
}

test('roles, links, modes and what is not there', () =>
  onHost({ public: true }, async ({ host, sh }) => {
    assert.deepEqual(
      ['slave', 'slave_public'].map((role) => existsSync(host.path(`/etc/mesosphere/roles/${role}`))),
      [false, true],
    );
    assert.match(readlinkSync(host.path('/opt/mesosphere/active/cni')), /^\.\.\/packages\/cni--/);
    assert.ok(existsSync(host.path('/opt/mesosphere/etc/dcos/network/cni/dummy.cni')));
    assert.equal(statSync(host.root).mode & 0o777, 0o700);
    assert.equal(statSync(host.path('/.host/port')).mode & 0o777, 0o600);
    assert.equal(existsSync(host.path('/etc/docker/daemon.json')), false);
    assert.deepEqual(await sh('detect_ip'), { code: 0, out: '10.0.1.11\n', err: '' });
    assert.equal((await sh('nsenter -t 1 true')).code, 127);
    assert.equal((await sh('python3 -c "import sys; print(sys.version_info[0])"')).out, '3\n');
    assert.ok(lstatSync(host.path('/usr/bin/mv')).isSymbolicLink());
  }));

test('native Calico of 2.1.0 has no flag file, that of later versions has', async () => {
  for (const [dcos, flag] of [
    ['2.1', false],
    ['2.2', true],
  ] as const) {
    await onHost({ dcos, nativeCalico: true }, async ({ host, sh }) => {
      assert.equal(existsSync(host.path('/opt/mesosphere/etc/calico/calico_enabled')), flag);
      assert.ok(existsSync(host.path('/opt/mesosphere/active/calico/cni/calico')));
      assert.ok(existsSync(host.path('/opt/mesosphere/etc/dcos/network/cni/calico.conf')));
      const felix = await sh('systemctl is-active dcos-calico-felix', { SYSTEMCTL_FORCE_BUS: '1' });
      assert.equal(felix.out, 'active\n');
    });
  }
});

test('the spec decides what is there: no docker, no busctl, other files, ports in use', () =>
  onHost(
    {
      docker: { state: 'absent' },
      systemd: { busctl: false },
      absentTools: ['ipset', 'tar'],
      files: { '/etc/calico/calico.cfg': 'left behind\n' },
      portsInUse: { 2379: 'etcd' },
    },
    async ({ host, sh }) => {
      for (const tool of ['docker', 'busctl', 'ipset', 'tar']) {
        assert.equal((await sh(tool)).code, 127, tool);
      }
      assert.equal(await host.read('/etc/calico/calico.cfg'), 'left behind\n');
      assert.match((await sh('ss -ltn')).out, /127\.0\.0\.1:2379/);
      assert.equal((await sh('curl -s http://localhost:2379/version')).code, 52);
      const unit = await sh('systemctl is-active docker', { SYSTEMCTL_FORCE_BUS: '1' });
      assert.deepEqual([unit.code, unit.out], [4, 'inactive\n']);
    },
  ));

test('an upgrade of DC/OS drops what was put into its directories', () =>
  onHost({}, async ({ host, sh }) => {
    await host.write('/opt/mesosphere/active/cni/calico', 'ours');
    await host.write('/opt/mesosphere/etc/dcos/network/cni/calico.cni', 'ours');
    for (const round of [1, 2]) {
      const before = readlinkSync(host.path('/opt/mesosphere/active/cni'));
      host.upgradeDcos();
      assert.notEqual(readlinkSync(host.path('/opt/mesosphere/active/cni')), before, String(round));
      assert.equal((await sh('ls opt/mesosphere/active/cni/')).out, 'bridge\nhost-local\nloopback\n');
      assert.equal((await sh('ls opt/mesosphere/etc/dcos/network/cni')).out, 'dummy.cni\n');
    }
    assert.ok(existsSync(host.path('/opt/mesosphere/etc/mesos-slave-common')));
  }));
