// A restart of Docker: where it is needed, in a turn that allows it, once, with the way back.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { interruptsText } from '../../src/steps/turn/interrupts.ts';
import { type Bench, type HostOptions, onHost } from './bench.ts';
import { optionsWith } from './options.ts';
import { turn } from './turns.ts';

const ETCD = { 'run-proxy': false, 'etcd-endpoints': 'http://10.0.0.11:2379' };
const STORE = 'etcd://10.0.0.11:2379';
const OLD = {
  'cluster-store': 'etcd://10.0.0.12:2379',
  'cluster-advertise': '10.0.1.11:62376',
  debug: false,
};
const OLD_TEXT = `${JSON.stringify(OLD, null, 2)}\n`;
const REPLACE = optionsWith({ etcd: ETCD, docker: { 'replace-cluster-store': true } });
const BEFORE: HostOptions = { docker: { daemonJson: OLD } };
const TURN = { allows: 'restart', task: '2026-11-26T00:00:00.000Z_turn.1', interrupts: '*=*' };
const NEXT_TURN = { ...TURN, task: '2026-11-26T00:01:00.000Z_turn.2' };

const daemonJson = (bench: Bench) => bench.host.read('/etc/docker/daemon.json');
const restarts = (bench: Bench) =>
  bench.host.calls.filter(({ args }) => args.includes('RestartUnit') && args.includes('docker.service'))
    .length;
const leftovers = (bench: Bench) => bench.host.read('/var/lib/dcos-calico/backup/daemon.json.last');
const record = async (bench: Bench) =>
  JSON.parse((await bench.host.read('/var/lib/dcos-calico/steps/docker.json'))!) as Record<string, unknown>;

test('another store is replaced by one restart in a turn that allows it, and by none before', async () => {
  await onHost(BEFORE, async (bench) => {
    const task = bench.run('docker', { options: REPLACE });
    await task.until('waiting for turn');
    await bench.giveTurn();
    await task.until('restart pending');
    assert.equal(restarts(bench), 0);
    assert.equal(bench.host.machine.engine.store, OLD['cluster-store']);
    await bench.endTurn();
    await bench.giveTurn(TURN);
    await task.until('ready');
    assert.equal(restarts(bench), 1);
    assert.equal(bench.host.machine.engine.store, STORE);
    assert.equal(await leftovers(bench), undefined);
    assert.ok(bench.world.keys.has('/docker/nodes/10.0.1.11:62376'));
    assert.equal((await record(bench)).restarting, undefined);
  });
});

test('one turn that allows a restart does both, the file and the restart', async () => {
  await onHost(BEFORE, async (bench) => {
    await bench.giveTurn(TURN);
    await bench.bring('docker', { options: REPLACE });
    assert.equal(restarts(bench), 1);
  });
});

test('where a reload is enough nothing is restarted, whatever the turn allows', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn(TURN);
    await bench.bring('docker', { options: REPLACE });
    assert.equal(restarts(bench), 0);
  });
});

test('a first store that the engine does not take on reload is taken by a restart', async () => {
  await onHost({ faults: { dockerd: { reload: { do: 'ignored' } } } }, async (bench) => {
    await bench.giveTurn(TURN);
    await bench.bring('docker', { options: optionsWith({ etcd: ETCD }) });
    assert.equal(restarts(bench), 1);
  });
});

const TROUBLES: [string, NonNullable<HostOptions['faults']>][] = [
  ['ends at once', { dockerd: { [STORE]: { fail: 1, stderr: 'failed to start daemon: no such store' } } }],
  ['hangs', { dockerd: { [STORE]: { hang: true } } }],
];
for (const [name, faults] of TROUBLES) {
  test(`dockerd that ${name} with the new store runs with the old one again, once`, async () => {
    await onHost({ ...BEFORE, faults }, async (bench) => {
      bench.host.environment.DCOS_CALICO_RESTART_SECONDS = '2';
      await bench.giveTurn(TURN);
      const task = bench.run('docker', { options: REPLACE });
      const failed = await task.until('failed');
      assert.match(
        failed.reason,
        /^Docker did not come up with the new configuration \(.+\): the one before is back, and Docker runs again$/,
      );
      if (name === 'ends at once') assert.match(failed.reason, /no such store/);
      assert.equal(await daemonJson(bench), OLD_TEXT);
      assert.equal(bench.host.machine.engine.running, true);
      assert.equal(bench.host.machine.engine.store, OLD['cluster-store']);
      assert.equal(await leftovers(bench), undefined);
      assert.equal(restarts(bench), 2);
      // The same turn, other looks, another task: never again by itself.
      const seen = failed.checkedAt;
      await task.until((status) => status.checkedAt > seen && status.state === 'failed');
      await task.stop();
      await bench.endTurn();
      await bench.giveTurn({ ...TURN, task: '2026-11-26T00:00:00.000Z_turn.7' });
      await bench.run('docker', { options: REPLACE }).until('failed');
      assert.equal(restarts(bench), 2);
      assert.equal(await daemonJson(bench), OLD_TEXT);
      // Another turn is the operator's word.
      bench.host.setFaults({});
      bench.host.environment.DCOS_CALICO_RESTART_SECONDS = '60';
      await bench.endTurn();
      await bench.giveTurn(NEXT_TURN);
      await bench.run('docker', { options: REPLACE, version: '2026-11-27T00:00:00.000Z' }).until('ready');
      assert.equal(restarts(bench), 3);
    });
  });
}

