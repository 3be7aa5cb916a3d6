// The turn's task: what it allows, and what it makes of the steps of its host.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onHost } from './bench.ts';
import { optionsWith } from './options.ts';
import { turn, VERSION } from './turns.ts';

const ETCD = { 'run-proxy': false, 'etcd-endpoints': 'http://10.0.0.11:2379' };
const DIRECT = optionsWith({ etcd: ETCD });

test('while it lives the steps change their host; it is ready when they are', async () => {
  await onHost({}, async (bench) => {
    const steps = [bench.run('cni', { options: DIRECT }), bench.run('docker', { options: DIRECT })];
    for (const step of steps) await step.until('waiting for turn');
    const task = turn(bench, ['docker', 'cni']);
    const status = await task.until('ready');
    assert.deepEqual(status.detail.steps, {
      docker: { state: 'ready', reason: '' },
      cni: { state: 'ready', reason: '' },
    });
    assert.equal(await task.task.run('sh ./health', 5), 0);
    await task.stop();
    // The grant went with it.
    await bench.host.machine.systemd.stop('docker.service');
    const other = bench.run('cni', {
      options: optionsWith({ etcd: ETCD, cni: { 'network-name': 'x' } }),
      version: '2026-11-25T00:00:00.000Z',
    });
    await other.until('waiting for turn');
  });
});

test('it waits for tasks of the wanted version', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn();
    await bench.run('cni', { version: '2026-01-01T00:00:00.000Z' }).until('ready');
    await bench.endTurn();
    const task = turn(bench, ['cni']);
    assert.match((await task.until('working')).reason, /^not ready yet: cni working$/);
    bench.run('cni', { version: VERSION });
    await task.until('ready');
  });
});

test('a failure, and a pending restart, are its own', async () => {
  await onHost(
    { docker: { daemonJson: { 'cluster-store': 'zk://z:2181', 'cluster-advertise': '10.0.1.11:1' } } },
    async (bench) => {
      bench.run('docker', { options: DIRECT });
      const task = turn(bench, ['docker']);
      assert.equal(
        (await task.until('failed')).reason,
        'docker: Docker already uses zk://z:2181 as its store',
      );
      assert.equal(await task.task.run('sh ./health', 5), 20);
      await task.stop();
      const options = optionsWith({ etcd: ETCD, docker: { 'replace-cluster-store': true } });
      const version = '2026-11-25T00:00:00.000Z';
      bench.run('docker', { options, version });
      const second = turn(
        bench,
        ['docker', 'cni'],
        { steps: (['docker', 'cni'] as const).map((name) => ({ name, version })) },
        version,
      );
      // The agent is not done while another step of it is at work, or is still to come.
      await second.until(
        ({ state, reason }) =>
          state === 'working' && reason === 'not ready yet: docker restart pending, cni working',
      );
      bench.run('cni', { options, version });
      const status = await second.until('restart pending');
      assert.match(status.reason, /^docker: Docker has another store/);
    },
  );
});

test('what drifted and stays so is a failure', async () => {
  await onHost({ docker: { version: '20.10.24' } }, async (bench) => {
    bench.run('docker', { options: DIRECT });
    const task = turn(bench, ['docker']);
    await task.until('ready');
    bench.putDockerOnDisk('24.0.7');
    await task.until('working');
    await task.stop();
    const memo = bench.host.path('/run/dcos-calico/memo/turn.json');
    const second = turn(bench, ['docker'], {}, '2026-11-24T03:54:11.000Z');
    await second.until(({ reason }) => reason.endsWith('docker drifted'));
    const { readFileSync, writeFileSync } = await import('node:fs');
    const seen = JSON.parse(readFileSync(memo, 'utf8')) as { since: Record<string, number> };
    writeFileSync(
      memo,
      JSON.stringify({ ...seen, since: { ...seen.since, drifted: seen.since.drifted! - 20 } }),
    );
    assert.match((await second.until('failed')).reason, /^docker: the Docker on disk is 24\.0\.7/);
  });
});

test('it is ready only after the settling time, with Docker answering throughout', async () => {
  await onHost({}, async (bench) => {
    bench.run('docker', { options: DIRECT });
    const task = turn(bench, ['docker'], { settleSeconds: 1 });
    const settling = await task.until(({ reason }) => reason === 'all steps are ready; settling');
    bench.host.setFaults({ docker: { version: { fail: 1, stderr: 'Cannot connect' } } });
    const silent = await task.until(({ reason }) => reason === 'Docker does not answer');
    bench.host.setFaults({});
    const ready = await task.until('ready');
    assert.ok(Date.parse(ready.checkedAt) - Date.parse(silent.checkedAt) >= 1000);
    assert.ok(ready.checkedAt > settling.checkedAt);
  });
});

test('what was ready in an earlier turn is settled anew in the next', async () => {
  await onHost({}, async (bench) => {
    bench.run('cni', { options: DIRECT });
    const first = turn(bench, ['cni']);
    await first.until('ready');
    await first.stop();
    const second = turn(bench, ['cni'], { settleSeconds: 3600 }, '2026-11-24T03:54:10.000Z');
    assert.equal((await second.until('working')).reason, 'all steps are ready; settling');
  });
});

test('past its time it allows nothing', async () => {
  await onHost({}, async (bench) => {
    const step = bench.run('cni', { options: DIRECT });
    turn(bench, ['cni'], { until: '2020-01-01T00:00:00.000Z' });
    await step.until('waiting for turn');
    assert.equal(await bench.host.read('/opt/mesosphere/etc/dcos/network/cni/calico.cni'), undefined);
  });
});

test('a second turn waits until the first has gone', async () => {
  await onHost({}, async (bench) => {
    const first = turn(bench, ['cni']);
    await first.until('working');
    const second = turn(bench, ['cni'], { allows: 'restart' }, '2026-11-24T03:54:08.000Z');
    await second.until('stands back');
    await first.stop();
    await second.until('working');
    assert.match((await bench.host.read('/run/dcos-calico/turn/grant'))!, /"restart"/);
  });
});
