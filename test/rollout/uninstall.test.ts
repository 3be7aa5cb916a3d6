// Whole uninstalls on the lab: DC/OS 1.12, whose Marathon carries a state by the health check, and 2.0, whose Marathon has checks.
import assert from 'node:assert/strict';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import { readOptionsApp } from '../../src/steps/app-definition.ts';
import { clusterOf, install, onBoth, prepare, withLab } from './on-lab.ts';
import { prepareOff, uninstall } from './uninstall-on-lab.ts';

/** Without Docker's store nothing has to be restarted. */
const FIXED = ['etcd.run-proxy=false', 'etcd.etcd-endpoints=http://10.0.0.11:2379'];
const wavesOf = (events: readonly RolloutEvent[]) =>
  events.flatMap((event) =>
    event.type === 'wave began' ? [[event.kind, event.agents.map(({ type }) => type).join(' ')]] : [],
  );

onBoth(
  'takes Calico off every agent, each with the restart that drops the store, and deletes the group',
  (dcos) =>
    withLab({ dcos }, async (lab) => {
      await install(lab);
      const { plan } = await prepareOff(lab);
      assert.equal(plan.kind, 'uninstall');
      assert.equal(plan.owed.length, 6);
      const { events, gone, owed } = await uninstall(lab);
      assert.deepEqual([gone, owed], [true, []]);
      const one = (type: string) => ['restart', type];
      assert.deepEqual(wavesOf(events), [...Array.from({ length: 5 }, () => one('private')), one('public')]);
      assert.equal(await clusterOf(lab).marathon.group('/calico'), undefined);
    }),
);

onBoth(
  'without restarts it goes canary first, then several at a time; the store stays in the engines',
  (dcos) =>
    withLab({ dcos }, async (lab) => {
      await install(lab, { sources: { set: FIXED } });
      const { events, gone, owed } = await uninstall(lab, { restart: false });
      assert.deepEqual([gone, owed], [true, []]);
      assert.deepEqual(wavesOf(events), [
        ['canary', 'private public'],
        ['rollout', 'private private private private'],
      ]);
    }),
);

onBoth('without restarts an engine that has its store through the proxy stays owed', (dcos) =>
  withLab({ dcos, agents: { private: 2, public: 0 } }, async (lab) => {
    await install(lab);
    const first = await uninstall(lab, { restart: false });
    assert.deepEqual([first.gone, first.owed], [false, ['10.0.1.11', '10.0.1.12']]);
    const second = await uninstall(lab);
    assert.deepEqual([second.gone, second.owed], [true, []]);
  }),
);

onBoth('an agent that is down stays owed, and the same command finishes it when it is back', (dcos) =>
  withLab({ dcos }, async (lab) => {
    await install(lab);
    lab.master.crashAgent('10.0.1.13');
    await lab.sleep(200_000);
    const first = await uninstall(lab);
    assert.deepEqual([first.gone, first.owed], [false, ['10.0.1.13']]);
    const still = await prepareOff(lab);
    assert.equal(still.plan.kind, 'owed');
    assert.equal(still.plan.put, undefined);
    lab.master.returnAgent('10.0.1.13');
    await lab.sleep(60_000);
    const second = await uninstall(lab);
    assert.equal(second.prepared.plan.kind, 'go on');
    assert.deepEqual([second.gone, second.owed], [true, []]);
  }),
);

onBoth(
  'an agent that Mesos and Marathon have forgotten is still owed, until it is back or given up',
  (dcos) =>
    withLab({ dcos, mesos: { maxPingTimeouts: 2 } }, async (lab) => {
      await install(lab);
      lab.master.crashAgent('10.0.1.13');
      // Marathon gives tasks of agents out of sight up after an hour.
      await lab.sleep(4_000_000);
      const known = (await clusterOf(lab).marathon.group('/calico'))!.apps.flatMap(({ tasks = [] }) => tasks);
      assert.ok(known.every(({ host }) => host !== '10.0.1.13'));
      const { prepared, gone, owed } = await uninstall(lab);
      assert.deepEqual(
        prepared.plan.outOfReach.map(({ agent, reason }) => [agent.host, reason]),
        [['10.0.1.13', 'gone: Mesos does not list it, and Marathon has forgotten its tasks']],
      );
      assert.deepEqual([gone, owed], [false, ['10.0.1.13']]);
      assert.deepEqual((await uninstall(lab, { forgetAgents: true })).gone, true);
    }),
);

onBoth('an agent that was excluded and left with Calico is cleaned with all others', (dcos) =>
  withLab({ dcos }, async (lab) => {
    await install(lab);
    await install(lab, {
      sources: { set: ['rollout.exclude=10.0.1.12'] },
      plan: { plan: { leave: true } },
    });
    const { prepared, gone, owed } = await uninstall(lab);
    assert.ok(prepared.plan.owed.includes('10.0.1.12'));
    assert.deepEqual(prepared.plan.untouched, []);
    assert.deepEqual([gone, owed], [true, []]);
  }),
);

onBoth('--agent takes it off one agent, which is excluded from then on; the others keep theirs', (dcos) =>
  withLab({ dcos }, async (lab) => {
    await install(lab);
    const { gone, owed, events } = await uninstall(lab, { agents: ['10.0.1.13'] });
    assert.deepEqual([gone, owed], [true, []]);
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'wave began' ? event.agents.map(({ host }) => host) : [])),
      ['10.0.1.13'],
    );
    const group = (await clusterOf(lab).marathon.group('/calico'))!;
    assert.deepEqual(group.groups?.flatMap(({ apps, groups }) => [...apps, ...(groups ?? [])]) ?? [], []);
    const { plan } = await prepare(lab);
    assert.equal(plan.kind, 'nothing');
    assert.deepEqual(
      plan.leftOut.map(({ agent, kind }) => [agent.host, kind]),
      [['10.0.1.13', 'excluded']],
    );
    const kept = readOptionsApp(group.apps.find(({ id }) => id === '/calico/options')!)!;
    assert.deepEqual([kept.options.rollout.exclude, kept.owed], [['10.0.1.13'], []]);
  }),
);

onBoth(
  '--agent of one that is down: excluded and owed at once, finished by the same command when it is back',
  (dcos) =>
    withLab({ dcos }, async (lab) => {
      await install(lab);
      lab.master.crashAgent('10.0.1.13');
      await lab.sleep(200_000);
      const first = await uninstall(lab, { agents: ['10.0.1.13'] });
      assert.deepEqual([first.gone, first.owed], [false, ['10.0.1.13']]);
      lab.master.returnAgent('10.0.1.13');
      await lab.sleep(60_000);
      const second = await uninstall(lab, { agents: ['10.0.1.13'] });
      assert.deepEqual([second.gone, second.owed], [true, []]);
      const off = await uninstall(lab);
      assert.deepEqual([off.gone, off.prepared.plan.untouched], [true, ['10.0.1.13']]);
    }),
);

onBoth('given up, an agent that is down is forgotten with the group', (dcos) =>
  withLab({ dcos }, async (lab) => {
    await install(lab);
    lab.master.crashAgent('10.0.1.13');
    await lab.sleep(200_000);
    const { gone, owed } = await uninstall(lab, { forgetAgents: true });
    assert.deepEqual([gone, owed], [true, ['10.0.1.13']]);
    assert.equal(await clusterOf(lab).marathon.group('/calico'), undefined);
  }),
);
