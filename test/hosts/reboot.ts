// Hosts that start anew while no task runs on them: what keeps Calico there is on the host itself.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Machine } from '../../src/lab/hosts/machine.ts';
import { dropTheGroup, hosts, measure } from './hosts.ts';
import { ask, dockerInfo, etcdValue, eventually, networksOf } from './on-host.ts';

async function seconds(machine: Machine, unit: string): Promise<number> {
  return (
    Number(await ask(machine, `systemctl show ${unit} --property=ActiveEnterTimestampMonotonic --value`)) /
    1e6
  );
}

async function allIsBack(machine: Machine): Promise<void> {
  await eventually('the proxy', async () => (await etcdValue(machine, '/calico/v1/Ready')) === 'true', 60);
  assert.equal((await dockerInfo(machine)).ClusterStore, 'etcd://localhost:2379');
  await eventually(
    'the engine in its store',
    () => etcdValue(machine, `/docker/nodes/${machine.address}:62376`),
    60,
  );
  await eventually('the network of all hosts', async () =>
    (await ask(machine, "docker network ls --format '{{.Name}}'")).split('\n').includes('over-hosts'),
  );
  await eventually(
    'both containers',
    async () =>
      (await ask(machine, "docker ps --format '{{.Names}}' | grep ^calico | sort | tr '\\n' ' '")) ===
      'calico-libnetwork calico-node',
  );
  assert.ok('calico' in (await networksOf(machine)).networks, 'the agent knows the network from its start');
  await eventually('the plugin', async () =>
    (
      await ask(
        machine,
        'curl -sS -X POST --unix-socket /run/docker/plugins/calico.sock http://localhost/Plugin.Activate',
      )
    ).includes('NetworkDriver'),
  );
  await eventually(
    'BIRD',
    async () =>
      (await ask(machine, 'docker exec calico-node birdcl -s /var/run/calico/bird.ctl show protocols')).split(
        'Established',
      ).length === 3,
    60,
  );
  const inside = await ask(machine, 'docker run --rm --net over-hosts other:1 /bin/busybox ip address');
  assert.match(inside, /inet 192\.168\./, 'containers get addresses of the network that was there before');
}

test('2 after a reboot the proxy answers before Docker asks, and all comes back by itself', async () => {
  await dropTheGroup();
  const { machines } = await hosts();
  const machine = machines[1];
  const began = Date.now();
  await machine.reboot();
  await allIsBack(machine);
  measure(`all is back after a reboot: ${((Date.now() - began) / 1000).toFixed(1)} s`);
  const [proxy, docker] = [
    await seconds(machine, 'dcos-calico-etcd-proxy'),
    await seconds(machine, 'docker'),
  ];
  measure(`in a boot the proxy is up ${(docker - proxy).toFixed(2)} s before Docker`);
  assert.ok(proxy > 0 && proxy < docker);
  const complaints = await ask(
    machine,
    "journalctl -b -u docker --no-pager | grep -iE 'refused|cluster|datastore|discovery|kv store' | grep -v 'level=info' | grep -v deprecated || true",
  );
  assert.equal(complaints, '', 'Docker never met a store that did not answer');
});

test('2 all hosts at once, so that etcd too comes back later than Docker', async () => {
  const { machines } = await hosts();
  const began = Date.now();
  await Promise.all(machines.map((machine) => machine.powerOff()));
  await Promise.all(machines.map((machine) => machine.boot()));
  for (const machine of machines) await allIsBack(machine);
  measure(`all is back after all hosts were rebooted at once: ${((Date.now() - began) / 1000).toFixed(1)} s`);
});
