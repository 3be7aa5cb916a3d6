// The script for the first boot of an agent, on sandbox hosts: it does what the tasks of the steps would do, once.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Options } from '../../src/options/types.ts';
import { bootScript } from '../../src/steps/boot/boot-script.ts';
import { STEPS } from '../../src/steps/registry.ts';
import { assertSame, type Bench, onHost } from './bench.ts';
import { optionsWith } from './options.ts';

const DIRECT = optionsWith({ etcd: { 'run-proxy': false, 'etcd-endpoints': 'http://10.0.0.11:2379' } });

async function boot(bench: Bench, options: Options, env: Record<string, string> = {}) {
  // From a file, as on an agent: one argument of a process could not hold it.
  mkdirSync(bench.host.path('/run/dcos-calico'), { recursive: true });
  writeFileSync(bench.host.path('/run/dcos-calico/boot.sh'), bootScript(options, 'Made by a test.'));
  const running = bench.start('boot', 'exec sh "$DCOS_CALICO_ROOT/run/dcos-calico/boot.sh"', env);
  await running.ended;
  return { code: running.exit?.code, out: running.file('stdout'), err: running.file('stderr') };
}

test('a fresh agent gets everything; the tasks of the steps then find it as they want it, without a turn', async () => {
  const options = optionsWith();
  await onHost({}, async (bench) => {
    const { code, out, err } = await boot(bench, options);
    assert.equal(code, 0, out + err);
    assert.match(out, / boot: all steps are ready\n$/);
    assert.ok(!existsSync(bench.host.path('/var/lib/dcos-calico/boot')));
    for (const part of ['etcd-proxy', 'libnetwork', 'node', 'cni'])
      assert.ok(await bench.host.read(`/etc/systemd/system/dcos-calico-${part}.service`), part);
    const after = bench.picture();
    for (const { name } of STEPS) await bench.bring(name, { options });
    assertSame(bench.picture(), after);
  });
});

test('an agent that has Calico is left alone, also with other options; one that was cut off is gone on with', async () => {
  await onHost({}, async (bench) => {
    bench.world.etcdIsDown = true;
    const cut = await boot(bench, DIRECT, { DCOS_CALICO_BOOT_SECONDS: '2' });
    assert.equal(cut.code, 1);
    assert.match(
      cut.out,
      /not ready after 2 s: docker( cni)? libnetwork node\. It goes on at the next start\n$/,
    );
    bench.world.etcdIsDown = false;
    const whole = await boot(bench, DIRECT);
    assert.equal(whole.code, 0, whole.out + whole.err);
    const after = bench.picture();
    const again = await boot(bench, optionsWith());
    assert.deepEqual([again.code, again.err], [0, '']);
    assert.match(again.out, /^\S+ boot: Calico was set up on this agent before/);
    assertSame(bench.picture(), after);
  });
});

test('a task of DC/OS is newer: the script leaves the host to it', async () => {
  await onHost({}, async (bench) => {
    const task = bench.run('cni', { options: DIRECT });
    await task.until('waiting for turn');
    const { code, out } = await boot(bench, DIRECT);
    assert.equal(code, 0);
    assert.match(out, /boot: a task of the step cni runs on this agent: it goes on from here$/m);
  });
});

test('an agent that has its turn in an install is left to that, and one without DC/OS is told of', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn();
    const { code, out } = await boot(bench, DIRECT);
    assert.equal(code, 0);
    assert.match(out, /an install has this agent in its turn/);
    assert.ok(existsSync(bench.grant));
  });
  await onHost({}, async (bench) => {
    execFileSync('rm', ['-rf', bench.host.path('/opt/mesosphere/bin/python3')]);
    const { code, out } = await boot(bench, DIRECT);
    assert.equal(code, 1);
    assert.match(out, /DC\/OS is not on this machine/);
  });
});

test('no option is read as shell', () => {
  const hostile = `a'b"c$(exit 3)\`exit 4\`\\ \n$PATH;x`;
  const options = optionsWith({ node: { 'override-node-image': hostile } });
  const script = bootScript(options, 'Made by\na test.');
  const only = script.slice(script.indexOf('environment_of_etcd_proxy()'), script.indexOf('\nbegin\n'));
  const shown = execFileSync('sh', ['-c', `${only}\nenvironment_of_node\nprintf %s "$DCOS_CALICO_IMAGE"`]);
  assert.equal(shown.toString(), hostile);
  assert.match(script, /^# Made by a test\.$/m);
});
