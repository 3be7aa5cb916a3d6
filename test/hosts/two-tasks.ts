// Two tasks of one step on one host, as while Marathon replaces one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ETCD_CLIENT_PORT } from '../../src/lab/hosts/layout.ts';
import { optionsWith } from '../steps/options.ts';
import { hosts } from './hosts.ts';
import { ask } from './on-host.ts';
import { startStep, startTurn, version } from './step-task.ts';

test('6 of two tasks with different options the newer has the host, and the older stands back and says so', async () => {
  const all = await hosts();
  const [machine] = all.machines;
  const endpoints = all.machines.map(({ address }) => `http://${address}:${ETCD_CLIENT_PORT}`).join(',');
  const withName = (name: string) =>
    optionsWith({ etcd: { 'etcd-endpoints': endpoints }, cni: { 'network-name': name } });
  const [older, newer] = [version(), version()];
  const turn = startTurn(all, machine);
  const name = () =>
    ask(machine, `sed -n 's/.*"name": "\\(.*\\)",/\\1/p' /opt/mesosphere/etc/dcos/network/cni/calico.cni`);
  const first = startStep(all, machine, 'cni', { options: withName('old'), version: older });
  await first.until('ready');
  assert.equal(await name(), 'old');
  const second = startStep(all, machine, 'cni', { options: withName('new'), version: newer });
  await second.until('ready');
  const said = await first.until('stands back');
  assert.match(said.reason, /a newer task of this step is on this agent/);
  assert.equal(await name(), 'new');
  assert.match(await first.output(), /stands back: a newer task/);
  // The newer one goes, as after Marathon's own rollback: the older has the host again.
  await second.stop();
  await first.until('ready', 60);
  assert.equal(await name(), 'old');
  // Started in the other order, the same.
  const late = startStep(all, machine, 'cni', { options: withName('new'), version: newer });
  await late.until('ready');
  const early = startStep(all, machine, 'cni', { options: withName('old'), version: older });
  await early.until('stands back');
  assert.equal(await name(), 'new');
  await Promise.all([first, late, early].map((task) => task.stop()));
  const off = startStep(all, machine, 'cni', { options: withName('new'), mode: 'absent' });
  await off.until('ready');
  await Promise.all([off.stop(), turn.stop()]);
});
