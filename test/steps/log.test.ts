// What a step prints: a line, with its time, for each change of its state and each thing that it does to its host.
import assert from 'node:assert/strict';
import { readFileSync, renameSync } from 'node:fs';
import { test } from 'node:test';
import { onHost } from './bench.ts';
import { optionsWith } from './options.ts';

const ETCD = { 'run-proxy': false, 'etcd-endpoints': 'http://10.0.0.11:2379' };
const DIRECT = optionsWith({ etcd: ETCD });
const STORE = { 'cluster-store': 'etcd://10.0.0.11:2379', 'cluster-advertise': '10.0.1.11:62376' };
const LINE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z [a-z-]+: (.*)$/;

function printed(stdout: string): string[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => LINE.exec(line)?.[2] ?? `NO TIME: ${line}`);
}

test('what was done to the host, in its order; a second run has nothing to tell', async () => {
  await onHost({ docker: { daemonJson: { debug: false } } }, async (bench) => {
    const task = bench.run('docker', { options: DIRECT });
    await task.until('waiting for turn');
    await bench.giveTurn();
    await task.until('ready');
    assert.deepEqual(printed(task.file('stdout')), [
      "waiting for turn: waits for this agent's turn",
      'wrote /var/lib/dcos-calico/backup/daemon.json',
      'wrote /var/lib/dcos-calico/backup/daemon.json.last',
      'wrote /etc/docker/daemon.json',
      'systemd: reload docker.service',
      'removed /var/lib/dcos-calico/backup/daemon.json.last',
      'ready',
    ]);
    const again = bench.run('docker', { options: DIRECT });
    await again.until('ready');
    assert.deepEqual(printed(again.file('stdout')), ['ready']);
  });
});

test('what fails again and again is told once, and wakes no other step', async () => {
  await onHost({ docker: { daemonJson: STORE } }, async (bench) => {
    bench.host.setFaults({ docker: { pull: { fail: 1, stderr: 'no route to host' } } });
    await bench.giveTurn();
    const tasks = (['libnetwork', 'node'] as const).map((step) => bench.run(step, { options: DIRECT }));
    const pulls = () =>
      bench.host.calls.filter(({ name, args }) => name === 'docker' && args[0] === 'pull').length;
    for (const task of tasks) await task.until('failed');
    const changed = bench.host.path('/run/dcos-calico/changed');
    const news = readFileSync(changed, 'utf8');
    const wanted = pulls() + 4;
    while (pulls() < wanted) await new Promise((resolve) => setTimeout(resolve, 20));
    for (const task of tasks) await task.until('failed');
    assert.equal(readFileSync(changed, 'utf8'), news);
    for (const task of tasks) {
      const lines = printed(task.file('stdout'));
      assert.equal(lines.filter((line) => line.startsWith('working: pulls')).length, 1, lines.join('\n'));
      assert.equal(lines.filter((line) => line.startsWith('failed: ')).length, 1, lines.join('\n'));
    }
  });
});

test('what is missing before Python can be asked is told once, with its time', async () => {
  await onHost({ absentTools: ['python3'] }, async (bench) => {
    renameSync(
      bench.host.path('/opt/mesosphere/bin/python3'),
      bench.host.path('/opt/mesosphere/bin/python3.gone'),
    );
    const task = bench.run('cni');
    await task.until('failed');
    const first = task.status()!.checkedAt;
    await task.until(({ checkedAt }) => checkedAt > first);
    assert.deepEqual(printed(task.file('stdout')), [
      'failed: the Python of DC/OS, /opt/mesosphere/bin/python3, is missing on this agent',
    ]);
  });
});
