// `preflight` as it is shown, its exit codes and its document.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertGolden } from '../golden.ts';
import { clusterOf, install, withLab } from '../rollout/on-lab.ts';
import { at, PIPE, preflightOn, SURPRISES } from './look-screens.ts';

for (const [name, terminal] of [
  ['80', at(80)],
  ['120', at(120)],
  ['80-in-colour', at(80, true)],
  ['120-in-colour', at(120, true)],
  ['pipe', PIPE],
] as const) {
  test(`the screen on a cluster with surprises (${name})`, () =>
    withLab(SURPRISES, async (lab) => {
      const { exit, screen } = await preflightOn(lab, terminal);
      assert.equal(exit, 8);
      assertGolden(`view/preflight-${name}`, screen);
      if (Number.isFinite(terminal.width))
        for (const line of screen.split('\n').filter((one) => !/ --set /.test(one)))
          assert.ok(line.replace(/\u001b\[\d+m/g, '').length <= terminal.width, line);
    }));
}

test('a cluster without surprises: 0, nothing stays, and what to type next', () =>
  withLab({}, async (lab) => {
    const { exit, screen, document } = await preflightOn(lab, at(80));
    assert.equal(exit, 0);
    assertGolden('view/preflight-fine-80', screen);
    assert.equal(document.passes, true);
    assert.equal(await clusterOf(lab).marathon.group('/calico'), undefined);
  }));

test('what to type next has the same options', () =>
  withLab({}, async (lab) => {
    const command = 'dcos calico preflight --set node.ipip=always --for-dcos 2.0 --json';
    const { talk } = await preflightOn(lab, PIPE, { command, sources: { set: ['node.ipip=always'] } });
    assert.match(
      talk,
      /^Next: dcos calico diff --set node\.ipip=always\n {6}dcos calico install --set node\.ipip=always$/m,
    );
    await install(lab);
    const after = await preflightOn(lab);
    assert.match(after.talk, /^Next: dcos calico status$/m);
  }));

test('a way to go on all the same is said where a step would stop, and nowhere else', () =>
  withLab(SURPRISES, async (lab) => {
    const { out } = await preflightOn(lab);
    assert.match(out, /Or go on all the same, and have it fail there: --ignore CAL1027/);
    assert.doesNotMatch(out, /--ignore CAL1007/);
  }));

test('without a task on any agent', () =>
  withLab({}, async (lab) => {
    const { exit, document, talk } = await preflightOn(lab, PIPE, {}, { apiOnly: true });
    assert.equal(exit, 0);
    assert.equal(document.asked, null);
    assert.doesNotMatch(talk, /Asking/);
    assert.ok(lab.requests().every(({ method }) => method === 'GET'));
  }));

test('what is ignored is told, and does not stop', () =>
  withLab(SURPRISES, async (lab) => {
    const set = ['rollout.ignore=["CAL1026","CAL1027","CAL1045"]'];
    const { exit, out, document } = await preflightOn(lab, PIPE, { sources: { set } });
    assert.equal(exit, 0);
    assert.match(out, /^ignored {2}CAL1027 /m);
    assert.match(out, /2 would stop and are ignored/);
    assert.deepEqual(document.ignored, ['CAL1026', 'CAL1027', 'CAL1045']);
  }));

test('an upgrade is judged where Calico is installed and ready too', () =>
  withLab({}, async (lab) => {
    await install(lab);
    const { exit, out } = await preflightOn(lab, PIPE, { forDocker: '23.0', forDcos: '2.1' });
    assert.equal(exit, 8);
    assert.match(out, /^stops {2}CAL1046 /m);
    assert.match(out, /^stops {2}CAL1047 /m);
    assert.match(out, /no agent was asked/);
  }));

test('what stops every plan: somebody else at /calico', () =>
  withLab({}, async (lab) => {
    const { marathon } = clusterOf(lab);
    await marathon.putApp({
      id: '/calico/blog',
      cmd: 'sleep 1000',
      instances: 0,
      cpus: 0.1,
      mem: 32,
    } as never);
    const { exit, out } = await preflightOn(lab);
    assert.equal(exit, 8);
    assert.match(out, /^stops {2}CAL1048 {2}Marathon has something else at \/calico/m);
    assert.ok(await marathon.app('/calico/blog'));
  }));

test('permissions that are missing: 8, and each is named', () =>
  withLab({ security: 'strict' }, async (lab) => {
    lab.faults.set([{ path: '/service/marathon/v2/groups*', kind: 'status', status: 403 }]);
    const { exit, out } = await preflightOn(lab);
    assert.equal(exit, 8);
    assert.match(out, /^stops {2}CAL1008 /m);
  }));

test('Ctrl-C while the agents are asked takes the tasks away', () =>
  withLab({}, async (lab) => {
    const { interrupts } = await preflightOn(lab);
    assert.equal(interrupts.length, 2);
    assert.equal(await interrupts[0]!(), 'Interrupted: nothing was changed');
    assert.equal(
      await interrupts[1]!(),
      'Interrupted: nothing was changed, and the tasks that asked the agents are taken away',
    );
    lab.faults.set([{ path: '/service/marathon/v2/apps/calico*', kind: 'status', status: 500 }]);
    assert.match(
      await interrupts[1]!(),
      /may still be there: it changes nothing, and the next run takes it away$/,
    );
  }));
