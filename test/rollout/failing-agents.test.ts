// Installs over agents that fail, are lost or are replaced.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lab } from '../../src/lab/lab.ts';
import { agents } from './agents.ts';
import { clusterOf, install, onBoth, withLab } from './on-lab.ts';

const conflict = { docker: { fail: 'Docker already uses zk://10.0.0.1:2181 as its store' } };
const breaks = { node: { failAfterWork: 'calico/node does not come up' } };
const group = async (lab: Lab) => (await clusterOf(lab).marathon.group('/calico'))!;

onBoth('a failed canary stops it; the same command tries others, and that one again at the end', (dcos) =>
  withLab({ dcos, agents: agents(8, { 0: breaks }) }, async (lab) => {
    const first = await install(lab);
    assert.equal(first.summary.exit, 1);
    assert.match(first.summary.what, /^Stopped: 1 of the canary failed; no further agent was begun/);
    assert.deepEqual(first.summary.next, [
      'dcos calico status 10.0.1.11',
      'dcos calico repair --agent 10.0.1.11',
      'dcos calico plan skip 10.0.1.11 -m WHY',
      'dcos calico plan resume',
    ]);
    const failed = [...first.carried.state.agents.values()].filter(({ standing }) => standing === 'failed');
    assert.deepEqual(
      failed.map(({ agent, reason }) => [agent.host, reason]),
      [['10.0.1.11', 'node: calico/node does not come up']],
    );
    const touched = first.events.flatMap((event) =>
      event.type === 'wave began' ? event.agents.map(({ host }) => host) : [],
    );
    assert.deepEqual(touched, ['10.0.1.11', '10.0.1.18']);
    assert.equal((await group(lab)).groups?.[0]?.apps.length ?? 0, 0, 'the turn is gone');
    const second = await install(lab);
    assert.deepEqual(
      second.prepared.plan.waves.map(({ kind, agents }) => [kind, agents.map(({ host }) => host)]),
      [
        ['canary', ['10.0.1.12']],
        ['rollout', ['10.0.1.13', '10.0.1.14', '10.0.1.15', '10.0.1.16', '10.0.1.17']],
        ['retry', ['10.0.1.11']],
      ],
    );
    assert.equal(second.summary.exit, 3);
    assert.equal(second.status.totals.ready, 7);
  }),
);

onBoth('failures within the budget are passed over, and named at the end', (dcos) =>
  withLab({ dcos, agents: agents(12, { 4: breaks }) }, async (lab) => {
    const { summary } = await install(lab);
    assert.equal(summary.exit, 3);
    assert.equal(summary.what, 'Calico is ready on 11 of 12 agents');
    assert.deepEqual(
      summary.notReady.map(({ address }) => address),
      ['10.0.1.15'],
    );
  }),
);

onBoth('more failures than the budget stop it after the wave', (dcos) =>
  withLab({ dcos, agents: agents(14, { 2: breaks, 3: conflict }) }, async (lab) => {
    const { summary, events } = await install(lab);
    assert.equal(summary.exit, 1);
    assert.match(summary.what, /^Stopped: 2 agents failed, 1 may/);
    assert.equal(events.filter(({ type }) => type === 'wave began').length, 2);
  }),
);

onBoth('an agent that needs a restart is not a failure, and is named with the reason', (dcos) =>
  withLab(
    { dcos, agents: agents(7, { 3: { docker: { restart: 'Docker must restart to drop its old store' } } }) },
    async (lab) => {
      const { summary } = await install(lab);
      assert.equal(summary.exit, 3);
      assert.deepEqual(
        summary.notReady.map(({ address, state }) => [address, state]),
        [['10.0.1.14', 'restart pending']],
      );
      assert.match(summary.notReady[0]!.reason, /Docker must restart/);
    },
  ),
);

test('an agent that is lost in its turn counts as failed', () =>
  withLab({ agents: agents(9) }, async (lab) => {
    const { summary, carried } = await install(lab, {
      watch: (_, state) => {
        const at = [...state.agents.values()].find(({ agent }) => agent.host === '10.0.1.11');
        if (at?.turn?.condition === 'working') lab.master.crashAgent('10.0.1.11');
      },
    });
    assert.equal(summary.exit, 1);
    const [canary] = carried.state.waves[0]!.agents;
    assert.equal(carried.state.agents.get(canary!.id)!.standing, 'failed');
  }));

onBoth('an agent that was replaced at its address: its places are given free and taken', (dcos) =>
  withLab({ dcos, agents: agents(6), mesos: { maxPingTimeouts: 2 } }, async (lab) => {
    await install(lab);
    await lab.master.replaceAgent('10.0.1.12');
    await lab.sleep(120_000);
    const { prepared, summary, carried } = await install(lab);
    assert.equal(prepared.plan.freed.length, 5);
    assert.deepEqual(
      [...carried.state.agents.values()].map(({ agent, standing }) => [agent.host, standing]),
      [['10.0.1.12', 'ready']],
    );
    assert.equal(summary.exit, 0);
    assert.equal(summary.what, 'Calico is ready on all 6 agents');
  }),
);

test('an agent whose turn finds no room is passed over, with the reason', () =>
  withLab({ agents: agents(12) }, async (lab) => {
    const { summary, carried } = await install(lab, {
      watch: (event) => {
        if (event.type === 'wave began' && event.wave === 0) return;
        if (event.type === 'wave ended' && event.wave === 0) lab.master.occupy('10.0.1.12', { cpus: 3.45 });
      },
    });
    const standing = [...carried.state.agents.values()].find(({ agent }) => agent.host === '10.0.1.12');
    assert.deepEqual(
      [standing?.standing, standing?.reason],
      ['left out', 'no room: 0.02 CPU needed, 0.01 free'],
    );
    assert.equal(summary.exit, 3);
  }));
