// Whole installs on the lab: who is covered, in what order, and what is written.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lab } from '../../src/lab/lab.ts';
import type { AgentSpec } from '../../src/lab/types.ts';
import { agents } from './agents.ts';
import { carry, clusterOf, install, onBoth, prepare, withLab } from './on-lab.ts';

/** 0.3 CPU: for any one task, not for all. */
const cramped: AgentSpec[] = ['10.0.1.61', '10.0.1.62'].map((host) => ({ host, public: false, cpus: 0.3 }));

const writes = (lab: Lab) => lab.requests().filter(({ method }) => method !== 'GET');
const group = async (lab: Lab) => (await clusterOf(lab).marathon.group('/calico'))!;

/** Every place that an app has is filled, and nothing is under way. */
async function settled(lab: Lab): Promise<void> {
  for (const { id, instances, tasks = [] } of (await group(lab)).apps)
    if (id !== '/calico/options') assert.equal(instances, tasks.length, id);
  const open = await clusterOf(lab).marathon.deployments();
  assert.deepEqual(
    open.flatMap(({ affectedApps }) => affectedApps).filter((app) => app !== '/calico/ops/turn'),
    [],
  );
}

onBoth('installs: every agent ready, the turn gone, who and why on record', (dcos) =>
  withLab({ dcos }, async (lab) => {
    const { summary, events, status } = await install(lab);
    assert.equal(summary.exit, 0);
    assert.equal(summary.what, 'Calico is ready on all 6 agents');
    assert.equal(status.turn, undefined);
    assert.equal(status.change?.who, 'anna@laptop');
    const began = events.flatMap((event) => (event.type === 'wave began' ? [event] : []));
    assert.deepEqual(
      began.map(({ kind, agents }) => [kind, agents.map(({ type }) => type).join(' ')]),
      [
        ['canary', 'private public'],
        ['rollout', 'private private private private'],
      ],
    );
  }),
);

onBoth('a second install has nothing to do and writes nothing', (dcos) =>
  withLab({ dcos }, async (lab) => {
    await install(lab);
    lab.resetRequests();
    const { plan } = await prepare(lab);
    assert.equal(plan.kind, 'nothing');
    assert.equal(plan.put, undefined);
    assert.deepEqual(writes(lab), []);
    assert.ok(lab.requests().reduce((sum, { count }) => sum + count, 0) <= 6);
  }),
);

onBoth(
  'agents with room for some of the tasks take no place from others, and no deployment waits for them',
  (dcos) =>
    withLab({ dcos, agents: [...agents(5), ...cramped] }, async (lab) => {
      const { prepared, summary } = await install(lab);
      assert.deepEqual(
        prepared.plan.leftOut.map(({ agent, kind }) => [agent.host, kind]),
        cramped.map(({ host }) => [host, 'no room']),
      );
      assert.match(
        prepared.plan.warnings.join(),
        /10\.0\.1\.61, 10\.0\.1\.62 have room for some of the tasks/,
      );
      assert.deepEqual(
        summary.notReady.map(({ address }) => address),
        cramped.map(({ host }) => host),
      );
      assert.match(summary.what, /ready on 5 of 7 agents/);
      // What waits there for nothing is told of each agent, wherever it is told that it has no room.
      const held = (await group(lab)).apps.flatMap((app) => app.tasks ?? []);
      const idle = cramped
        .filter(({ host }) => held.some((task) => task.host === host))
        .map(({ host }) => host);
      assert.ok(idle.length > 0, 'Marathon places them where there is room');
      const { plan } = await prepare(lab);
      for (const found of [
        plan.leftOut.map(({ agent, reason }) => [agent.host, reason]),
        summary.notReady.map(({ address, reason }) => [address, reason]),
      ])
        assert.deepEqual(
          found
            .filter(([, reason]) => /: the tasks? there do(es)? nothing until there is\)$/.test(reason!))
            .map(([host]) => host),
          idle,
        );
      await settled(lab);
      // One that joins between the plan and its tasks takes places that were made for others.
      await lab.master.addAgent({ host: '10.0.1.90', public: false });
      const covering = await prepare(lab);
      await lab.master.addAgent({ host: '10.0.1.91', public: false });
      const { carried } = await carry(lab, covering);
      assert.deepEqual(
        [...carried.state.agents.values()].map(({ agent, standing }) => [agent.host, standing]),
        [['10.0.1.90', 'ready']],
      );
      await settled(lab);
      assert.match((await install(lab)).summary.what, /ready on 7 of 9 agents/);
      await settled(lab);
    }),
);

