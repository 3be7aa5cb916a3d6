// Everything off again: the host is what it was.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ETCD_CLIENT_PORT } from '../../src/lab/hosts/layout.ts';
import { optionsWith } from '../steps/options.ts';
import { hosts } from './hosts.ts';
import { agentUnit, ask, etcdValue, startOf } from './on-host.ts';
import { assertUnchanged, pictureOf } from './picture.ts';
import { LEFT, takeOff } from './take-off.ts';

test('4 mode absent leaves the host as it was before, but for its logs and that Docker was restarted', async () => {
  const all = await hosts();
  // Not one on which DC/OS or Docker has been replaced meanwhile.
  const machine = all.machines[1];
  const running = await startOf(machine, agentUnit(machine));
  await takeOff(all, machine, optionsWith());
  assert.equal(await startOf(machine, agentUnit(machine)), running, 'the Mesos agent was not restarted');
  // It has been rebooted since.
  assertUnchanged(
    all.before[1]!,
    await pictureOf(machine),
    ...LEFT,
    /etcd-member/,
    /^link: host0/,
    /^started: dcos-mesos/,
  );
  assert.match(await ask(machine, "docker ps --format '{{.Names}}'"), /^other$/);
  const endpoint = `http://${all.place.members[0]!.ip}:${ETCD_CLIENT_PORT}`;
  for (const key of ['/calico/v1/host/', '/calico/bgp/v1/host/', '/calico/felix/v1/host/']) {
    const listed = await ask(machine, `curl -sS '${endpoint}/v2/keys${key}?recursive=true'`);
    assert.ok(!listed.includes(machine.address), `${key} has this host still`);
  }
  assert.equal(await etcdValue(machine, '/calico/v1/Ready', endpoint), 'true', 'what is of all hosts stays');
});
