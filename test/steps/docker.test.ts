import assert from 'node:assert/strict';
import { statSync, utimesSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { assertSame, type Bench, type HostOptions, onHost, type RunOptions } from './bench.ts';
import { optionsWith } from './options.ts';

const STORE = 'etcd://10.0.0.11:2379';
const DIRECT = optionsWith({ etcd: { 'run-proxy': false, 'etcd-endpoints': 'http://10.0.0.11:2379' } });
const KEYS = { 'cluster-store': STORE, 'cluster-advertise': '10.0.1.11:62376' };

const daemonJson = async (bench: Bench) => bench.host.read('/etc/docker/daemon.json');
/** Somebody edits the file after Docker has started. A file's times are those of the kernel's last tick, some ms ago. */
function edit(bench: Bench, text: string): void {
  const file = bench.host.path('/etc/docker/daemon.json');
  do writeFileSync(file, text);
  while (statSync(file).ctimeMs <= bench.host.machine.engine.startedAt);
}

const reloads = (bench: Bench) => bench.host.calls.filter(({ args }) => args.includes('KillUnit')).length;
const restarts = (bench: Bench) =>
  bench.host.calls.filter(
    ({ args }) => /RestartUnit|StartUnit|StopUnit/.test(args.join(' ')) && args.includes('docker.service'),
  ).length;

test('a first store waits for its turn, is written, taken on reload and proved in etcd', async () => {
  await onHost({}, async (bench) => {
    const before = bench.picture();
    const task = bench.run('docker', { options: DIRECT });
    const waiting = await task.until('waiting for turn');
    assert.equal(waiting.reason, "waits for this agent's turn");
    assert.deepEqual(waiting.needs, ['turn']);
    assertSame(bench.picture(), before);
    await bench.giveTurn();
    const ready = await task.until('ready');
    assert.deepEqual(JSON.parse((await daemonJson(bench))!), KEYS);
    assert.equal(ready.found['cluster-store'], STORE);
    assert.equal(bench.host.machine.engine.store, STORE);
    assert.ok(bench.world.keys.has('/docker/nodes/10.0.1.11:62376'));
    assert.equal(reloads(bench), 1);
    assert.equal(restarts(bench), 0);
    await task.stop();
    const after = bench.picture();
    await bench.endTurn();
    await bench.bring('docker', { options: DIRECT });
    assertSame(bench.picture(), after);
    assert.equal(reloads(bench), 1);
  });
});

test('daemon.json keeps its other keys, their order, its indentation and its mode', async () => {
  const text = '{\n    "log-driver": "json-file",\n    "labels": ["z=1", "a=ü"],\n    "debug": false\n}\n';
  await onHost({ docker: { daemonJson: text } }, async (bench) => {
    const { chmodSync, statSync } = await import('node:fs');
    chmodSync(bench.host.path('/etc/docker/daemon.json'), 0o640);
    // Older than the engine's start: nothing of it is pending.
    await bench.host.machine.systemd.restart('docker.service');
    await bench.giveTurn();
    await bench.bring('docker', { options: DIRECT });
    assert.equal(
      await daemonJson(bench),
      '{\n    "log-driver": "json-file",\n    "labels": [\n        "z=1",\n        "a=ü"\n    ],\n    "debug": false,\n' +
        `    "cluster-store": "${STORE}",\n    "cluster-advertise": "10.0.1.11:62376"\n}\n`,
    );
    assert.equal(statSync(bench.host.path('/etc/docker/daemon.json')).mode & 0o777, 0o640);
    assert.equal(await bench.host.read('/var/lib/dcos-calico/backup/daemon.json'), text);
  });
});

test('half of a surrogate pair, which UTF-8 cannot hold, stays in daemon.json as it is written there', async () => {
  await onHost({ docker: { daemonJson: '{"labels": ["a=\\ud800"]}' } }, async (bench) => {
    await bench.host.machine.systemd.restart('docker.service');
    await bench.giveTurn();
    await bench.bring('docker', { options: DIRECT });
    assert.match((await daemonJson(bench))!, /"a=\\ud800"/);
  });
});

test('the same store already is taken as it is: nothing is touched', async () => {
  for (const docker of [
    { daemonJson: KEYS },
    { daemonJson: { ...KEYS, 'cluster-advertise': 'eth0:2376' } },
    { flags: [`--cluster-store=${STORE}`, '--cluster-advertise=10.0.1.11:2375'] },
  ]) {
    await onHost({ docker }, async (bench) => {
      if (JSON.stringify(docker).includes('eth0')) bench.world.keys.set('/docker/nodes/10.0.1.11:2376', 'x');
      const before = bench.picture();
      const status = await bench.bring('docker', { options: DIRECT });
      assert.equal(status.detail.adopted, 'the store was there already');
      assertSame(bench.picture(), before);
      assert.equal(reloads(bench) + restarts(bench), 0);
      // What is not ours stays when the step goes.
      await bench.bring('docker', { options: DIRECT, mode: 'absent' });
      assertSame(bench.picture(), before);
    });
  }
});

interface Stop {
  name: string;
  host: HostOptions;
  options?: RunOptions;
  reason: RegExp;
  state?: string;
  prepare?(bench: Bench): void;
}

const STOPS: Stop[] = [
  {
    name: 'another store in daemon.json',
    host: {
      docker: {
        daemonJson: { 'cluster-store': 'zk://10.0.0.1:2181', 'cluster-advertise': '10.0.1.11:2376' },
      },
    },
    reason: /^Docker already uses zk:\/\/10\.0\.0\.1:2181 as its store$/,
  },
  {
    name: 'another store in daemon.json that the engine has not taken',
    host: {},
    prepare: (bench) =>
      writeFileSync(bench.host.path('/etc/docker/daemon.json'), '{"cluster-store": "zk://10.0.0.1:2181"}'),
    reason: /daemon\.json already names zk:\/\/10\.0\.0\.1:2181 as the store/,
  },
  {
    name: 'another store by a flag',
    host: {
      docker: { flags: ['--cluster-store=consul://10.0.0.1:8500', '--cluster-advertise=10.0.1.11:2376'] },
    },
    reason: /gets consul:\/\/10\.0\.0\.1:8500 as its cluster store by a flag/,
  },
  {
    name: 'invalid JSON',
    host: {},
    prepare: (bench) => writeFileSync(bench.host.path('/etc/docker/daemon.json'), '{"debug": true,'),
    reason: /daemon\.json is not valid JSON: nothing was changed/,
  },
  {
    name: 'JSON that is nested too deep to be read',
    host: {},
    prepare: (bench) => writeFileSync(bench.host.path('/etc/docker/daemon.json'), '['.repeat(20_000)),
    reason: /daemon\.json is not valid JSON: nothing was changed/,
  },
  {
    name: 'JSON that is no object',
    host: {},
    prepare: (bench) => writeFileSync(bench.host.path('/etc/docker/daemon.json'), '["debug"]'),
    reason: /not valid JSON/,
  },
  {
    name: 'other edits of daemon.json that a reload would take',
    host: {},
    prepare: (bench) =>
      edit(
        bench,
        '{"debug": true, "max-concurrent-downloads": 2, "live-restore": false, "default-runtime": "runc"}',
      ),
    reason:
      /has changes that Docker has not taken yet, and would take with ours: debug, max-concurrent-downloads$/,
  },
  {
    name: 'such edits with the times of an old file',
    host: {},
    prepare: (bench) => {
      edit(bench, '{"debug": true}');
      utimesSync(bench.host.path('/etc/docker/daemon.json'), 1, 1);
    },
    reason: /would take with ours: debug$/,
  },
  {
    name: 'Docker 23',
    host: { docker: { version: '23.0.6' } },
    reason: /^Docker 23\.0\.6 has no cluster store/,
  },
  {
    name: 'a newer Docker on the disk',
    host: { docker: { version: '20.10.24', versionOnDisk: '24.0.7' } },
    reason: /^the Docker on disk is 24\.0\.7, which has no cluster store/,
    prepare: (bench) => {
      bench.host.machine.engine.version = '20.10.24';
    },
  },
  {
    name: 'no Docker',
    host: { docker: { state: 'absent' } },
    reason: /^Docker is not installed on this agent$/,
  },
  {
    name: 'Docker that is down',
    host: { docker: { state: 'stopped' } },
    reason: /^Docker does not answer on this agent: Cannot connect/,
  },
  {
    name: 'etcd that does not answer',
    host: {},
    prepare: (bench) => {
      bench.world.etcdIsDown = true;
    },
    reason: /^etcd does not answer at http:\/\/10\.0\.0\.11:2379: /,
  },
  {
    name: 'an etcd proxy that is not there yet',
    host: {},
    options: { options: optionsWith() },
    state: 'waiting for step',
    reason: /^waits for the etcd proxy: http:\/\/localhost:2379: .*refused/,
  },
];

for (const { name, host, options, reason, state, prepare } of STOPS) {
  test(`stops, and touches nothing: ${name}`, async () => {
    await onHost(host, async (bench) => {
      prepare?.(bench);
      await bench.giveTurn();
      const before = bench.picture();
      const task = bench.run('docker', { options: DIRECT, ...options });
      const status = await task.until(state ?? 'failed');
      assert.match(status.reason, reason);
      assertSame(bench.picture(), before);
      assert.equal(reloads(bench) + restarts(bench), 0);
    });
  });
}

test('swarm mode is a stop', async () => {
  const info = JSON.stringify({ ServerVersion: '20.10.24', Swarm: { LocalNodeState: 'active' } });
  await onHost({}, async (bench) => {
    bench.host.setFaults({ docker: { info: { stdout: `${info}\n` } } });
    await bench.giveTurn();
    const status = await bench.run('docker', { options: DIRECT }).until('failed');
    assert.match(status.reason, /swarm mode/);
  });
});

test('other edits are taken too where the options say so', async () => {
  await onHost({}, async (bench) => {
    writeFileSync(bench.host.path('/etc/docker/daemon.json'), '{"debug": true}');
    await bench.giveTurn();
    const options = optionsWith({ etcd: DIRECT.etcd, docker: { 'apply-other-changes': true } });
    await bench.bring('docker', { options });
    assert.deepEqual(JSON.parse((await daemonJson(bench))!), { debug: true, ...KEYS });
  });
});

test('a reload that is not taken asks for a restart, and restarts nothing', async () => {
  await onHost({ faults: { dockerd: { reload: { do: 'ignored' } } } }, async (bench) => {
    await bench.giveTurn();
    const task = bench.run('docker', { options: DIRECT });
    const status = await task.until('restart pending');
    assert.deepEqual(status.needs, ['restart docker']);
    assert.match(status.reason, /did not take the cluster store on reload/);
    assert.equal(restarts(bench), 0);
    await bench.host.machine.systemd.restart('docker.service');
    await task.until('ready');
    assert.equal(reloads(bench), 1);
  });
});

test('an existing store is replaced only by option, and then needs a restart, whatever docker info says', async () => {
  const daemonJson = { 'cluster-store': 'etcd://10.0.0.12:2379', 'cluster-advertise': '10.0.1.11:62376' };
  await onHost({ docker: { daemonJson } }, async (bench) => {
    const options = optionsWith({ etcd: DIRECT.etcd, docker: { 'replace-cluster-store': true } });
    await bench.giveTurn();
    const task = bench.run('docker', { options });
    assert.match((await task.until('restart pending')).reason, /takes the new one only when it is restarted/);
    assert.equal(reloads(bench), 0);
    // Somebody reloads: docker info then shows a store that the engine does not use.
    bench.host.machine.systemd.kill('docker.service', 'SIGHUP');
    assert.equal(bench.host.machine.engine.shown.store, STORE);
    assert.notEqual(bench.host.machine.engine.store, STORE);
    const seen = (await task.until('restart pending')).checkedAt;
    await task.until((status) => status.checkedAt > seen && status.state === 'restart pending');
    await bench.host.machine.systemd.restart('docker.service');
    await task.until('ready');
  });
});

test('an engine that is not in its store is not ready', async () => {
  await onHost({ faults: { dockerd: { register: { do: 'ignored' } } } }, async (bench) => {
    await bench.giveTurn();
    const task = bench.run('docker', { options: DIRECT });
    assert.match((await task.until('working')).reason, /.+/);
    const status = await task.until(({ reason }) => /not entered itself/.test(reason));
    assert.equal(status.state, 'working');
    await task.stop();
    writeFileSync(
      bench.host.path('/run/dcos-calico/memo/docker.json'),
      JSON.stringify({ since: { unregistered: Date.now() / 1000 - 100 } }),
    );
    assert.match(
      (await bench.run('docker', { options: DIRECT }).until('restart pending')).reason,
      /is not in it/,
    );
  });
});

test('lost keys are put back without a turn; a changed store is not', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn();
    await bench.bring('docker', { options: DIRECT });
    await bench.endTurn();
    writeFileSync(bench.host.path('/etc/docker/daemon.json'), '{}\n');
    await bench.bring('docker', { options: DIRECT });
    assert.deepEqual(JSON.parse((await daemonJson(bench))!), KEYS);
    writeFileSync(bench.host.path('/etc/docker/daemon.json'), '{"cluster-store": "zk://other:2181"}\n');
    assert.match(
      (await bench.run('docker', { options: DIRECT }).until('failed')).reason,
      /already names zk:\/\/other:2181/,
    );
  });
});

