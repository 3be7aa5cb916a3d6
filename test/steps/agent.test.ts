// The Mesos agent that runs with other flags than its files have: restarted in a turn that allows it, its tasks thought of first.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { type Bench, onHost } from './bench.ts';
import { optionsWith } from './options.ts';

const ELSEWHERE = optionsWith({ cni: { 'cni-plugins-dir': '/opt/cni' } });
const TURN = { allows: 'restart', task: '2026-11-26T00:00:00.000Z_turn.1', interrupts: '10.0.1.11=' };
const ANY = { ...TURN, task: '2026-11-26T00:01:00.000Z_turn.2', interrupts: '*=*' };
const LATER = { version: '2026-11-27T00:00:00.000Z' };

const restarts = (bench: Bench) =>
  bench.host.calls.filter(
    ({ args }) => args.includes('RestartUnit') && args.includes('dcos-mesos-slave.service'),
  ).length;

/** The operator changed the flags in their file, and the agent has not been started since. */
function changeFlags(bench: Bench): void {
  mkdirSync(bench.host.path('/opt/cni'));
  writeFileSync(
    bench.host.path('/var/lib/dcos/mesos-slave-common'),
    'MESOS_NETWORK_CNI_PLUGINS_DIR=/opt/mesosphere/active/cni:/opt/cni\n',
  );
}

test('it waits for a turn that allows a restart, and is restarted once', async () => {
  await onHost({}, async (bench) => {
    changeFlags(bench);
    await bench.giveTurn();
    const task = bench.run('cni', { options: ELSEWHERE });
    const pending = await task.until('restart pending');
    assert.match(
      pending.reason,
      /^the Mesos agent was started before its flags were changed: network_cni_plugins_dir is /,
    );
    assert.deepEqual(pending.needs, ['restart agent']);
    assert.equal(restarts(bench), 0);
    await bench.endTurn();
    await bench.giveTurn(TURN);
    await task.until('ready');
    assert.equal(restarts(bench), 1);
    assert.ok(task.task.running);
    assert.match((await bench.host.read('/run/dcos-calico/restarted'))!, /^2/);
  });
});

for (const cgroups of ['hybrid', 'unified'] as const) {
  test(`with ${cgroups} cgroups every task ends with it: left alone unless the plan says so, and then done once`, async () => {
    await onHost({ cgroups }, async (bench) => {
      changeFlags(bench);
      await bench.giveTurn(TURN);
      const task = bench.run('cni', { options: ELSEWHERE });
      const left = await task.until(({ needs }) => needs.includes('plan'));
      assert.match(left.reason, /every Mesos task would end with it$/);
      assert.equal(restarts(bench), 0);
      await bench.endTurn();
      await bench.giveTurn(ANY);
      await task.ended;
      // The step's own task went too: the next one finds what it began, and does not do it again.
      await bench.run('cni', { options: ELSEWHERE, ...LATER }).until('ready');
      assert.equal(restarts(bench), 1);
    });
  });
}

test('an agent that runs on with its old flags is not restarted again in the same turn', async () => {
  await onHost({}, async (bench) => {
    changeFlags(bench);
    const flags = JSON.stringify({ flags: { network_cni_plugins_dir: '/somewhere' } });
    bench.host.setFaults({ curl: { ':5051': { stdout: `HTTP/1.1 200 OK\r\n\r\n${flags}` } } });
    await bench.giveTurn(TURN);
    const failed = await bench.run('cni', { options: ELSEWHERE }).until('failed');
    assert.match(failed.reason, /^the Mesos agent was restarted in this turn, and it is as before/);
    assert.equal(restarts(bench), 1);
  });
});

test('an agent that does not tell its flags is taken at the word of its files', async () => {
  await onHost({ faults: { curl: { ':5051': { fail: 7 } } } }, async (bench) => {
    changeFlags(bench);
    await bench.giveTurn(TURN);
    await bench.bring('cni', { options: ELSEWHERE });
    assert.equal(restarts(bench), 0);
  });
});
