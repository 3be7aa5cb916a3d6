// Options that change on an installed host: what depends on them changes in its turn, and nothing else is touched.
import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import type { Options } from '../../src/options/types.ts';
import type { StepName } from '../../src/steps/state.ts';
import { assertSame, type Bench, onHost, type Picture } from './bench.ts';
import { optionsWith } from './options.ts';
import { FILES, sha256 } from './world.ts';

const PROXY = optionsWith();
const STATIC = optionsWith({ etcd: { 'run-proxy': false, 'etcd-endpoints': 'http://10.0.0.11:2379' } });
const ALL: StepName[] = ['etcd-proxy', 'docker', 'cni', 'libnetwork', 'node'];
const WITHOUT_PROXY = ALL.slice(1);
const turn = (n: number) => ({
  allows: 'restart',
  task: `2026-11-26T00:0${n}:00.000Z_turn.${n}`,
  interrupts: '*=*',
});

let versions = 0;
const later = () => ({ version: `2026-11-25T00:00:00.${String(++versions).padStart(3, '0')}Z` });

async function bringAll(bench: Bench, steps: StepName[], options: Options): Promise<void> {
  for (const step of steps) await bench.bring(step, { options, ...later() });
}

/** Without our own records: those of files, units and containers that were not touched may say when they were looked at. */
const except = (picture: Picture, pattern: RegExp): Picture =>
  Object.fromEntries(Object.entries(picture).filter(([key]) => !pattern.test(key)));

test('from the proxy to endpoints and back: Docker is restarted once each way, and the proxy goes when nothing uses it', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn(turn(1));
    await bringAll(bench, ALL, PROXY);
    assert.equal(bench.host.machine.engine.store, 'etcd://localhost:2379');
    const proxy = bench.run('etcd-proxy', { options: STATIC, mode: 'absent', ...later() });
    const waits = await proxy.until('waiting for step');
    assert.equal(waits.reason, 'goes last: used on this agent by docker, cni, libnetwork, node');
    await bench.endTurn();
    await bench.giveTurn(turn(2));
    await bringAll(bench, WITHOUT_PROXY, STATIC);
    await proxy.until('ready');
    await proxy.stop();
    assert.equal(bench.host.machine.engine.store, 'etcd://10.0.0.11:2379');
    assert.equal(await bench.host.read('/etc/systemd/system/dcos-calico-etcd-proxy.service'), undefined);
    for (const name of ['calico-libnetwork', 'calico-node'])
      assert.ok(
        bench.host.machine.engine.find(name)!.options.env.includes('ETCD_ENDPOINTS=http://10.0.0.11:2379'),
      );
    assert.match((await bench.host.read('/opt/mesosphere/etc/dcos/network/cni/calico.cni'))!, /10\.0\.0\.11/);
    await bench.endTurn();
    await bench.giveTurn(turn(3));
    await bringAll(bench, ALL, PROXY);
    assert.equal(bench.host.machine.engine.store, 'etcd://localhost:2379');
    assert.equal(
      bench.host.calls.filter(({ args }) => args.includes('RestartUnit') && args.includes('docker.service'))
        .length,
      2,
    );
  });
});

test('another port to advertise is taken on reload: Docker is told, and not restarted', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn(turn(1));
    await bench.bring('docker', { options: STATIC, ...later() });
    await bench.endTurn();
    const other = optionsWith({ etcd: STATIC.etcd, docker: { 'cluster-advertise-port': 2377 } });
    const task = bench.run('docker', { options: other, ...later() });
    await task.until('waiting for turn');
    await bench.giveTurn();
    await task.until('ready');
    assert.equal(bench.host.machine.engine.shown.advertise, '10.0.1.11:2377');
    assert.ok(bench.world.keys.has('/docker/nodes/10.0.1.11:2377'));
    assert.equal(
      bench.host.calls.some(({ args }) => args.includes('RestartUnit')),
      false,
    );
  });
});

test('a new plugin takes the place of the old one by rename, and nothing else of the host changes', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn(turn(1));
    await bringAll(bench, WITHOUT_PROXY, STATIC);
    await bench.endTurn();
    const before = bench.picture();
    const plugin = bench.host.path('/opt/mesosphere/active/cni/calico');
    const { ino } = statSync(plugin);
    FILES['calico-v2'] = Buffer.from('#!/bin/sh\n# another calico\n');
    const url = 'https://github.com/projectcalico/cni-plugin/releases/download/v9/calico-v2';
    const upgraded = optionsWith({
      etcd: STATIC.etcd,
      artifacts: { calico: { url, sha256: sha256(FILES['calico-v2']) } },
    });
    const task = bench.run('cni', { options: upgraded, ...later() });
    await task.until('waiting for turn');
    assertSame(bench.picture(), before);
    await bench.giveTurn();
    await task.until('ready');
    assert.equal(await bench.host.read('/opt/mesosphere/active/cni/calico'), FILES['calico-v2'].toString());
    assert.notEqual(statSync(plugin).ino, ino);
    const ours =
      /^\/opt\/mesosphere\/packages\/.*\/calico$|^\/var\/lib\/dcos-calico\/(artifacts|cni\/calico$|steps\/cni)/;
    assertSame(except(bench.picture(), ours), except(before, ours));
    for (const step of ['docker', 'libnetwork', 'node'] as const)
      await bench.bring(step, { options: upgraded, ...later() });
    assertSame(except(bench.picture(), ours), except(before, ours));
  });
});

test('an upgrade of calico/node: pulled before the old one stops, which goes on where the pull fails; its image stays', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn(turn(1));
    await bringAll(bench, ['docker', 'node'], STATIC);
    await bench.endTurn();
    const old = STATIC.node['override-node-image'];
    const upgraded = optionsWith({
      etcd: STATIC.etcd,
      node: { 'override-node-image': 'quay.io/calico/node:v2.6.13' },
    });
    const task = bench.run('node', { options: upgraded, ...later() });
    await task.until('waiting for turn');
    await bench.giveTurn();
    await task.until('ready');
    const names = bench.host.calls
      .filter(({ name }) => name === 'docker' || name === 'busctl')
      .map(({ args }) => args.join(' '));
    const pull = names.findLastIndex((line) => line.startsWith('pull quay.io/calico/node:v2.6.13'));
    const restart = names.findLastIndex((line) => line.includes('RestartUnit ss dcos-calico-node.service'));
    assert.ok(pull >= 0 && pull < restart);
    assert.ok(bench.host.machine.engine.image(old));
    assert.equal(bench.host.machine.engine.find('calico-node')!.options.image, 'quay.io/calico/node:v2.6.13');
  });
});

test('a step that is disabled leaves what it did not do alone, and can be enabled again', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn(turn(1));
    await bringAll(bench, ['docker', 'cni', 'node'], STATIC);
    const before = bench.picture();
    await bench.bring('libnetwork', { options: STATIC, ...later() });
    const libnetwork = bench.picture();
    await bench.bring('libnetwork', { options: STATIC, mode: 'absent', ...later() });
    const memo = /steps$/;
    assertSame(except(bench.picture(), memo), except(before, memo));
    await bench.bring('libnetwork', { options: STATIC, ...later() });
    assertSame(except(bench.picture(), memo), except(libnetwork, memo));
  });
});