test('a newer Docker on the disk after the fact is drift; if it is down for that, our keys alone go out and it starts', async () => {
  await onHost({ docker: { daemonJson: { debug: false } } }, async (bench) => {
    await bench.giveTurn();
    const task = bench.run('docker', { options: DIRECT });
    await task.until('ready');
    bench.putDockerOnDisk('24.0.7');
    assert.match((await task.until('drifted')).reason, /24\.0\.7/);
    await bench.host.machine.systemd.restart('docker.service');
    const status = await task.until('failed');
    assert.match(status.reason, /24\.0\.7/);
    await task.until(() => bench.host.machine.engine.running);
    assert.deepEqual(JSON.parse((await daemonJson(bench))!), { debug: false });
  });
});

test('off again: our keys go, the file is as it was, and the engine is restarted by nobody', async () => {
  const text = '{ "debug": false }';
  for (const edited of [false, true]) {
    await onHost({ docker: { daemonJson: text } }, async (bench) => {
      await bench.host.machine.systemd.restart('docker.service');
      await bench.giveTurn();
      await bench.bring('docker', { options: DIRECT });
      if (edited)
        writeFileSync(
          bench.host.path('/etc/docker/daemon.json'),
          JSON.stringify({ ...KEYS, debug: false, mtu: 1400 }),
        );
      await bench.endTurn();
      const task = bench.run('docker', {
        options: DIRECT,
        mode: 'absent',
        version: '2026-11-25T00:00:00.000Z',
      });
      await task.until('waiting for turn');
      await bench.giveTurn();
      assert.deepEqual((await task.until('restart pending')).needs, ['restart docker']);
      if (edited) assert.deepEqual(JSON.parse((await daemonJson(bench))!), { debug: false, mtu: 1400 });
      else assert.equal(await daemonJson(bench), text);
      assert.equal(restarts(bench), 0);
      await bench.host.machine.systemd.restart('docker.service');
      await task.until('ready');
      assert.equal(await bench.host.read('/var/lib/dcos-calico/steps/docker.json'), undefined);
      assert.equal(await bench.host.read('/var/lib/dcos-calico/backup/daemon.json'), undefined);
    });
  }
});

test('systemd of CentOS 7, and hosts without busctl, are reached all the same', async () => {
  for (const systemd of [
    { version: 219 },
    { version: 219, dbusSend: false },
    { version: 252, busctl: false },
    { version: 252, busctl: false, dbusSend: false },
  ]) {
    await onHost({ systemd }, async (bench) => {
      await bench.giveTurn();
      await bench.bring('docker', { options: DIRECT });
      assert.equal(bench.host.machine.engine.store, STORE);
    });
  }
});
