// libnetwork and node: a container each, kept by a unit.
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { StepName } from '../../src/steps/state.ts';
import { assertSame, type Bench, type HostOptions, onHost } from './bench.ts';
import { optionsWith } from './options.ts';

const ETCD = { 'run-proxy': false, 'etcd-endpoints': 'http://10.0.0.11:2379' };
const DIRECT = optionsWith({ etcd: ETCD });
const STORE = { 'cluster-store': 'etcd://10.0.0.11:2379', 'cluster-advertise': '10.0.1.11:62376' };
const WITH_STORE: HostOptions = { docker: { daemonJson: STORE } };

const container = (bench: Bench, name: string) => bench.host.machine.engine.find(name);
const pulls = (bench: Bench) =>
  bench.host.calls.filter(({ name, args }) => name === 'docker' && args.includes('pull')).length;

function remember(bench: Bench, step: StepName, what: string, secondsAgo: number): void {
  mkdirSync(bench.host.path('/run/dcos-calico/memo'), { recursive: true });
  writeFileSync(
    bench.host.path(`/run/dcos-calico/memo/${step}.json`),
    JSON.stringify({ since: { [what]: Date.now() / 1000 - secondsAgo } }),
  );
}

for (const [step, name] of [
  ['libnetwork', 'calico-libnetwork'],
  ['node', 'calico-node'],
] as const) {
  test(`${step}: waits for its turn, pulls, runs, and a second run changes nothing`, async () => {
    await onHost(WITH_STORE, async (bench) => {
      const before = bench.picture();
      const task = bench.run(step, { options: DIRECT });
      await task.until('waiting for turn');
      assertSame(bench.picture(), before);
      assert.equal(pulls(bench), 0);
      await bench.giveTurn();
      await task.until('ready');
      await task.stop();
      const { options, running } = container(bench, name)!;
      assert.ok(running);
      assert.equal(options.restart, 'no');
      assert.equal(options.network, 'host');
      assert.equal(options.memory, 256 * 1024 * 1024);
      assert.equal(options.cpuShares, 204);
      const after = bench.picture();
      await bench.endTurn();
      await bench.bring(step, { options: DIRECT });
      assertSame(bench.picture(), after);
      assert.equal(pulls(bench), 1);
    });
  });

  test(`${step}: a container that died, a stopped unit and a lost unit file are mended without a turn`, async () => {
    await onHost(WITH_STORE, async (bench) => {
      await bench.giveTurn();
      await bench.bring(step, { options: DIRECT });
      await bench.endTurn();
      const unit = `dcos-calico-${step}.service`;
      const after = bench.picture();
      for (const lose of [
        () => bench.host.machine.systemd.stop(unit),
        () => rmSync(bench.host.path(`/etc/systemd/system/${unit}`)),
        () => rmSync(bench.host.path(`/etc/systemd/system/multi-user.target.wants/${unit}`)),
      ]) {
        await lose();
        await bench.bring(step, { options: DIRECT });
        assertSame(bench.picture(), after);
      }
    });
  });

  test(`${step}: a new image is pulled while the old container runs, and only in its turn`, async () => {
    await onHost(WITH_STORE, async (bench) => {
      await bench.giveTurn();
      await bench.bring(step, { options: DIRECT });
      await bench.endTurn();
      const old = container(bench, name)!.id;
      const image = 'registry.example/calico/node-libnetwork:v9';
      const changed = optionsWith({
        etcd: ETCD,
        libnetwork: { 'override-libnetwork-image': image },
        node: {
          'override-node-image':
            step === 'node' ? 'registry.example/calico/node:v9' : DIRECT.node['override-node-image'],
        },
      });
      const task = bench.run(step, { options: changed, version: '2026-11-25T00:00:00.000Z' });
      await task.until('waiting for turn');
      assert.equal(container(bench, name)!.id, old);
      bench.host.setFaults({ docker: { pull: { fail: 1, stderr: 'manifest unknown\n' } } });
      await bench.giveTurn();
      assert.match((await task.until('failed')).reason, /cannot be pulled: manifest unknown/);
      assert.equal(container(bench, name)!.id, old);
      assert.ok(container(bench, name)!.running);
      bench.host.setFaults({});
      await task.until('ready');
      assert.match(container(bench, name)!.options.image, /:v9$/);
    });
  });

  test(`${step}: an upgrade that failed and was taken back: the host is held to what it has again`, async () => {
    await onHost(WITH_STORE, async (bench) => {
      await bench.giveTurn();
      await bench.bring(step, { options: DIRECT });
      const after = bench.picture();
      const image = 'registry.example/calico/new:v9';
      const changed = optionsWith({
        etcd: ETCD,
        [step]: { [`override-${step}-image`]: image },
      });
      bench.host.setFaults({ docker: { pull: { fail: 1, stderr: 'manifest unknown\n' } } });
      const upgrade = bench.run(step, { options: changed, version: '2026-11-25T00:00:00.000Z' });
      await upgrade.until('failed');
      await upgrade.stop();
      bench.host.setFaults({});
      await bench.endTurn();
      const back = { options: DIRECT, version: '2026-11-26T00:00:00.000Z' };
      await bench.bring(step, back);
      assertSame(bench.picture(), after);
      await bench.host.machine.systemd.stop(`dcos-calico-${step}.service`);
      await bench.bring(step, back);
      assertSame(bench.picture(), after);
      container(bench, name)!.options.labels['com.mesosphere.dcos-calico.wanted'] = 'edited';
      await bench.run(step, back).until('drifted');
    });
  });

  test(`${step}: somebody else's container of that name is left alone`, async () => {
    await onHost(
      { docker: { daemonJson: STORE, containers: [{ name, image: 'other:1' }] } },
      async (bench) => {
        await bench.giveTurn();
        const before = bench.picture();
        const status = await bench.run(step, { options: DIRECT }).until('failed');
        assert.match(
          status.reason,
          new RegExp(`a container ${name} on this agent that this step did not start`),
        );
        assertSame(bench.picture(), before);
        await bench.bring(step, { options: DIRECT, mode: 'absent', version: '2026-11-25T00:00:00.000Z' });
        assertSame(bench.picture(), before);
      },
    );
  });

  test(`${step}: off again leaves nothing on the host`, async () => {
    await onHost(WITH_STORE, async (bench) => {
      const before = bench.picture();
      await bench.giveTurn();
      await bench.bring(step, { options: DIRECT });
      await bench.endTurn();
      const task = bench.run(step, { options: DIRECT, mode: 'absent', version: '2026-11-25T00:00:00.000Z' });
      await task.until('waiting for turn');
      await bench.giveTurn();
      await task.until('ready');
      const links = (picture: Record<string, string>) => ({ ...picture, 'model: kernel': '' });
      assertSame(links(bench.picture()), links(before));
      const { tables, ipsets, routes } = bench.host.machine.kernel;
      assert.doesNotMatch(JSON.stringify([tables, [...ipsets.keys()], routes]), /cali|bird/);
      assert.deepEqual(
        [...bench.world.keys.keys()].filter((key) => key.includes('/host/10.0.1.11')),
        [],
      );
    });
  });

  test(`${step}: Docker that is down, and registry credentials from the agent`, async () => {
    await onHost({ docker: { state: 'stopped' } }, async (bench) => {
      assert.match(
        (await bench.run(step, { options: DIRECT }).until('failed')).reason,
        /^Docker does not answer on this agent/,
      );
    });
    await onHost(WITH_STORE, async (bench) => {
      await bench.giveTurn();
      await bench.bring(step, {
        options: optionsWith({ etcd: ETCD, registry: { 'config-dir': '/etc/registry' } }),
      });
      const pull = bench.host.calls.find(
        ({ name: command, args }) => command === 'docker' && args.includes('pull'),
      )!;
      assert.deepEqual(pull.args.slice(0, 2), ['--config', bench.host.path('/etc/registry')]);
    });
  });
}