test('a restart that goes on after its task was killed is waited for, also while the unit is inactive between stop and start', async () => {
  await onHost(BEFORE, async (bench) => {
    const { systemd } = bench.host.machine;
    let goOn = () => {};
    const reached = new Promise<void>((stopped) => {
      systemd.betweenStopAndStart = () => {
        stopped();
        return new Promise((resolve) => {
          goOn = resolve;
        });
      };
    });
    await bench.giveTurn(TURN);
    const first = bench.run('docker', { options: REPLACE });
    await reached;
    first.task.kill(0);
    await first.ended;
    assert.equal(systemd.unit('docker.service').active, 'inactive');
    const looks = () => bench.host.calls.filter(({ args }) => args.includes('Job')).length;
    const before = looks();
    const second = bench.run('docker', { options: REPLACE, version: '2026-11-27T00:00:00.000Z' });
    while (looks() < before + 3 && second.task.running && second.status()?.state !== 'failed') {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    goOn();
    await second.until('ready');
    assert.equal(restarts(bench), 1);
  });
});

test('while Docker is restarted the steps that need it wait, and none has failed', async () => {
  await onHost(BEFORE, async (bench) => {
    const { systemd } = bench.host.machine;
    await bench.giveTurn(TURN);
    await bench.bring('docker', { options: REPLACE });
    await bench.bring('node', { options: REPLACE });
    await bench.endTurn();
    const other = optionsWith({
      ...REPLACE,
      etcd: { ...ETCD, 'etcd-endpoints': 'http://10.0.0.11:2379/,http://10.0.0.12:2379' },
    });
    let goOn = () => {};
    const held = new Promise<void>((stopped) => {
      systemd.betweenStopAndStart = () => {
        stopped();
        return new Promise((resolve) => {
          goOn = resolve;
        });
      };
    });
    await bench.giveTurn(NEXT_TURN);
    const node = bench.run('node', { options: REPLACE });
    const docker = bench.run('docker', { options: other, version: '2026-11-27T00:00:00.000Z' });
    await held;
    const waiting = await node.until(({ state }) => state !== 'ready' && state !== 'working');
    assert.deepEqual([waiting.state, waiting.reason], ['waiting for step', 'Docker is being restarted']);
    systemd.betweenStopAndStart = () => Promise.resolve();
    goOn();
    await docker.until('ready');
    await node.until('ready');
    assert.doesNotMatch(node.file('stdout'), /failed/);
  });
});

test('what the plan does not name is not interrupted, and is said', async () => {
  const docker = {
    daemonJson: OLD,
    containers: [
      { name: 'redis', image: 'redis:5' },
      { name: 'cart', image: 'cart:1' },
    ],
  };
  await onHost({ docker }, async (bench) => {
    await bench.giveTurn({
      ...TURN,
      interrupts: interruptsText({ '10.0.1.11': ['cart'], '10.0.1.12': ['redis'] }),
    });
    const task = bench.run('docker', { options: REPLACE });
    const left = await task.until(({ needs }) => needs.includes('plan'));
    assert.equal(left.state, 'restart pending');
    assert.match(left.reason, /left alone, as that would interrupt what the plan does not name: redis$/);
    assert.deepEqual(left.detail['not named'], ['redis']);
    assert.equal(restarts(bench), 0);
    await bench.endTurn();
    await bench.giveTurn({ ...NEXT_TURN, interrupts: interruptsText({ '10.0.1.11': ['cart', 'redis'] }) });
    await task.until('ready');
  });
});

test('past the time of the turn no restart is begun', async () => {
  await onHost(BEFORE, async (bench) => {
    await bench.giveTurn();
    const task = bench.run('docker', { options: REPLACE });
    await task.until('restart pending');
    await bench.endTurn();
    await bench.giveTurn({ ...TURN, until: '2020-01-01T00:00:00.000Z' });
    const seen = task.status()!.checkedAt;
    await task.until((status) => status.checkedAt > seen && status.state === 'restart pending');
    assert.equal(restarts(bench), 0);
  });
});

test('other edits of daemon.json stop a restart as they stop a reload', async () => {
  await onHost(BEFORE, async (bench) => {
    await bench.giveTurn();
    const task = bench.run('docker', { options: REPLACE });
    await task.until('restart pending');
    const ours = JSON.parse((await daemonJson(bench))!) as Record<string, unknown>;
    writeFileSync(bench.host.path('/etc/docker/daemon.json'), JSON.stringify({ ...ours, mtu: 1400 }));
    await bench.endTurn();
    await bench.giveTurn(TURN);
    assert.match((await task.until('failed')).reason, /would take with ours: mtu$/);
    assert.equal(restarts(bench), 0);
  });
});

test('Docker that goes down by itself before the new store was proved comes back with the old file', async () => {
  await onHost({ ...BEFORE, faults: { dockerd: { [STORE]: { fail: 1, stderr: 'no' } } } }, async (bench) => {
    bench.host.environment.DCOS_CALICO_RESTART_SECONDS = '2';
    await bench.giveTurn();
    const task = bench.run('docker', { options: REPLACE });
    await task.until('restart pending');
    await bench.endTurn();
    // A reboot, or whoever restarts it.
    await bench.host.machine.systemd.restart('docker.service');
    assert.match((await task.until(({ reason }) => reason.includes('is back'))).reason, /Docker runs again$/);
    assert.equal(await daemonJson(bench), OLD_TEXT);
    assert.equal(bench.host.machine.engine.running, true);
  });
});

test('off again: the earlier store comes back by a restart in a turn that allows it', async () => {
  await onHost(BEFORE, async (bench) => {
    await bench.giveTurn(TURN);
    await bench.bring('docker', { options: REPLACE });
    await bench.endTurn();
    await bench.giveTurn(NEXT_TURN);
    await bench.bring('docker', { options: REPLACE, mode: 'absent', version: '2026-11-27T00:00:00.000Z' });
    assert.equal(await daemonJson(bench), OLD_TEXT);
    assert.equal(bench.host.machine.engine.store, OLD['cluster-store']);
    assert.equal(restarts(bench), 2);
    assert.equal(await bench.host.read('/var/lib/dcos-calico/steps/docker.json'), undefined);
  });
});

test('a turn that allows a restart is ready when what went with Docker is up again and has been looked at', async () => {
  await onHost(
    { docker: { daemonJson: OLD, containers: [{ name: 'cart', image: 'cart:1' }] } },
    async (bench) => {
      await bench.giveTurn();
      const steps = [bench.run('libnetwork', { options: REPLACE }), bench.run('node', { options: REPLACE })];
      for (const step of steps) await step.until('ready');
      const docker = bench.run('docker', { options: REPLACE });
      await docker.until('restart pending');
      await bench.endTurn();
      const change = turn(bench, ['docker', 'libnetwork', 'node']);
      assert.match((await change.until('restart pending')).reason, /^docker: Docker has another store/);
      await change.stop();
      const unnamed = turn(
        bench,
        ['docker', 'libnetwork', 'node'],
        { allows: 'restart' },
        '2026-11-24T03:55:00.000Z',
      );
      assert.match((await unnamed.until('restart pending')).reason, /the plan does not name: cart$/);
      await unnamed.stop();
      const before = bench.host.machine.engine.find('calico-node')!.started;
      const allowed = turn(
        bench,
        ['docker', 'libnetwork', 'node'],
        { allows: 'restart', interrupts: { '10.0.1.11': ['cart'] } },
        '2026-11-24T03:56:00.000Z',
      );
      const ready = await allowed.until(({ state }) => state === 'ready' || state === 'restart pending');
      assert.equal(ready.state, 'ready');
      assert.equal(restarts(bench), 1);
      for (const name of ['calico-node', 'calico-libnetwork']) {
        const { started, running } = bench.host.machine.engine.find(name)!;
        assert.ok(running && started > before, name);
      }
      const restarted = (await bench.host.read('/run/dcos-calico/restarted'))!.trim();
      for (const step of steps) assert.ok(step.status()!.checkedAt > restarted);
    },
  );
});