onBoth('agents that join are covered by scaling, and no task is replaced', (dcos) =>
  withLab({ dcos }, async (lab) => {
    await install(lab);
    const before = (await group(lab)).apps.flatMap((app) => app.tasks!.map(({ id }) => id));
    await lab.master.addAgent({ host: '10.0.1.90', public: false });
    await lab.master.addAgent({ host: '10.0.1.91', public: true });
    const { prepared, summary, events } = await install(lab);
    assert.equal(prepared.plan.kind, 'cover');
    const steps = prepared.plan.changes.filter(({ step }) => step !== 'options');
    assert.deepEqual(new Set(steps.map(({ how }) => how)), new Set(['scale']));
    assert.equal(summary.exit, 0);
    assert.equal(summary.what, 'Calico is ready on all 8 agents');
    const after = (await group(lab)).apps.flatMap((app) => app.tasks!.map(({ id }) => id));
    assert.deepEqual(
      before.filter((id) => !after.includes(id)),
      [],
    );
    const began = events.flatMap((event) => (event.type === 'wave began' ? [event] : []));
    assert.deepEqual(
      began.map(({ kind }) => kind),
      ['rollout'],
      'where agents are ready no canary is needed',
    );
  }),
);

onBoth('agents without room or deactivated are left out, and covered later', (dcos) =>
  withLab({ dcos, agents: agents(6) }, async (lab) => {
    lab.master.occupy('10.0.1.12', { cpus: 3.9 });
    const { prepared, summary } = await install(lab);
    assert.deepEqual(
      prepared.plan.leftOut.map(({ agent, kind }) => [agent.host, kind]),
      [['10.0.1.12', 'no room']],
    );
    assert.equal(summary.exit, 3);
    lab.master.occupy('10.0.1.12', { cpus: 0 });
    const later = await install(lab);
    assert.equal(later.prepared.plan.kind, 'cover');
    assert.equal(later.summary.exit, 0);
  }),
);

onBoth('paused after the canary, and gone on with', (dcos) =>
  withLab({ dcos, agents: agents(9) }, async (lab) => {
    const first = await install(lab, { pauseAfterCanary: true });
    assert.equal(first.summary.exit, 5);
    assert.equal(first.status.totals.ready, 2);
    const second = await install(lab);
    assert.equal(second.prepared.plan.kind, 'go on');
    assert.deepEqual(
      second.prepared.plan.waves.map(({ kind }) => kind),
      ['rollout', 'rollout'],
    );
    assert.equal(second.summary.exit, 0);
  }),
);

test('no agent is begun after --until', () =>
  withLab({ agents: agents(12) }, async (lab) => {
    const { summary, status } = await install(lab, { until: lab.clock.now() + 30_000 });
    assert.equal(summary.exit, 5);
    assert.match(summary.what, /^The time given with --until has come/);
    assert.ok(status.totals.ready >= 2 && status.totals.ready < 12);
  }));

test('a canary that was named for one run is not recorded', () =>
  withLab({ agents: agents(5) }, async (lab) => {
    const { plan } = await prepare(lab, {}, { canary: ['10.0.1.13'] });
    assert.deepEqual(
      plan.waves[0]!.agents.map(({ host }) => host),
      ['10.0.1.13'],
    );
    const { env } = plan.put!.apps.find(({ id }) => id === 'options')!;
    assert.equal(JSON.parse(env.DCOS_CALICO_OPTIONS!).rollout.canary, 1);
  }));

test('missing permissions are findings', () =>
  withLab({ security: 'permissive' }, async (lab) => {
    lab.faults.set([{ path: '/mesos/slaves*', kind: 'status', status: 403 }]);
    const { prepareInstall } = await import('../../src/rollout/install.ts');
    const request = { sources: {}, who: 'a@b', command: 'dcos calico install', message: '' };
    const found = await prepareInstall(clusterOf(lab), request, lab.clock.now());
    assert.ok('forbidden' in found);
    assert.deepEqual(
      found.forbidden.map(({ code, severity }) => [code, severity]),
      [['CAL1008', 'stops']],
    );
    assert.match(found.forbidden[0]!.remedy.join('\n'), /dcos:adminrouter:ops:mesos full/);
  }));
