// What happens to a host that has Calico: DC/OS is upgraded, things are lost, etcd moves, Docker is replaced.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ETCD_CLIENT_PORT, ETCD_PEER_PORT } from '../../src/lab/hosts/layout.ts';
import type { Machine } from '../../src/lab/hosts/machine.ts';
import { STEP_NAMES, type StepName } from '../../src/steps/state.ts';
import { optionsWith } from '../steps/options.ts';
import { dropTheGroup, type Hosts, hosts, measure } from './hosts.ts';
import {
  agentUnit,
  ask,
  daemons,
  dockerInfo,
  etcdValue,
  eventually,
  networksOf,
  startOf,
} from './on-host.ts';
import { type StepTask, startStep, startTurn } from './step-task.ts';

const options = optionsWith();

/** The five steps' tasks on a host that has them all already: without a turn, as nothing is to be changed. */
async function startAll(all: Hosts, machine: Machine): Promise<Record<StepName, StepTask>> {
  const tasks = STEP_NAMES.map((name) => [name, startStep(all, machine, name, { options })] as const);
  for (const [, task] of tasks) await task.until('ready', 90);
  return Object.fromEntries(tasks) as Record<StepName, StepTask>;
}

async function stop(tasks: Record<string, StepTask>): Promise<void> {
  await Promise.all(Object.values(tasks).map((task) => task.stop()));
}

/** What pkgpanda does at an upgrade: `active` and `etc` are made anew beside the old ones, and put in their place. */
const UPGRADE = `set -e
cd /opt/mesosphere
new=/opt/mesosphere/packages/cni--0000000000000000000000000000000000000000
cp -a "$(readlink -f active/cni)" "$new"
rm -f "$new/calico" "$new/calico-ipam"
cp -a active active.new
ln -sfn "$new" active.new/cni
cp -a etc etc.new
rm -f etc.new/dcos/network/cni/calico.cni
rm -rf active.old etc.old
mv active active.old; mv active.new active
mv etc etc.old; mv etc.new etc`;

test('5 a DC/OS upgrade: the CNI files are back before the agent starts, and Docker is left alone', async () => {
  await dropTheGroup();
  const all = await hosts();
  const [machine] = all.machines;
  const tasks = await startAll(all, machine);
  const docker = await startOf(machine, 'docker');
  const before = await networksOf(machine);
  await machine.sh(`${UPGRADE}; systemctl restart ${agentUnit(machine)}`);
  const after = await eventually('the agent', async () => {
    const found = await networksOf(machine);
    return found.pid !== before.pid ? found : undefined;
  });
  assert.deepEqual(
    after.networks.calico,
    '/opt/mesosphere/etc/dcos/network/cni/calico.cni',
    'as it was read at the start',
  );
  assert.deepEqual(after.skipped, {});
  assert.equal(
    await ask(machine, 'cat /proc/sys/net/ipv4/conf/all/rp_filter'),
    '2',
    'the agent has set it, as DC/OS does',
  );
  for (const task of Object.values(tasks)) await task.until('ready', 30);
  assert.equal(await startOf(machine, 'docker'), docker);
  await stop(tasks);
});

test('5 what is lost is put back without a restart of Docker or the agent, and the steps say so', async () => {
  const all = await hosts();
  const [machine] = all.machines;
  const tasks = await startAll(all, machine);
  const before = await daemons(machine);
  const losses: [StepName, string, string, RegExp][] = [
    [
      'cni',
      'rm /opt/mesosphere/active/cni/calico',
      'test -x /opt/mesosphere/active/cni/calico',
      /wrote \/opt\/mesosphere\/active\/cni\/calico/,
    ],
    [
      'cni',
      'rm /opt/mesosphere/etc/dcos/network/cni/calico.cni',
      'test -e /opt/mesosphere/etc/dcos/network/cni/calico.cni',
      /wrote .*calico\.cni/,
    ],
    [
      'etcd-proxy',
      'systemctl stop dcos-calico-etcd-proxy; rm /etc/systemd/system/dcos-calico-etcd-proxy.service /etc/systemd/system/multi-user.target.wants/dcos-calico-etcd-proxy.service /opt/dcos-calico/bin/etcd; systemctl daemon-reload',
      'systemctl is-active dcos-calico-etcd-proxy && systemctl is-enabled dcos-calico-etcd-proxy',
      /dcos-calico-etcd-proxy/,
    ],
    [
      'libnetwork',
      'systemctl stop dcos-calico-libnetwork; docker rm -f calico-libnetwork',
      'docker inspect calico-libnetwork',
      /calico-libnetwork/,
    ],
    [
      'node',
      'systemctl disable --now dcos-calico-node; rm -f /etc/systemd/system/dcos-calico-node.service; docker rm -f calico-node; docker rmi -f quay.io/calico/node:v2.6.12',
      'docker inspect calico-node && systemctl is-enabled dcos-calico-node',
      /calico-node/,
    ],
  ];
  for (const [step, loss, there, said] of losses) {
    const printed = (await tasks[step].output()).length;
    await machine.run(['/bin/bash', '-c', loss]);
    await eventually(
      `after "${loss}": ${there}`,
      async () => (await machine.run(['/bin/bash', '-c', there])).code === 0,
      60,
    );
    await tasks[step].until('ready', 60);
    assert.match((await tasks[step].output()).slice(printed), said, step);
  }
  for (const task of Object.values(tasks)) await task.until('ready', 60);
  assert.equal(await daemons(machine), before);
  await stop(tasks);
});

