import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { assertSame, type Bench, onHost } from './bench.ts';
import { optionsWith } from './options.ts';

const UNIT = '/etc/systemd/system/dcos-calico-etcd-proxy.service';
const MEMBERS = '/var/lib/dcos-calico/etcd-proxy/proxy/cluster';
const restarts = (bench: Bench) => bench.host.calls.filter(({ args }) => args.includes('RestartUnit')).length;

/** As if nothing had answered for that long. */
function silentFor(bench: Bench, secondsAgo: number): void {
  mkdirSync(bench.host.path('/run/dcos-calico/memo'), { recursive: true });
  writeFileSync(
    bench.host.path('/run/dcos-calico/memo/etcd-proxy.json'),
    JSON.stringify({ since: { silent: Date.now() / 1000 - secondsAgo } }),
  );
}

test('the proxy is fetched, runs as a unit before Docker, and is ready by a quorum read', async () => {
  await onHost({}, async (bench) => {
    const before = bench.picture();
    const task = bench.run('etcd-proxy');
    await task.until('waiting for turn');
    assertSame(bench.picture(), before);
    await bench.giveTurn();
    const status = await task.until('ready');
    assert.equal(status.found.unit, 'active');
    assert.equal(status.detail.cluster, bench.world.clusterId);
    const unit = (await bench.host.read(UNIT))!;
    assert.match(unit, /^Before=docker\.service$/m);
    assert.doesNotMatch(unit, /^Requires/m);
    assert.match(unit, /"--initial-cluster=etcd0=http:\/\/10\.0\.0\.11:2380"/);
    assert.equal(statSync(bench.host.path('/opt/dcos-calico/bin/etcd')).mode & 0o777, 0o755);
    assert.match((await bench.host.read('/opt/dcos-calico/bin/etcd'))!, /# etcd/);
    await task.stop();
    const after = bench.picture();
    await bench.endTurn();
    await bench.bring('etcd-proxy');
    assertSame(bench.picture(), after);
    assert.equal(restarts(bench), 1);
  });
});

test('static endpoints: the members are asked at their peer URLs', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn();
    const options = optionsWith({
      etcd: { 'proxy-endpoints': ['http://10.0.0.99:2379', 'http://10.0.0.12:2379'] },
    });
    await bench.bring('etcd-proxy', { options });
    assert.match((await bench.host.read(UNIT))!, /"--initial-cluster=etcd0=http:\/\/10\.0\.0\.11:2380"/);
  });
});

test('static endpoints that do not answer are named', async () => {
  await onHost({}, async (bench) => {
    bench.world.etcdIsDown = true;
    const options = optionsWith({ etcd: { 'proxy-endpoints': ['http://10.0.0.12:2379'] } });
    const status = await bench.run('etcd-proxy', { options }).until('failed');
    assert.match(status.reason, /no member of etcd answers at http:\/\/10\.0\.0\.12:2379/);
  });
});

test('a port taken by something else is told, and nothing is touched', async () => {
  await onHost({ portsInUse: { 2379: 'etcd-of-mine' } }, async (bench) => {
    await bench.giveTurn();
    const before = bench.picture();
    const status = await bench.run('etcd-proxy').until('failed');
    assert.equal(
      status.reason,
      'port 2379 of this agent is taken by something else: on the agent, ss -ltnp says by what',
    );
    assertSame(bench.picture(), before);
  });
});

test('no quorum: working at first, then failed, with the answer', async () => {
  await onHost({}, async (bench) => {
    bench.world.etcdIsDown = true;
    await bench.giveTurn();
    const task = bench.run('etcd-proxy');
    assert.match(
      (await task.until(({ reason }) => /no quorum/.test(reason))).reason,
      /no quorum of etcd answers through localhost:2379/,
    );
    await task.stop();
    silentFor(bench, 61);
    await bench.run('etcd-proxy').until('failed');
    bench.world.etcdIsDown = false;
  });
});

test('a record that names nothing is said', async () => {
  await onHost({}, async (bench) => {
    bench.host.machine.reach.set({ ...bench.world.network(), srv: {} });
    bench.world.peerUrls = [];
    await bench.giveTurn();
    const task = bench.run('etcd-proxy');
    await task.until(({ reason }) => /no quorum/.test(reason));
    await task.stop();
    silentFor(bench, 70);
    const status = await bench.run('etcd-proxy').until('failed');
    assert.match(status.reason, /the record _etcd-server\._tcp\.etcd\.mesos names nothing$/);
  });
});

