// What all steps do alike: two tasks on a host, one lock, hostile options, what is missing on a host, the shells.
import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { test } from 'node:test';
import { STEPS } from '../../src/steps/registry.ts';
import { STEP_NAMES } from '../../src/steps/state.ts';
import { assertSame, onHost, SHELLS } from './bench.ts';
import { optionsWith } from './options.ts';

const OLD = '2026-11-24T03:54:09.383Z';
const NEW = '2026-11-24T03:55:00.000Z';
const ETCD = { 'run-proxy': false, 'etcd-endpoints': 'http://10.0.0.11:2379' };
const DIRECT = optionsWith({ etcd: ETCD });

test('the older of two living tasks stands back, and takes over again when the newer is gone', async () => {
  await onHost({}, async (bench) => {
    const old = bench.run('cni', { version: OLD });
    await old.until('waiting for turn');
    const young = bench.run('cni', {
      version: NEW,
      options: optionsWith({ cni: { 'network-name': 'other' } }),
    });
    assert.equal((await old.until('stands back')).reason, 'a newer task of this step is on this agent');
    await bench.giveTurn();
    await young.until('ready');
    assert.match(
      (await bench.host.read('/opt/mesosphere/etc/dcos/network/cni/calico.cni'))!,
      /"name": "other"/,
    );
    assert.equal(old.status()?.state, 'stands back');
    // Killed without a word: the kernel frees what it held.
    young.task.kill(0);
    await young.ended;
    await old.until('ready');
    assert.match(
      (await bench.host.read('/opt/mesosphere/etc/dcos/network/cni/calico.cni'))!,
      /"name": "calico"/,
    );
  });
});

test('a version set back by a rollback behaves: only living tasks count', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn();
    await bench.bring('cni', { version: NEW });
    await bench.bring('cni', { version: OLD });
  });
});

test('one change at a time on a host: a step waits while another holds the lock', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn();
    const lock = bench.host.path('/run/dcos-calico/lock');
    writeFileSync(lock, 'docker');
    await bench.lock(lock);
    const task = bench.run('cni');
    assert.equal((await task.until('working')).reason, 'waits while the step docker changes this host');
    assert.ok(!existsSync(bench.host.path('/var/lib/dcos-calico')));
    await bench.free(lock);
    await task.until('ready');
  });
});

test('a grant that is over, or that nobody holds, is none', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn({ until: '2020-01-01T00:00:00.000Z' });
    const task = bench.run('cni');
    const first = await task.until('waiting for turn');
    await bench.endTurn();
    writeFileSync(bench.grant, '{"allows": "change", "until": ""}');
    await task.until(({ checkedAt, state }) => checkedAt > first.checkedAt && state === 'waiting for turn');
    await bench.giveTurn({ until: '2999-01-01T00:00:00.000Z' });
    await task.until('ready');
  });
});

test('SIGTERM ends a task at once, also while it waits', async () => {
  await onHost({}, async (bench) => {
    const task = bench.run('cni');
    await task.until('waiting for turn');
    const told = Date.now();
    task.task.kill(60);
    await task.ended;
    assert.equal(task.exit?.signal, 'SIGTERM');
    assert.ok(Date.now() - told < 30_000);
  });
});

test('the check says "no report" before the first look, and the state after it', async () => {
  await onHost({}, async (bench) => {
    const task = bench.run('cni');
    await task.until('waiting for turn');
    assert.equal(await task.task.run('sh ./health', 5), 11);
    await bench.giveTurn();
    await task.until('ready');
    assert.equal(await task.task.run('sh ./health', 5), 0);
    rmSync(`${task.task.directory}/health`);
    assert.ok([2, 127].includes((await task.task.run('sh ./health', 5))!));
  });
});

test('what a step needs and a host lacks is said', async () => {
  await onHost({}, async (bench) => {
    const python = bench.host.path('/opt/mesosphere/bin/python3');
    renameSync(python, `${python}.gone`);
    const task = bench.run('cni');
    assert.match((await task.until('failed')).reason, /\/opt\/mesosphere\/bin\/python3, is missing/);
    renameSync(`${python}.gone`, python);
    await task.until('waiting for turn');
    writeFileSync(bench.host.path('/opt/mesosphere/bin/detect_ip'), '#!/bin/sh\necho "no address"; exit 1\n');
    assert.match((await task.until('failed')).reason, /detect_ip does not say the address/);
  });
});

test('a program that breaks is a failure with its code, and is looked at again', async () => {
  await onHost({}, async (bench) => {
    const python = bench.host.path('/opt/mesosphere/bin/python3');
    const real = readFileSync(python, 'utf8');
    writeFileSync(python, '#!/bin/sh\nexit 42\n');
    const task = bench.run('cni');
    assert.equal(
      (await task.until('failed')).reason,
      'the look at this host ended with code 42: see stderr of this task',
    );
    writeFileSync(python, real);
    await task.until('waiting for turn');
  });
});

