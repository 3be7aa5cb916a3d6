// What a client that was killed leaves behind, and what the next command makes of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../src/errors.ts';
import { DirectCluster } from '../faults/direct.ts';
import { run, timeOf } from '../faults/operator.ts';
import { notAsWanted, SCENARIO } from '../faults/scenarios.ts';
import { World } from '../faults/world.ts';

const spec = { dcos: '2.0', seed: 5 } as const;
const TURN = '/service/marathon/v2/apps/calico/ops/turn';

async function with_(world: World, use: () => Promise<void>): Promise<void> {
  try {
    await use();
  } finally {
    await world.stop();
  }
}

const helpers = async ({ lab }: World) =>
  ((await new DirectCluster(lab, lab.token).marathon.group('/calico'))?.groups ?? []).flatMap(({ apps }) =>
    apps.map(({ id }) => id),
  );

test('plan resume begins nothing on a cluster without Calico', async () => {
  const world = await World.start(spec);
  await with_(world, async () => {
    const ran = await world.direct({ command: 'plan resume' });
    assert.equal(ran.problem?.code, 'not-installed');
    assert.equal(ran.exit, 1);
    assert.equal(await new DirectCluster(world.lab, world.lab.token).marathon.group('/calico'), undefined);
  });
});

test('the app of the preflight goes with the next command, whatever that has to do', async () => {
  const world = await SCENARIO.change.prepare(spec);
  await with_(world, async () => {
    await world.killable(SCENARIO.change.words, ({ method, path }) =>
      method === 'DELETE' && path.endsWith('/ops/preflight') ? 'before' : undefined,
    );
    assert.deepEqual(await helpers(world), ['/calico/ops/preflight']);
    assert.equal((await world.direct({ command: 'plan resume' })).exit, 0);
    await world.pass(30_000);
    assert.deepEqual(await helpers(world), []);
  });
});

test('what set BGP and stayed goes with a later command, when nobody waits for it any more', async () => {
  const world = await SCENARIO.change.prepare(spec);
  await with_(world, async () => {
    await world.killable(SCENARIO.change.words, ({ method, path }) =>
      method === 'DELETE' && path.endsWith('/ops/bgp') ? 'before' : undefined,
    );
    const same = SCENARIO.install.words;
    assert.equal((await world.direct(same)).exit, 0);
    assert.deepEqual(await helpers(world), ['/calico/ops/bgp'], 'another command may be at it');
    await world.pass(21 * 60_000);
    assert.equal((await world.direct(same)).exit, 0);
    await world.pass(30_000);
    assert.deepEqual(await helpers(world), []);
  });
});

test('a rollout whose agents are all gone ends and says so, when a master that has just begun would know them', async () => {
  const world = await SCENARIO.restart.prepare(spec);
  await with_(world, async () => {
    let at = 0;
    const ran = await world.direct(
      { command: 'restart' },
      {
        before: async ({ method, path }) => {
          if (method !== 'PUT' || path !== TURN || at) return;
          at = world.lab.clock.now();
          for (const address of world.addresses) world.lab.master.crashAgent(address);
        },
      },
    );
    assert.equal(ran.problem?.code, 'mesos-recovering', ran.output);
    assert.match(ran.output, /dcos node list/);
    assert.ok(world.lab.clock.now() - at < 30 * 60_000);
  });
});

test('a turn that stayed after the last restart is taken away by restart and by repair, too', async () => {
  for (const command of ['restart', 'repair'] as const) {
    const world = await SCENARIO.restart.prepare(spec);
    await with_(world, async () => {
      await world.killable({ command: 'restart' }, ({ method, path }) =>
        method === 'DELETE' && path === TURN ? 'before' : undefined,
      );
      assert.deepEqual(await helpers(world), ['/calico/ops/turn']);
      assert.equal((await world.direct({ command })).exit, 0);
      await world.pass(30_000);
      assert.deepEqual(await helpers(world), [], command);
    });
  }
});

