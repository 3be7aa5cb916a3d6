// Taking steps off a host: who still needs another is waited for, and what may stay in an engine stays.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { assertSame, onHost } from './bench.ts';
import { optionsWith } from './options.ts';

const LATER = '2026-11-25T00:00:00.000Z';
const RECORD = '/var/lib/dcos-calico/steps/node.json';

test('the proxy waits for node, whose unit is gone and whose entry in etcd is not', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn();
    await bench.bring('etcd-proxy');
    mkdirSync(bench.host.path('/var/lib/dcos-calico/steps'), { recursive: true });
    writeFileSync(bench.host.path(RECORD), JSON.stringify({ agreed: 'to be absent', done: false }));
    const task = bench.run('etcd-proxy', { mode: 'absent', version: LATER });
    const status = await task.until('waiting for step');
    assert.equal(status.reason, 'goes last: used on this agent by node');
    rmSync(bench.host.path(RECORD));
    await task.until('ready');
  });
});

test('a store that is not our proxy may stay in the engine: ready without a restart, and said', async () => {
  const options = optionsWith({ etcd: { 'run-proxy': false, 'etcd-endpoints': 'http://10.0.0.11:2379' } });
  await onHost({ docker: { daemonJson: { debug: false } } }, async (bench) => {
    const before = bench.picture();
    await bench.giveTurn();
    await bench.bring('docker', { options });
    const env = { DCOS_CALICO_LEAVE_STORE: 'true' };
    const status = await bench.bring('docker', { options, mode: 'absent', version: LATER, env });
    assert.deepEqual(status.detail.left, [
      'the store etcd://10.0.0.11:2379 in the engine, until Docker is restarted',
    ]);
    assert.equal(bench.host.machine.engine.store, 'etcd://10.0.0.11:2379');
    await bench.host.machine.systemd.restart('docker.service');
    assertSame(bench.picture(), before);
  });
});

test('a store that leads through our proxy does not stay: the restart is pending', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn();
    await bench.bring('etcd-proxy');
    await bench.bring('docker');
    const env = { DCOS_CALICO_LEAVE_STORE: 'true' };
    const task = bench.run('docker', { mode: 'absent', version: LATER, env });
    assert.deepEqual((await task.until('restart pending')).needs, ['restart docker']);
    const proxy = bench.run('etcd-proxy', { mode: 'absent', version: LATER });
    assert.deepEqual((await proxy.until('waiting for step')).needs, ['docker']);
  });
});

test('a store that Docker had before goes on as it was: neither the step nor the proxy waits for it to go', async () => {
  const daemonJson = { 'cluster-store': 'etcd://localhost:2379', 'cluster-advertise': '10.0.1.11:62376' };
  await onHost({ docker: { daemonJson } }, async (bench) => {
    const before = bench.picture();
    await bench.giveTurn();
    await bench.bring('etcd-proxy');
    await bench.bring('docker');
    const docker = bench.run('docker', { version: LATER });
    await docker.until('ready');
    const proxy = bench.run('etcd-proxy', { mode: 'absent', version: LATER });
    const { detail } = await proxy.until('ready');
    assert.deepEqual(detail.left, ['the store etcd://localhost:2379 that Docker had before this proxy']);
    await docker.stop();
    await bench.bring('docker', { mode: 'absent', version: '2026-11-26T00:00:00.000Z' });
    await proxy.stop();
    assertSame(bench.picture(), before);
  });
});