test('libnetwork: waits for Docker to have a store', async () => {
  await onHost({}, async (bench) => {
    const status = await bench.run('libnetwork', { options: DIRECT }).until('waiting for step');
    assert.equal(status.reason, 'waits for Docker to have a cluster store');
    assert.deepEqual(status.needs, ['docker']);
  });
});

test('libnetwork: a plugin that does not answer is not ready', async () => {
  await onHost({ ...WITH_STORE, faults: { libnetwork: { start: { do: 'never-ready' } } } }, async (bench) => {
    await bench.giveTurn();
    const task = bench.run('libnetwork', { options: DIRECT });
    await task.until(({ reason }) => reason === 'the plugin runs and does not answer yet');
    await task.stop();
    remember(bench, 'libnetwork', 'silent', 61);
    assert.match(
      (await bench.run('libnetwork', { options: DIRECT }).until('failed')).reason,
      /its socket .* does not answer/,
    );
  });
});

test('node: the container has what Calico 2.6 needs, and TLS files where they are', async () => {
  await onHost(WITH_STORE, async (bench) => {
    await bench.giveTurn();
    for (const file of ['ca', 'cert', 'key']) writeFileSync(bench.host.path(`/etc/${file}.pem`), file);
    const options = optionsWith({
      etcd: { ...ETCD, 'ca-file': '/etc/ca.pem', 'cert-file': '/etc/cert.pem', 'key-file': '/etc/key.pem' },
      node: { interface: 'eth1', ipip: 'always', 'nat-outgoing': false, 'pool-cidr': '10.9.0.0/16' },
    });
    await bench.bring('node', { options });
    const { env, binds, privileged } = container(bench, 'calico-node')!.options;
    assert.ok(privileged);
    for (const wanted of [
      'NODENAME=10.0.1.11',
      'FELIX_IGNORELOOSERPF=true',
      'CALICO_LIBNETWORK_ENABLED=false',
      'CALICO_NETWORKING_BACKEND=bird',
      'CALICO_IPV4POOL_CIDR=10.9.0.0/16',
      'CALICO_IPV4POOL_IPIP=always',
      'CALICO_IPV4POOL_NAT_OUTGOING=false',
      'IP_AUTODETECTION_METHOD=interface=eth1',
      'ETCD_CA_CERT_FILE=/etc/ca.pem',
      'ETCD_CERT_FILE=/etc/cert.pem',
      'ETCD_KEY_FILE=/etc/key.pem',
    ]) {
      assert.ok(env.includes(wanted), wanted);
    }
    for (const wanted of [
      '/lib/modules:/lib/modules:ro',
      '/var/run/calico:/var/run/calico',
      '/etc/key.pem:/etc/key.pem:ro',
    ]) {
      assert.ok(binds.includes(wanted), wanted);
    }
  });
});

