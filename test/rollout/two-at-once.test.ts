// Two commands at the same moment, the one held before a certain request of its own until the other one is over.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DirectCluster } from '../faults/direct.ts';
import { interleave } from '../faults/interleave.ts';
import type { Ran, Words } from '../faults/operator.ts';
import { SCENARIO } from '../faults/scenarios.ts';
import { SMALL, World } from '../faults/world.ts';
import { agents } from './agents.ts';

const GROUP = '/service/marathon/v2/groups/calico';
const TURN = '/service/marathon/v2/apps/calico/ops/turn';
const install: Words = { command: 'install', set: SMALL, apiOnly: true };
const change: Words = { ...install, set: [...SMALL, 'node.ipip=always'] };
const other: Words = { ...install, set: [...SMALL, 'node.ipip=cross-subnet'] };
const uninstall: Words = { command: 'uninstall', apiOnly: true };

/** Runs the first until it would make that request, the second to its end, and the first to its end. */
async function held(
  both: [Words, Words],
  at: { method: string; path: string },
  use: (ran: [Ran, Ran], world: World) => Promise<void> | void,
  prepare = SCENARIO.change.prepare,
): Promise<void> {
  const world = await prepare({ dcos: '2.0', seed: 7, agents: agents(1) });
  try {
    let once = false;
    const ran = await interleave(world, both, {
      begins: 0,
      next: ({ who, asked }) => {
        if (who === 1 || once || asked.method !== at.method || asked.path !== at.path) return who;
        once = true;
        return 1;
      },
    });
    assert.ok(once, 'it was never held');
    await use(ran, world);
  } finally {
    await world.stop();
  }
}

const putOther = ({ lab }: World) =>
  new DirectCluster(lab, lab.token).marathon.putApp({ id: '/web', cmd: 'sleep 1000', instances: 0 } as never);
const record = async ({ lab }: World) =>
  (await new DirectCluster(lab, lab.token).marathon.app('/calico/options'))?.env.DCOS_CALICO_WHO;

test('who writes over another one in the same moment says so and whom, before any agent has its turn', () =>
  held([change, other], { method: 'PUT', path: GROUP }, async ([first, second], world) => {
    assert.equal(second.exit, 0, second.output);
    assert.equal(first.problem?.code, 'changed-meanwhile', first.output);
    assert.match(first.problem.what, /at the same moment and was written over; no agent had its turn/);
    assert.match(first.output, /last set by bob@laptop/);
    assert.doesNotMatch(first.output, /Wave 1/);
    assert.equal(await record(world), 'anna@laptop');
  }));

test('two first installs in the same moment', () =>
  held(
    [install, other],
    { method: 'PUT', path: GROUP },
    ([first, second]) => {
      assert.equal(second.exit, 0, second.output);
      assert.match(String(first.problem?.what), /at the same moment and was written over/);
    },
    async (spec) => {
      const world = await World.start(spec);
      await putOther(world);
      return world;
    },
  ));

test('who sets up anew what another one has just taken away says so', () =>
  held([change, uninstall], { method: 'PUT', path: GROUP }, ([first, second]) => {
    assert.equal(second.exit, 0, second.output);
    assert.match(String(first.problem?.what), /at the same moment and was written over/, first.output);
    assert.match(String(first.problem?.why), /is gone/);
  }));

test('who takes a group away that another one has set up anew in the same moment says so', () =>
  held([uninstall, change], { method: 'DELETE', path: GROUP }, ([first, second]) => {
    assert.equal(second.exit, 0, second.output);
    assert.equal(first.problem?.code, 'changed-meanwhile', first.output);
    assert.match(first.problem.what, /\/calico was deleted over it/);
  }));

test('a deletion that is rolled back before its end is no uninstall that is done', async () => {
  const world = await SCENARIO.change.prepare({ dcos: '2.0', seed: 7, agents: agents(1) });
  try {
    const { marathon } = new DirectCluster(world.lab, world.lab.token);
    let deleted = false;
    let rolledBack = false;
    const ran = await world.direct(uninstall, {
      before: async ({ method, path }) => {
        if (deleted && !rolledBack) {
          const [open] = await marathon.deployments();
          rolledBack = open !== undefined;
          await fetch(`${world.lab.url}/service/marathon/v2/deployments/${open!.id}`, {
            method: 'DELETE',
            headers: { authorization: `token=${world.lab.token}` },
          });
        }
        deleted ||= method === 'DELETE' && path === GROUP;
      },
    });
    assert.ok(rolledBack);
    assert.equal(ran.problem?.code, 'changed-meanwhile', ran.output);
    assert.match(ran.output, /\/calico is there again/);
  } finally {
    await world.stop();
  }
});

test('who is done says so only where the last look has shown it', () =>
  held([change, other], { method: 'DELETE', path: TURN }, ([first, second]) => {
    assert.equal(second.exit, 0, second.output);
    assert.equal(first.problem?.code, 'changed-meanwhile', first.output);
    assert.match(first.output, /last set by bob@laptop/);
  }));

test('a turn given when another command is over is taken away again', () =>
  held([change, other], { method: 'PUT', path: TURN }, async ([first], world) => {
    assert.equal(first.problem?.code, 'changed-meanwhile', first.output);
    const { marathon } = new DirectCluster(world.lab, world.lab.token);
    assert.equal(await marathon.app('/calico/ops/turn'), undefined);
  }));

test('a pause that is asked for while the last agents have their turn is over with them', () =>
  held([change, { command: 'plan pause' }], { method: 'GET', path: TURN }, async ([first, second], world) => {
    assert.deepEqual([first.exit, second.exit], [0, 0], first.output + second.output);
    const { marathon } = new DirectCluster(world.lab, world.lab.token);
    assert.equal(await marathon.app('/calico/ops/plan'), undefined);
  }));

test('another app that changes in the same moment, or Calico that was there before, is nothing to be told of', async () => {
  const world = await SCENARIO.change.prepare({ dcos: '2.0', seed: 7, agents: agents(1) });
  try {
    assert.equal((await world.direct(uninstall)).exit, 0);
    await world.pass(60_000);
    let changed = 0;
    const ran = await world.direct(install, {
      before: async ({ method, path }) => {
        if (method !== 'PUT' || path !== GROUP) return;
        changed++;
        await putOther(world);
      },
    });
    assert.ok(changed > 0);
    assert.equal(ran.exit, 0, ran.output);
  } finally {
    await world.stop();
  }
});
