// Somebody else changes the apps while agents have their turn: it is seen within the wave, not when it should have been over.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CONTROL_INTERVAL } from '../../src/rollout/limits.ts';
import { DirectCluster } from '../faults/direct.ts';
import { SCENARIO } from '../faults/scenarios.ts';
import type { World } from '../faults/world.ts';

const TURN = '/service/marathon/v2/apps/calico/ops/turn';
/** A request is made at the next poll after it, and the wave is polled every 2 s. */
const WITHIN = CONTROL_INTERVAL + 4_000;

const BY_HAND: Record<string, (world: DirectCluster) => Promise<unknown>> = {
  'a deployment is rolled back': async ({ marathon, http }) => {
    const [open] = await marathon.deployments();
    return http.send({ method: 'DELETE', path: `/service/marathon/v2/deployments/${open!.id}` });
  },
  'an app is scaled': ({ marathon }) => marathon.scaleApp('/calico/cni', 9, { force: true }),
  'an app is deleted': ({ marathon }) => marathon.deleteApp('/calico/cni', { force: true }),
  'the group is deleted': ({ marathon }) => marathon.deleteGroup('/calico', { force: true }),
};

async function struck(world: World, strike: (other: DirectCluster) => Promise<unknown>) {
  const other = new DirectCluster(world.lab, world.lab.token);
  let polls = 0;
  let at = Number.NaN;
  const ran = await world.direct(
    { command: 'uninstall', apiOnly: true },
    {
      before: async ({ method, path }) => {
        if (method !== 'GET' || path !== TURN || ++polls !== 6) return;
        at = world.lab.clock.now();
        await strike(other);
      },
    },
  );
  return { ran, took: world.lab.clock.now() - at };
}

for (const [what, strike] of Object.entries(BY_HAND)) {
  test(`${what} in the middle of a wave: it ends there, and says so`, async () => {
    const world = await SCENARIO.uninstall.prepare({ dcos: '1.12', seed: 5 });
    try {
      const { ran, took } = await struck(world, strike);
      assert.equal(ran.problem?.code, 'changed-meanwhile', ran.output);
      assert.ok(took <= WITHIN, `it took ${took / 1000} s`);
    } finally {
      await world.stop();
    }
  });
}

test('what people say of the rollout in a wave is no change of the apps', async () => {
  const world = await SCENARIO.uninstall.prepare({ dcos: '2.0', seed: 5 });
  try {
    const { ran } = await struck(world, () => world.direct({ command: 'plan pause' }, {}, 'bob@desk'));
    assert.equal(ran.exit, 5, ran.output);
  } finally {
    await world.stop();
  }
});