test('a disk that cannot be written to is a failure with its reason, and nothing half done', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn();
    chmodSync(bench.host.path('/var/lib'), 0o755);
    writeFileSync(bench.host.path('/var/lib/dcos-calico'), 'a file in the way');
    const status = await bench.run('cni').until('failed');
    assert.match(status.reason, /^\/var\/lib\/dcos-calico\/.* cannot be written: /);
    assert.deepEqual(readdirSync(bench.host.path('/opt/mesosphere/etc/dcos/network/cni')), ['dummy.cni']);
  });
});

const HOSTILE = [
  '$(touch /tmp/dcos-calico-hostile)',
  '`touch /tmp/dcos-calico-hostile`',
  "'; touch /tmp/dcos-calico-hostile; '",
  '"; touch /tmp/dcos-calico-hostile; "',
  'a\ntouch /tmp/dcos-calico-hostile\n',
  '--config /etc/passwd',
  '%n $HOME \\',
  'ü ☃',
  '',
];

test('no value of any option is ever run, whatever it holds', async () => {
  const marker = '/tmp/dcos-calico-hostile';
  rmSync(marker, { force: true });
  await onHost({}, async (bench) => {
    await bench.giveTurn();
    for (const step of STEPS) {
      const names = Object.keys(step.environment(DIRECT, 'present')).filter(
        (name) => name !== 'DCOS_CALICO_MODE',
      );
      for (const value of HOSTILE) {
        const env = Object.fromEntries(names.map((name) => [name, value]));
        const task = bench.run(step.name, { env: { ...env, MARATHON_APP_VERSION: `x/${value}` } });
        const status = await task.until(({ state }) => state !== 'working');
        assert.notEqual(status.state, 'ready', `${step.name} ${JSON.stringify(value)}`);
        await task.stop();
      }
    }
    assert.ok(!existsSync(marker));
    assert.ok(!existsSync(bench.host.path(marker)));
  });
});

test('one hostile value among good ones: it reaches the container as it is, or is refused', async () => {
  const docker = {
    daemonJson: { 'cluster-store': 'etcd://10.0.0.11:2379', 'cluster-advertise': '10.0.1.11:62376' },
  };
  for (const value of ['$(id) `id` "x" \'y\' %n \\', 'a\nb']) {
    await onHost({ docker }, async (bench) => {
      await bench.giveTurn();
      const task = bench.run('node', { options: DIRECT, env: { DCOS_CALICO_INTERFACE: value } });
      const status = await task.until(({ state }) => state === 'ready' || state === 'failed');
      if (value.includes('\n')) assert.match(status.reason, /control character/);
      else {
        const { env } = bench.host.machine.engine.find('calico-node')!.options;
        assert.ok(env.includes(`IP_AUTODETECTION_METHOD=interface=${value}`), JSON.stringify(env));
      }
    });
  }
});

test('TASKS of DC/OS 1.9 have libraries in their environment that break curl: they are taken out', async () => {
  await onHost({ dcos: '1.9' }, async (bench) => {
    await bench.giveTurn();
    await bench.bring('cni', {
      env: { LD_LIBRARY_PATH: '/opt/mesosphere/lib', SASL_PATH: '/opt/mesosphere/lib/sasl2' },
    });
  });
});

for (const shell of SHELLS) {
  test(`the same in ${shell.join(' ')}: first run, second run, off again`, async () => {
    await onHost({}, async (bench) => {
      const before = bench.picture();
      await bench.giveTurn();
      for (const step of STEP_NAMES) await bench.bring(step, { shell });
      const after = bench.picture();
      for (const step of STEP_NAMES) await bench.bring(step, { shell });
      assertSame(bench.picture(), after);
      for (const step of ['node', 'libnetwork', 'cni'] as const)
        await bench.bring(step, { shell, mode: 'absent', version: NEW });
      const docker = bench.run('docker', { shell, mode: 'absent', version: NEW });
      await docker.until('restart pending');
      await bench.host.machine.systemd.restart('docker.service');
      await docker.until('ready');
      await bench.bring('etcd-proxy', { shell, mode: 'absent', version: NEW });
      assertSame({ ...bench.picture(), 'model: kernel': '' }, { ...before, 'model: kernel': '' });
    });
  });
}

test('what dead tasks left behind is forgotten after an hour, what lives stays', async () => {
  await onHost({}, async (bench) => {
    const folder = bench.host.path('/run/dcos-calico/tasks/cni');
    mkdirSync(folder, { recursive: true });
    for (const name of ['2020_a', '2020_a.json', '2021_b']) writeFileSync(`${folder}/${name}`, '{}');
    const { utimesSync } = await import('node:fs');
    for (const name of ['2020_a', '2020_a.json']) utimesSync(`${folder}/${name}`, 1, 1);
    const task = bench.run('cni');
    await task.until('waiting for turn');
    await bench.giveTurn();
    await task.until('ready');
    const left = readdirSync(folder);
    assert.ok(!left.includes('2020_a') && !left.includes('2020_a.json'));
    assert.ok(left.includes('2021_b'));
  });
});