test('restart finishes an agent that an earlier run began to restart', async () => {
  const world = await SCENARIO.restart.prepare(spec);
  await with_(world, async () => {
    await world.killable({ command: 'restart' }, ({ method, path }) =>
      method === 'PUT' && path === TURN ? 'after' : undefined,
    );
    await world.pass(3_000);
    const ran = await world.direct({ command: 'restart' });
    assert.equal(ran.exit, 0, ran.output);
    assert.deepEqual(
      world.addresses.map((address) => world.host(address).restarts),
      [1, 0, 0, 1],
    );
  });
});

test('a login that is over once all agents had their turn: how to go on is said', async () => {
  for (const name of ['install', 'uninstall'] as const) {
    const world = await SCENARIO[name].prepare(spec);
    await with_(world, async () => {
      let turnGone = false;
      const cluster = new DirectCluster(world.lab, world.lab.token, {
        before: ({ method, path }) => {
          if (turnGone)
            throw new UserError({
              code: 'login-expired',
              what: 'The login is no longer valid',
              remedy: ['dcos auth login'],
            });
          turnGone = method === 'DELETE' && path === TURN;
        },
      });
      const ran = await run(cluster, SCENARIO[name].words, { time: timeOf(world.lab) });
      assert.equal(ran.problem?.code, 'login-expired');
      assert.deepEqual(ran.problem?.remedy, [
        'dcos auth login',
        name === 'install'
          ? 'dcos calico install          goes on where it was'
          : 'dcos calico uninstall        goes on where it was',
        'No agent is at work, and none begins.',
      ]);
    });
  }
});

test('an agent that was out of sight while Calico was taken off the others gets its turn when it is back', async () => {
  for (const killed of [false, true]) {
    const world = await SCENARIO.uninstall.prepare(spec);
    await with_(world, async () => {
      const { master } = world.lab;
      let turns = 0;
      // Its own turn comes first: it is lost once it has had it.
      const ran = await world.killable({ command: 'uninstall' }, ({ method, path }) => {
        if (method === 'PUT' && path === TURN && ++turns === 2) master.crashAgent('10.0.1.11');
        return killed && path.endsWith('/v2/tasks/delete') ? 'before' : undefined;
      });
      assert.equal(ran.exit, killed ? undefined : 3, ran.output);
      master.returnAgent('10.0.1.11');
      await world.pass(120_000);
      const again = await world.direct({ command: 'uninstall' });
      assert.equal(again.exit, 0, again.output);
      assert.deepEqual(await notAsWanted(world, SCENARIO.uninstall), []);
    });
  }
});

test('options that were deleted: the group is removed, and an install takes the agents up as they are', async () => {
  const world = await SCENARIO.change.prepare(spec);
  await with_(world, async () => {
    const { marathon } = new DirectCluster(world.lab, world.lab.token);
    await marathon.deleteApp('/calico/options', { force: true });
    const refused = await world.direct(SCENARIO.change.words);
    assert.equal(refused.problem?.code, 'options-lost');
    assert.match(refused.output, /dcos marathon group remove \/calico/);
    await marathon.deleteGroup('/calico', { force: true });
    await world.pass(60_000);
    assert.equal((await world.direct(SCENARIO.change.words)).exit, 0);
    assert.deepEqual(await notAsWanted(world, SCENARIO.change), []);
    assert.deepEqual(
      world.addresses.map((address) => world.host(address).restarts),
      [0, 0, 0, 0],
    );
  });
});

test('a turn that is given just as another command has deleted the group leaves no group behind', async () => {
  const world = await SCENARIO.uninstall.prepare({ dcos: '1.9', seed: 5 });
  await with_(world, async () => {
    const other = new DirectCluster(world.lab, world.lab.token);
    let turns = 0;
    const ran = await world.direct(
      { command: 'uninstall', apiOnly: true },
      {
        before: async ({ method, path }) => {
          if (method !== 'PUT' || path !== TURN || ++turns !== 2) return;
          await other.marathon.deleteGroup('/calico', { force: true });
          await world.pass(30_000);
        },
      },
    );
    assert.equal(ran.problem?.code, 'changed-meanwhile', ran.output);
    await world.pass(60_000);
    assert.equal(await other.marathon.group('/calico'), undefined);
  });
});
