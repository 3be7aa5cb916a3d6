// A cluster's life by the program's own commands: a reboot in the middle of an install, a change that restarts Docker, off again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ETCD_CLIENT_PORT } from '../../src/lab/hosts/layout.ts';
import type { Machine } from '../../src/lab/hosts/machine.ts';
import { calico, type Ended } from './cli.ts';
import { type Hosts, hosts, measure, renew } from './hosts.ts';
import { agentUnit, ask, dockerInfo, etcdValue, eventually, startOf, startOther } from './on-host.ts';
import { assertUnchanged, type Picture, pictureOf } from './picture.ts';
import { LEFT } from './take-off.ts';

const QUICK = { rollout: { 'settle-seconds': 5 } };
let before: Picture[] = [];

function direct({ machines }: Hosts): object {
  const endpoints = machines.map(({ address }) => `http://${address}:${ETCD_CLIENT_PORT}`).join(',');
  return { ...QUICK, etcd: { 'run-proxy': false, 'etcd-endpoints': endpoints } };
}

function assertWent({ code, stdout, stderr }: Ended): void {
  assert.equal(code, 0, `${stdout}\n${stderr}`);
}

async function since(machine: Machine): Promise<{ docker: string; agent: string }> {
  return { docker: await startOf(machine, 'docker'), agent: await startOf(machine, agentUnit(machine)) };
}

/** How often Docker has been started since the machine was. */
async function startsOfDocker(machine: Machine): Promise<number> {
  return Number(
    await ask(machine, "journalctl -b -u docker --no-pager | grep -c 'systemd.*: Started ' || true"),
  );
}

test('7 a host that is rebooted in the middle of an install comes to its end with the others', async () => {
  await renew();
  const { lab, machines } = await hosts();
  await Promise.all(machines.map(startOther));
  before = await Promise.all(machines.map(pictureOf));
  const install = calico(lab, ['install', '--yes'], QUICK);
  const [machine] = machines;
  await eventually(
    'the first trace of a step',
    async () =>
      (await machine.run(['test', '-e', '/etc/systemd/system/dcos-calico-etcd-proxy.service'])).code === 0,
    300,
  );
  await machine.reboot();
  let ended = await install;
  // The budget for agents that fail because of us may stop it: then the same command goes on.
  for (let again = 0; ended.code !== 0 && again < 3; again++)
    ended = await calico(lab, ['install', '--yes'], QUICK);
  assertWent(ended);
  for (const each of machines) {
    assert.equal((await dockerInfo(each)).ClusterStore, 'etcd://localhost:2379');
    assert.ok(await etcdValue(each, `/calico/felix/v1/host/${each.address}/status`));
  }
  assertWent(await calico(lab, ['status']));
});

test('7 another store: each Docker is restarted once, the public agent last, no Mesos agent, and what runs comes back', async () => {
  const all = await hosts();
  const { lab, machines } = all;
  const running = await Promise.all(machines.map(since));
  const starts = await Promise.all(machines.map(startsOfDocker));
  const shown = await calico(lab, ['diff'], direct(all));
  assert.equal(shown.code, 7, shown.stdout + shown.stderr);
  assert.deepEqual(await Promise.all(machines.map(since)), running, 'diff changes nothing');
  const changed = await calico(lab, ['install', '--yes'], direct(all));
  assertWent(changed);
  measure(`another store on 3 hosts, each Docker restarted: ${changed.seconds.toFixed(1)} s`);
  for (const [index, machine] of machines.entries()) {
    const now = await since(machine);
    assert.equal(now.agent, running[index]!.agent, 'the Mesos agent was not restarted');
    assert.notEqual(now.docker, running[index]!.docker);
    assert.match((await dockerInfo(machine)).ClusterStore!, /^etcd:\/\/10\..*:4001/);
    assert.equal(
      await ask(machine, "docker inspect --format '{{.State.Running}}' other"),
      'true',
      'Docker starts again what it ran',
    );
    assert.equal(await startsOfDocker(machine), starts[index]! + 1, 'restarted once');
    assert.ok(!(await ask(machine, 'ls /etc/systemd/system')).includes('dcos-calico-etcd-proxy'));
  }
  const at = await Promise.all(
    machines.map((machine) =>
      ask(machine, 'date +%s.%N -d "$(systemctl show docker --property=ActiveEnterTimestamp --value)"'),
    ),
  );
  assert.ok(Number(at[2]) >= Math.max(Number(at[0]), Number(at[1])), 'the public agent comes last');
  assertWent(await calico(lab, ['status']));
});

test('7 uninstall: each host is what it was, with nothing of ours but the log', async () => {
  const { lab, machines } = await hosts();
  const gone = await calico(lab, ['uninstall', '--yes']);
  assertWent(gone);
  measure(`uninstall on 3 hosts: ${gone.seconds.toFixed(1)} s`);
  for (const [index, machine] of machines.entries()) {
    // The first has been rebooted.
    const rebooted = index === 0 ? [/^started: dcos-mesos/, /^container: other/] : [];
    assertUnchanged(before[index]!, await pictureOf(machine), ...LEFT, ...rebooted);
    assert.equal(await ask(machine, "docker inspect --format '{{.State.Running}}' other"), 'true');
  }
});
