// What runs as root on an agent is not steered by other users there: links in the place of temporary files, and locks on files that
// they can open.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { onHost } from './bench.ts';
import { optionsWith } from './options.ts';

const options = optionsWith({
  etcd: { 'run-proxy': false, 'etcd-endpoints': 'http://10.0.0.11:2379' },
});

test('a link in the place of a temporary file is not followed', () =>
  onHost({ docker: { daemonJson: { debug: false } } }, async (bench) => {
    const victim = bench.host.path('/etc/shadow');
    writeFileSync(victim, 'root:secret\n');
    for (const place of [
      '/etc/docker/.daemon.json.dcos-calico',
      '/etc/systemd/system/.dcos-calico-cni.service.dcos-calico',
      '/var/lib/dcos-calico/artifacts/.cni-calico',
    ]) {
      mkdirSync(bench.host.path(place.replace(/\/[^/]+$/, '')), { recursive: true });
      symlinkSync(victim, bench.host.path(place));
    }
    await bench.giveTurn();
    await bench.bring('docker', { options });
    await bench.bring('cni', { options });
    assert.equal(readFileSync(victim, 'utf8'), 'root:secret\n');
    const file = bench.host.path('/etc/docker/daemon.json');
    assert.ok(lstatSync(file).isFile());
    assert.equal(JSON.parse(readFileSync(file, 'utf8'))['cluster-store'], 'etcd://10.0.0.11:2379');
  }));

test('no other user can hold a turn, or a task, that is over', () =>
  onHost({ docker: { daemonJson: {} } }, async (bench) => {
    mkdirSync(bench.host.path('/run/dcos-calico/turn'), { recursive: true, mode: 0o755 });
    await bench.giveTurn();
    const task = bench.run('docker', { options });
    await task.until('ready');
    assert.equal(statSync(bench.host.path('/run/dcos-calico')).mode & 0o777, 0o700);
    assert.ok(existsSync(bench.grant));
    if (process.getuid?.() === 0) {
      const tried = spawnSync('cat', [bench.grant], { uid: 65534, gid: 65534, encoding: 'utf8' });
      assert.match(tried.stderr, /Permission denied/);
    }
    await task.stop();
  }));

/** Each makes a directory one that others than root may write to, or put another in the place of. */
const WRITABLE: Record<string, (folder: string) => void> = {
  'is writable for all': (folder) => chmodSync(folder, 0o777),
  'is like /tmp': (folder) => chmodSync(folder, 0o1777),
  'lies in one that is writable for all': (folder) => chmodSync(dirname(folder), 0o777),
  // Only root can give a directory away.
  ...(process.getuid?.() === 0
    ? { "is somebody else's": (folder: string) => chownSync(folder, 65534, 65534) }
    : {}),
};

for (const [how, make] of Object.entries(WRITABLE))
  test(`a directory of the options that ${how}: no plugin is put there, no registry's settings are taken from there`, () =>
    onHost({ docker: { daemonJson: {} } }, async (bench) => {
      const folder = '/opt/shared/cni';
      mkdirSync(bench.host.path(folder), { recursive: true });
      chmodSync(bench.host.path(folder), 0o755);
      make(bench.host.path(folder));
      await bench.giveTurn();
      const cni = bench.run('cni', {
        options: optionsWith({ etcd: options.etcd, cni: { 'cni-plugins-dir': folder } }),
      });
      const { reason } = await cni.until('failed');
      assert.match(
        reason,
        /^\/opt\/shared\/cni is not root's alone: other users of this agent may write to \/opt\/shared/,
      );
      assert.deepEqual(readdirSync(bench.host.path(folder)), []);
      const node = bench.run('node', {
        options: optionsWith({ etcd: options.etcd, registry: { 'config-dir': folder } }),
      });
      assert.match((await node.until('failed')).reason, /is not root's alone/);
    }));

test("a directory below one like /tmp is as good as any, where it is root's", () =>
  onHost({ docker: { daemonJson: {} } }, async (bench) => {
    const folder = '/var/tmp/registry';
    mkdirSync(bench.host.path(folder), { recursive: true });
    chmodSync(bench.host.path('/var/tmp'), 0o1777);
    await bench.giveTurn();
    await bench.bring('docker', { options });
    await bench.bring('node', {
      options: optionsWith({ etcd: options.etcd, registry: { 'config-dir': folder } }),
    });
  }));
