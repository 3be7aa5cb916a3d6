// systemd as it was measured from a task's own PID namespace (facts §12, §16), and units that start, stop and fail.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import type { Host } from '../../../src/lab/sandbox/host.ts';
import { bus, onHost, until } from './on-host.ts';

const FORCED = { SYSTEMCTL_FORCE_BUS: '1' };

function unit(host: Host, name: string, service: string, more = ''): void {
  const path = host.path(`/etc/systemd/system/${name}`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(
    path,
    `[Unit]\nDescription=Test\n${more}\n[Service]\n${service}\n[Install]\nWantedBy=multi-user.target\n`,
  );
}

test('plain systemctl and systemd-run cannot connect; the bus can be forced, but not on CentOS 7', async () => {
  const refused = { code: 1, out: '', err: 'Failed to connect to bus: No data available\n' };
  await onHost({}, async ({ sh }) => {
    assert.deepEqual(await sh('systemctl is-active docker'), refused);
    assert.deepEqual(await sh('systemd-run true'), refused);
    assert.deepEqual(await sh('systemctl is-active docker', FORCED), { code: 0, out: 'active\n', err: '' });
  });
  await onHost({ systemd: { version: 219 } }, async ({ sh }) => {
    assert.deepEqual(await sh('systemctl is-active docker', FORCED), refused);
    assert.equal((await sh(bus('GetUnit s docker.service'))).code, 0);
  });
});

test('busctl and dbus-send read and call', () =>
  onHost({}, async ({ sh }) => {
    const object = '/org/freedesktop/systemd1/unit/docker_2eservice';
    const property = (name: string, group = 'Unit') =>
      sh(`busctl get-property org.freedesktop.systemd1 ${object} org.freedesktop.systemd1.${group} ${name}`);
    assert.equal((await property('ActiveState')).out, 's "active"\n');
    assert.match((await property('MainPID', 'Service')).out, /^u \d+\n$/);
    assert.match((await property('ActiveEnterTimestamp')).out, /^t \d{16}\n$/);
    assert.equal((await property('Nonsense')).code, 1);
    assert.equal((await sh(bus('GetUnit s docker.service'))).out, `o "${object}"\n`);
    assert.match(
      (await sh(bus('RestartUnit ss docker.service replace'))).out,
      /^o "\/org\/freedesktop\/systemd1\/job\/\d+"\n$/,
    );
    const missing = await sh(bus('StartUnit ss nope.service replace'));
    assert.deepEqual(missing, { code: 1, out: '', err: 'Call failed: Unit nope.service not found.\n' });
    assert.equal((await sh(bus('KillUnit ssi nope.service main 1'))).code, 1);
    assert.deepEqual(await sh(bus('Reload')), { code: 0, out: '', err: '' });
    const sent = await sh(
      `dbus-send --system --print-reply --dest=org.freedesktop.systemd1 ${object} org.freedesktop.DBus.Properties.Get string:org.freedesktop.systemd1.Unit string:ActiveState`,
    );
    assert.match(sent.out, /^method return [^\n]+\n {3}variant {7}string "active"\n$/);
    const kill =
      'dbus-send --system --print-reply --dest=org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager.KillUnit string:docker.service string:main int32:1';
    assert.equal((await sh(kill)).code, 0);
  }));

test('a unit is read at its first mention and again by a reload of the daemon', () =>
  onHost({}, async ({ host, sh }) => {
    unit(host, 'a.service', `ExecStart=/bin/sh -c 'sleep 100'`);
    assert.deepEqual(await sh('systemctl start a', FORCED), { code: 0, out: '', err: '' });
    unit(host, 'a.service', `ExecStart=/bin/sh -c 'sleep 200'`);
    const show = 'systemctl show -p NeedDaemonReload -p ActiveState a';
    assert.equal((await sh(show, FORCED)).out, 'ActiveState=active\nNeedDaemonReload=yes\n');
    await sh('systemctl daemon-reload', FORCED);
    assert.equal((await sh(show, FORCED)).out, 'ActiveState=active\nNeedDaemonReload=no\n');
    await sh('systemctl stop a', FORCED);
    assert.deepEqual(await sh('systemctl is-active a', FORCED), { code: 3, out: 'inactive\n', err: '' });
  }));

test('what is not modelled really runs, with the host’s commands and paths', () =>
  onHost({}, async ({ host, sh }) => {
    writeFileSync(
      host.path('/opt/work.sh'),
      'docker version --format "{{.Server.Version}}" > "$DCOS_CALICO_ROOT/done"\n',
    );
    unit(host, 'once.service', 'Type=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sh /opt/work.sh');
    assert.equal((await sh('systemctl start once', FORCED)).code, 0);
    assert.equal(await host.read('/done'), '20.10.24\n');
    assert.equal((await sh('systemctl show -p SubState --value once', FORCED)).out, 'exited\n');
  }));

test('failures: no such program, a failing one, start limits, conditions', () =>
  onHost({}, async ({ host, sh }) => {
    unit(host, 'none.service', 'Type=oneshot\nExecStart=/opt/none');
    const none = await sh('systemctl start none', FORCED);
    assert.equal(none.code, 1);
    assert.match(
      none.err,
      /^Job for none\.service failed because the control process exited with error code\.\n/,
    );
    assert.equal(
      (await sh('systemctl show -p ExecMainStatus,Result none', FORCED)).out,
      'Result=exit-code\nExecMainStatus=203\n',
    );
    unit(host, 'loop.service', `Restart=always\nRestartSec=0\nExecStart=/bin/sh -c 'exit 1'`);
    await sh('systemctl start loop', FORCED);
    await until(() => host.machine.systemd.unit('loop.service').result === 'start-limit-hit');
    assert.equal(host.machine.systemd.unit('loop.service').restarts >= 4, true);
    unit(host, 'cond.service', 'ExecStart=/bin/sh', 'ConditionPathExists=/nowhere');
    assert.equal((await sh('systemctl start cond', FORCED)).code, 0);
    assert.equal((await sh('systemctl is-active cond', FORCED)).out, 'inactive\n');
    assert.deepEqual(await sh('systemctl start nope', FORCED), {
      code: 5,
      out: '',
      err: 'Failed to start nope.service: Unit nope.service not found.\n',
    });
  }));

test('enabled units start after a reboot, in their order, and /run is empty', () =>
  onHost({}, async ({ host, sh }) => {
    unit(host, 'late.service', 'ExecStart=/opt/mesosphere/bin/x', 'After=early.service');
    unit(host, 'early.service', 'ExecStart=/opt/mesosphere/bin/x', 'Before=docker.service');
    unit(host, 'never.service', 'ExecStart=/opt/mesosphere/bin/x');
    const enabled = await sh('systemctl enable late early', FORCED);
    assert.match(
      enabled.err,
      /^Created symlink \/etc\/systemd\/system\/multi-user\.target\.wants\/late\.service → \/etc\/systemd\/system\/late\.service\.\n/,
    );
    mkdirSync(host.path('/run/dcos-calico'));
    await host.reboot();
    const { systemd } = host.machine;
    assert.deepEqual(
      ['early', 'late', 'never', 'docker'].map((name) => systemd.unit(`${name}.service`).active),
      ['active', 'active', 'inactive', 'active'],
    );
    assert.equal(await host.read('/run/dcos-calico'), undefined);
    assert.deepEqual(await sh('systemctl disable late', FORCED), {
      code: 0,
      out: '',
      err: 'Removed /etc/systemd/system/multi-user.target.wants/late.service.\n',
    });
    assert.equal((await sh('systemctl is-enabled late early', FORCED)).out, 'disabled\nenabled\n');
  }));

test('drop-ins replace a command line', () =>
  onHost({ docker: { flags: ['--cluster-store=zk://10.0.0.1:2181'] } }, async ({ sh }) => {
    const { out } = await sh('systemctl cat docker', FORCED);
    assert.match(out, /^# \/usr\/lib\/systemd\/system\/docker\.service\n/);
    assert.match(
      out,
      /# \/etc\/systemd\/system\/docker\.service\.d\/execstart\.conf\n[\s\S]+ExecStart=\nExecStart=\/usr\/bin\/dockerd --storage-driver=overlay --cluster-store=zk/,
    );
    assert.match((await sh('docker info')).out, /Cluster Store: zk:\/\/10\.0\.0\.1:2181/);
  }));
