// How a step speaks to systemd, with the means of an old one and of a new one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ETCD_CLIENT_PORT } from '../../src/lab/hosts/layout.ts';
import { optionsWith } from '../steps/options.ts';
import { hosts } from './hosts.ts';
import { ask } from './on-host.ts';
import { startStep, startTurn } from './step-task.ts';

/** systemctl before 220 knows nothing of SYSTEMCTL_FORCE_BUS, and so finds no systemd from a PID namespace. */
const OLD_SYSTEMCTL =
  'mv /usr/bin/systemctl /usr/bin/systemctl-new; printf \'#!/bin/sh\\nunset SYSTEMCTL_FORCE_BUS\\nexec /usr/bin/systemctl-new "$@"\\n\' >/usr/bin/systemctl; chmod 755 /usr/bin/systemctl';
const NEW_SYSTEMCTL = 'mv /usr/bin/systemctl-new /usr/bin/systemctl';
const without = (...names: string[]) =>
  names.map((name) => `mv /usr/bin/${name} /usr/bin/${name}-away`).join('; ');
const withAgain = (...names: string[]) =>
  names.map((name) => `mv /usr/bin/${name}-away /usr/bin/${name}`).join('; ');

const MEANS: [what: string, take: string, give: string][] = [
  ['all of a systemd of today', ':', ':'],
  [
    'those of CentOS 7: busctl, and a systemctl that cannot be told to take the bus',
    OLD_SYSTEMCTL,
    NEW_SYSTEMCTL,
  ],
  ['no busctl, but dbus-send', without('busctl'), withAgain('busctl')],
  ['neither busctl nor dbus-send', without('busctl', 'dbus-send'), withAgain('busctl', 'dbus-send')],
];

for (const [index, [what, take, give]] of MEANS.entries()) {
  test(`7 systemd reached by ${what}`, async () => {
    const all = await hosts();
    const machine = all.machines[index % 3]!;
    const endpoints = all.machines.map(({ address }) => `http://${address}:${ETCD_CLIENT_PORT}`).join(',');
    // With endpoints of the members the proxy has something to forward to, and Docker something to keep.
    const options = optionsWith({ etcd: { 'proxy-endpoints': endpoints.split(',') } });
    await machine.sh(take);
    try {
      const turn = startTurn(all, machine, 'restart');
      const steps = ['etcd-proxy', 'docker'] as const;
      const tasks = steps.map((step) => startStep(all, machine, step, { options }));
      for (const task of tasks) await task.until('ready', 90);
      assert.equal(
        (await machine.run(['docker', 'info', '--format', '{{.ClusterStore}}'])).stdout.trim(),
        'etcd://localhost:2379',
      );
      await Promise.all(tasks.map((task) => task.stop()));
      const off = steps.map((step) => startStep(all, machine, step, { options, mode: 'absent' }));
      for (const task of off) await task.until('ready', 90);
      await Promise.all([...off, turn].map((task) => task.stop()));
      assert.equal(await ask(machine, 'ls /etc/systemd/system | grep dcos-calico || true'), '');
    } finally {
      await machine.sh(give);
    }
  });
}