test('node: pool options on a network that has a pool are told, and change nothing there', async () => {
  await onHost(WITH_STORE, async (bench) => {
    const pool = '/calico/v1/ipam/v4/pool/192.168.0.0-16';
    // A mode that is not used may stand there.
    const there = '{"cidr": "192.168.0.0/16", "ipip": "", "ipip_mode": "always", "masquerade": true}';
    bench.world.keys.set(pool, there);
    await bench.giveTurn();
    const same = await bench.bring('node', { options: DIRECT });
    assert.deepEqual(same.detail.pools, ['192.168.0.0/16']);
    assert.equal(same.detail.pool, undefined);
    const later = { version: '2026-11-25T00:00:00.000Z' };
    const ipip = optionsWith({ etcd: ETCD, node: { ipip: 'always' } });
    assert.equal(
      (await bench.bring('node', { options: ipip, ...later })).detail.pool,
      'the pool 192.168.0.0/16 is there already, and stays as it is: ipip is off',
    );
    const other = optionsWith({ etcd: ETCD, node: { 'pool-cidr': '10.9.0.0/16' } });
    assert.equal(
      (await bench.bring('node', { options: other, version: '2026-11-26T00:00:00.000Z' })).detail.pool,
      'Calico has the pool 192.168.0.0/16 already: 10.9.0.0/16 of the options is not made',
    );
    assert.equal(bench.world.keys.get(pool), there);
  });
});