test('etcd that moved is followed, by this unit alone', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn();
    await bench.bring('etcd-proxy');
    await bench.endTurn();
    assert.deepEqual(JSON.parse((await bench.host.read(MEMBERS))!), { PeerURLs: ['http://10.0.0.11:2380'] });
    const { routes } = bench.world.network();
    const { '10.0.0.11': gone, ...others } = routes!;
    assert.ok(gone);
    bench.world.peerUrls = ['http://10.0.0.12:2380'];
    bench.host.machine.reach.set({
      routes: others,
      srv: { '_etcd-server._tcp.etcd.mesos': ['10.0.0.12:2380'] },
    });
    const early = bench.run('etcd-proxy');
    await early.until('working');
    assert.equal(restarts(bench), 1);
    await early.stop();
    silentFor(bench, 61);
    await bench.bring('etcd-proxy');
    assert.deepEqual(JSON.parse((await bench.host.read(MEMBERS))!), { PeerURLs: ['http://10.0.0.12:2380'] });
    assert.equal(restarts(bench), 2);
  });
});

test('another cluster behind the new address is refused', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn();
    await bench.bring('etcd-proxy');
    const { '10.0.0.11': _, ...others } = bench.world.network().routes!;
    bench.world.peerUrls = ['http://10.0.0.12:2380'];
    bench.world.clusterId = 'ffff';
    bench.host.machine.reach.set({ routes: others, srv: {} });
    silentFor(bench, 61);
    const status = await bench.run('etcd-proxy').until('failed');
    assert.match(status.reason, /is another etcd cluster \(ffff\) than before \(48276a8f75b6a87\)/);
    assert.deepEqual(JSON.parse((await bench.host.read(MEMBERS))!), { PeerURLs: ['http://10.0.0.11:2380'] });
  });
});

test('a plain binary instead of an archive', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn();
    const options = optionsWith({ artifacts: { etcd: { url: 'http://mirror.example/calico', sha256: '' } } });
    await bench.bring('etcd-proxy', { options });
    assert.match(readFileSync(bench.host.path('/opt/dcos-calico/bin/etcd'), 'utf8'), /# calico\n/);
  });
});

test('an archive without etcd, or a broken one, is said', async () => {
  for (const [content, reason] of [
    [Buffer.from([0x1f, 0x8b, 1, 2, 3]), /the archive of etcd cannot be read/],
    [
      (await import('node:zlib')).gzipSync((await import('./world.ts')).tarOf('x/README', Buffer.from('a'))),
      /holds no file of that name/,
    ],
  ] as const) {
    await onHost({}, async (bench) => {
      bench.world.instead.set('etcd-v3.3.27-linux-amd64.tar.gz', (response) => response.end(content));
      await bench.giveTurn();
      assert.match((await bench.run('etcd-proxy').until('failed')).reason, reason);
      assert.equal(await bench.host.read(UNIT), undefined);
    });
  }
});

test('a lost unit, link or binary and a stopped proxy are mended without a turn', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn();
    await bench.bring('etcd-proxy');
    await bench.endTurn();
    const after = bench.picture();
    for (const lose of [
      () => rmSync(bench.host.path(UNIT)),
      () =>
        rmSync(bench.host.path('/etc/systemd/system/multi-user.target.wants/dcos-calico-etcd-proxy.service')),
      () => rmSync(bench.host.path('/opt/dcos-calico/bin/etcd')),
      () => rmSync(bench.host.path('/var/lib/dcos-calico/artifacts'), { recursive: true }),
      () => bench.host.machine.systemd.stop('dcos-calico-etcd-proxy.service'),
    ]) {
      await lose();
      await bench.bring('etcd-proxy');
      assertSame(bench.picture(), after);
    }
  });
});

test('off again: it goes last, and leaves nothing', async () => {
  await onHost({}, async (bench) => {
    const before = bench.picture();
    await bench.giveTurn();
    await bench.bring('etcd-proxy');
    await bench.bring('cni');
    const task = bench.run('etcd-proxy', { mode: 'absent', version: '2026-11-25T00:00:00.000Z' });
    const status = await task.until('waiting for step');
    assert.equal(status.reason, 'goes last: used on this agent by cni');
    assert.deepEqual(status.needs, ['cni']);
    await bench.bring('cni', { mode: 'absent', version: '2026-11-25T00:00:00.000Z' });
    await task.until('ready');
    assertSame(bench.picture(), before);
  });
});
