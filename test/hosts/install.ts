// `dcos calico install` on real hosts, and what Docker and Mesos make of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calico } from './cli.ts';
import { hosts, measure } from './hosts.ts';
import {
  ask,
  attach,
  daemons,
  dockerInfo,
  etcdValue,
  eventually,
  networksOf,
  startOther,
} from './on-host.ts';
import { pictureOf } from './picture.ts';

/** No daemon is restarted, so there is nothing to settle. */
export const INSTALLED = { rollout: { 'settle-seconds': 0 } };

test('1 install makes three hosts ready; neither Docker nor the Mesos agent is restarted, and what ran runs on', async () => {
  const all = await hosts();
  const { lab, machines } = all;
  const others = await Promise.all(machines.map(startOther));
  all.before = await Promise.all(machines.map(pictureOf));
  const before = await Promise.all(machines.map(daemons));
  const { code, stdout, stderr, seconds } = await calico(lab, ['install', '--yes'], INSTALLED);
  assert.equal(code, 0, stderr + stdout);
  measure(`install on 3 hosts: ${seconds.toFixed(1)} s`);
  assert.deepEqual(await Promise.all(machines.map(daemons)), before);
  for (const same of others) await same();
  const status = await calico(lab, ['status', '--json']);
  assert.equal(status.code, 0, status.stdout);
});

test('1 Docker has its store and uses it: a global network made on one host is seen on the others', async () => {
  const { machines } = await hosts();
  for (const machine of machines) {
    const info = await dockerInfo(machine);
    assert.equal(info.ClusterStore, 'etcd://localhost:2379');
    assert.equal(info.ClusterAdvertise, `${machine.address}:62376`);
    assert.ok(await etcdValue(machine, `/docker/nodes/${machine.address}:62376`));
  }
  const [first, ...rest] = machines;
  await first.sh('docker network create --driver calico --ipam-driver calico-ipam over-hosts');
  for (const machine of rest) {
    await eventually('the network on the other host', async () =>
      (await ask(machine, "docker network ls --format '{{.Name}} {{.Driver}} {{.Scope}}'")).includes(
        'over-hosts calico global',
      ),
    );
  }
  const inside = await ask(rest[0]!, 'docker run --rm --net over-hosts other:1 /bin/busybox ip address');
  assert.match(inside, /inet 192\.168\.12\.\d+\/32/, "a container there has an address of its host's block");
});

test('1 the Mesos agent serves the network without a restart, and the plugin is given what Calico needs', async () => {
  const { machines } = await hosts();
  for (const machine of machines) {
    assert.ok(!('calico' in (await networksOf(machine)).networks), 'it was not there when the agent started');
    assert.deepEqual(await attach(machine, 'calico'), { address: '192.168.7.7/32' });
    assert.deepEqual(Object.keys((await networksOf(machine)).networks).sort(), ['calico', 'dummy']);
    assert.deepEqual((await networksOf(machine)).skipped, {}, 'no file of ours is in the way');
    const given = await ask(machine, 'cat /run/calico-cni/calico');
    const config = JSON.parse(given.split('\n').find((line) => line.startsWith('{'))!);
    assert.equal(config.nodename, machine.address);
    assert.equal(config.etcd_endpoints, 'http://localhost:2379');
    assert.equal(config.cniVersion, '0.1.0');
  }
});

test('1 calico/node was given what it needs, and BIRD has a session with each other host', async () => {
  const { machines } = await hosts();
  for (const machine of machines) {
    const { environment, mounts } = JSON.parse(await ask(machine, 'cat /var/log/calico/lab.json'));
    assert.equal(environment.NODENAME, machine.address);
    assert.equal(environment.IP, machine.address);
    assert.equal(environment.ETCD_ENDPOINTS, 'http://localhost:2379');
    assert.equal(environment.FELIX_IGNORELOOSERPF, 'true', 'the agent sets rp_filter to loose');
    assert.equal(environment.CALICO_LIBNETWORK_ENABLED, 'false');
    assert.match(mounts, / \/var\/run\/calico | \/run\/calico /);
    const up = await eventually('all sessions', async () => {
      const said = await ask(
        machine,
        'docker exec calico-node birdcl -s /var/run/calico/bird.ctl show protocols',
      );
      return (said.match(/Established/g) ?? []).length === 2;
    });
    assert.ok(up);
    assert.ok(await etcdValue(machine, `/calico/felix/v1/host/${machine.address}/status`));
    const limits = await ask(
      machine,
      "docker inspect --format '{{.HostConfig.Memory}} {{.HostConfig.CpuShares}}' calico-node",
    );
    assert.equal(limits, `${256 * 1024 * 1024} 204`);
  }
});

test('1 a second install has nothing to do', async () => {
  const { lab, machines } = await hosts();
  const before = await Promise.all(machines.map(daemons));
  const { code, stdout, stderr } = await calico(lab, ['install', '--yes'], INSTALLED);
  assert.equal(code, 0, stderr + stdout);
  assert.match(stdout + stderr, /nothing (is )?to do/i);
  assert.deepEqual(await Promise.all(machines.map(daemons)), before);
});