test('node: Felix that does not report is not ready, whatever an earlier one has left', async () => {
  await onHost({ ...WITH_STORE, faults: { felix: { status: { do: 'stale' } } } }, async (bench) => {
    bench.world.keys.set(
      '/calico/felix/v1/host/10.0.1.11/status',
      '{"time":"2020-01-01T00:00:00Z","uptime":1}',
    );
    await bench.giveTurn();
    const task = bench.run('node', { options: DIRECT });
    await task.until(({ reason }) => /Felix has not reported yet/.test(reason));
    const started = container(bench, 'calico-node')!;
    started.started -= 100_000;
    assert.match((await task.until('failed')).reason, /Felix has not reported to etcd for 90 s/);
  });
});

test('node: sessions n of m; none up is failed, fewer is said', async () => {
  await onHost(WITH_STORE, async (bench) => {
    const { keys } = bench.world;
    for (const other of ['10.0.1.12', '10.0.1.13']) {
      keys.set(`/calico/bgp/v1/host/${other}/ip_addr_v4`, other);
      keys.set(`/calico/felix/v1/host/${other}/status`, '{}');
    }
    await bench.giveTurn();
    const task = bench.run('node', { options: DIRECT });
    assert.deepEqual((await task.until('ready')).detail.bgp, { up: 2, of: 2, down: [] });
    bench.host.setFaults({ bird: { '10.0.1.12': { do: 'down' } } });
    const fewer = await task.until(({ detail }) => detail.degraded !== undefined);
    assert.equal(fewer.state, 'ready');
    assert.equal(fewer.detail.degraded, '1 of 2 BGP sessions up');
    bench.host.setFaults({ bird: { peers: { do: 'down' } } });
    assert.match((await task.until('working')).reason, /none of BIRD's 2 BGP sessions is up yet/);
    container(bench, 'calico-node')!.started -= 100_000;
    keys.set('/calico/felix/v1/host/10.0.1.11/status', JSON.stringify({ time: new Date().toISOString() }));
    await task.stop();
    remember(bench, 'node', 'no session', 61);
    assert.match(
      (await bench.run('node', { options: DIRECT }).until('failed')).reason,
      /none of BIRD's 2 BGP sessions is up/,
    );
  });
});

test('node: a container that does not stay up is failed, with its own last words', async () => {
  await onHost(
    { ...WITH_STORE, faults: { node: { start: { fail: 1, stderr: 'no kernel for me' } } } },
    async (bench) => {
      await bench.giveTurn();
      const task = bench.run('node', { options: DIRECT });
      await task.until(({ reason }) => reason === 'the container calico-node is starting');
      await task.stop();
      remember(bench, 'node', 'start', 61);
      assert.match(
        (await bench.run('node', { options: DIRECT }).until('failed')).reason,
        /does not stay up: no kernel for me/,
      );
    },
  );
});

test('node: the name stays when the address changes', async () => {
  await onHost(WITH_STORE, async (bench) => {
    await bench.giveTurn();
    await bench.bring('node', { options: DIRECT });
    writeFileSync(bench.host.path('/opt/mesosphere/bin/detect_ip'), '#!/bin/sh\necho 10.0.1.99\n', {
      mode: 0o755,
    });
    const status = await bench.bring('node', { options: DIRECT });
    assert.equal(status.wanted.node, '10.0.1.11');
  });
});

test('node: routes of BIRD into our pools go, others stay', async () => {
  await onHost(WITH_STORE, async (bench) => {
    await bench.giveTurn();
    await bench.bring('node', { options: DIRECT });
    const { kernel } = bench.host.machine;
    kernel.routes.push(
      { destination: '192.168.7.0/26', via: '10.0.1.12', dev: 'eth0', proto: 'bird' },
      { destination: '192.168.8.0/26', proto: 'bird', blackhole: true },
      { destination: '172.31.0.0/16', via: '10.0.1.1', dev: 'eth0', proto: 'bird' },
    );
    kernel.tables[4].filter!.FORWARD!.push('-s 10.0.0.0/8 -j ACCEPT');
    await bench.bring('node', { options: DIRECT, mode: 'absent' });
    assert.deepEqual(
      kernel.routes.filter(({ proto }) => proto === 'bird').map(({ destination }) => destination),
      ['172.31.0.0/16'],
    );
    assert.deepEqual(kernel.tables[4].filter!.FORWARD, ['-s 10.0.0.0/8 -j ACCEPT']);
    assert.ok(!kernel.link('tunl0')?.addresses.length);
  });
});
