// What runs as root on an agent is not steered by other users there: links in the place of temporary files, and locks on files that
// they can open.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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