/** Refuses our keys with the words of Docker 23 (moby daemon/config/config.go, findConfigurationConflicts). */
const DOCKER_23 = `#!/bin/sh
[ "$1" = --version ] && { echo 'Docker version 23.0.6, build 9dbdbd4'; exit 0; }
if grep -q cluster-store /etc/docker/daemon.json 2>/dev/null; then
  echo "unable to configure the Docker daemon with file /etc/docker/daemon.json: the following directives don't match any configuration option: cluster-store, cluster-advertise" >&2
  exit 1
fi
exec /usr/sbin/dockerd-20 "$@"
`;

test('5 a Docker of 23 over the old one: said beforehand, and Docker is up in the end', async () => {
  const all = await hosts();
  const machine = all.machines[2];
  const task = startStep(all, machine, 'docker', { options });
  await task.until('ready', 60);
  await machine.sh('mv /usr/sbin/dockerd /usr/sbin/dockerd-20');
  await machine.run(['/bin/sh', '-c', 'cat > /usr/sbin/dockerd; chmod 755 /usr/sbin/dockerd'], {
    input: DOCKER_23,
  });
  const said = await task.until('drifted', 60);
  assert.match(
    said.reason,
    /the Docker on disk is 23\.0\.6, which has no cluster store and will not start with it/,
  );
  await machine.run(['systemctl', 'restart', 'docker']);
  const rescued = await task.until(
    (status) =>
      /was taken out of/.test(status.reason) ||
      (/has no cluster store/.test(status.reason) && status.state === 'failed'),
    120,
  );
  assert.match(rescued.reason, /23\.0\.6/);
  await eventually('Docker', async () => (await machine.run(['docker', 'info'])).code === 0, 60);
  assert.equal(await ask(machine, 'systemctl is-active docker'), 'active');
  assert.ok(!(await dockerInfo(machine)).ClusterStore);
  assert.equal((await machine.run(['grep', 'cluster', '/etc/docker/daemon.json'])).stdout, '');
  await machine.sh('mv /usr/sbin/dockerd-20 /usr/sbin/dockerd');
  await task.stop();
});

/** Gives every member of etcd another address, as when a framework starts them elsewhere; the old ones answer no more. */
async function moveEtcd({ place, machines }: Hosts): Promise<void> {
  const address = (index: number) => place.network.address(100 + index);
  const api = `http://${machines[0].address}:${ETCD_CLIENT_PORT}/v2/members`;
  const { members } = JSON.parse(await ask(machines[0], `curl -sS ${api}`)) as {
    members: { id: string; name: string }[];
  };
  for (const { id, name } of members) {
    const index = machines.findIndex((machine) => machine.name === name);
    const body = JSON.stringify({ peerURLs: [`http://${address(index)}:${ETCD_PEER_PORT}`] });
    await machines[0].sh(`curl -sS -f -X PUT -H 'Content-Type: application/json' -d '${body}' ${api}/${id}`);
  }
  await Promise.all(machines.map((machine) => machine.sh('systemctl stop etcd-member')));
  await Promise.all(
    machines.map((machine, index) =>
      machine.sh(
        `ip address add ${address(index)}/24 dev host0; ` +
          `sed -i 's|//${machine.address}:|//${address(index)}:|g' /etc/systemd/system/etcd-member.service; ` +
          'systemctl daemon-reload; systemctl start etcd-member',
      ),
    ),
  );
  place.setMembers(place.members.map((member, index) => ({ ...member, ip: address(index) })));
}

test('5 all members of etcd at other addresses: the proxies find them, and Docker is not restarted unasked', async () => {
  const all = await hosts();
  const machine = all.machines[1];
  // With a store that answers at once, as after an install: one that did not would leave Docker with what its file names.
  await machine.sh('systemctl restart docker');
  const before = await Promise.all(all.machines.map(daemons));
  const tasks = all.machines.map((each) => startStep(all, each, 'etcd-proxy', { options }));
  const docker = startStep(all, machine, 'docker', { options });
  for (const task of [...tasks, docker]) await task.until('ready', 60);
  await moveEtcd(all);
  const began = Date.now();
  for (const task of tasks) await task.until((status) => status.state !== 'ready', 60);
  for (const task of tasks) await task.until('ready', 180);
  measure(`the proxies followed etcd to other addresses in ${((Date.now() - began) / 1000).toFixed(0)} s`);
  for (const each of all.machines) assert.ok(await etcdValue(each, '/calico/v1/Ready'));
  // Docker asks a store for its members once it reaches it, and from then on asks those itself (docker/libkv store/etcd,
  // AutoSync): with all of them gone it is without a store, whatever the proxy has found.
  const said = await docker.until('restart pending', 240);
  assert.match(said.reason, /is not in it: .*earlier addresses of etcd/);
  measure(
    `Docker has to be restarted after such a move: known ${((Date.now() - began) / 1000).toFixed(0)} s after it`,
  );
  assert.deepEqual(await Promise.all(all.machines.map(daemons)), before);
  const turn = startTurn(all, machine, 'restart');
  await docker.until('ready', 120);
  assert.notEqual(await daemons(machine), before[1], 'in a turn that allows it Docker is restarted');
  await machine.sh('docker network create --driver calico --ipam-driver calico-ipam after-the-move');
  await turn.stop();
});
