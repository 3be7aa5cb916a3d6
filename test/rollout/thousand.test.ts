// A thousand simulated agents in virtual time, some failing, some joining, some leaving while the rollout goes through them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AgentSpec } from '../../src/lab/types.ts';
import { clusterOf, hostOf, install, prepare, withLab } from './on-lab.ts';

const COUNT = 1000;
const host = (index: number) => `10.0.${Math.floor(index / 200) + 1}.${(index % 200) + 11}`;
const agents = Array.from({ length: COUNT }, (_, index) => ({
  host: host(index),
  public: index % 50 === 49,
})) as AgentSpec[];

test('a change goes through a thousand agents: never more at a time than may, failures within the budget, nobody twice', () =>
  withLab({ agents, mesos: { maxPingTimeouts: 2 } }, async (lab) => {
    assert.equal((await install(lab)).summary.exit, 0);
    for (const index of [100, 300, 500])
      hostOf(lab, host(index)).faults = {
        steps: { node: { failAfterWork: 'calico/node does not come up' } },
      };
    const given: string[] = [];
    let changed = false;
    const { prepared, summary, carried } = await install(lab, {
      sources: { set: ['node.ipip=always', 'rollout.max-concurrent=20%'] },
      watch: async (event, state) => {
        if (event.type !== 'wave began') return;
        const at = [...state.agents.values()].filter(({ standing }) => standing === 'in turn').length;
        assert.ok(at <= state.waves[event.wave]!.agents.length);
        given.push(...event.agents.map(({ host: one }) => one));
        if (event.wave !== 2 || changed) return;
        changed = true;
        for (const index of [900, 901]) lab.master.removeAgent(host(index));
        for (let index = 0; index < 5; index++)
          await lab.master.addAgent({ host: `10.0.9.${index + 1}`, public: false });
      },
    });
    assert.deepEqual(prepared.plan.maxConcurrent, { count: 200, from: '20% of 1000' });
    assert.equal(new Set(given).size, given.length, 'nobody has a turn twice');
    const standing = (wanted: string) =>
      [...carried.state.agents.values()].filter((progress) => progress.standing === wanted);
    assert.deepEqual(
      standing('failed')
        .map(({ agent }) => agent.host)
        .sort(),
      [host(100), host(300), host(500)].sort(),
    );
    assert.equal(standing('ready').length, COUNT - 5);
    assert.equal(summary.exit, 3);
    for (const index of [100, 300, 500]) hostOf(lab, host(index)).faults = { steps: { node: { times: 1 } } };
    // Marathon gives tasks of agents out of sight up after an hour.
    await lab.sleep(4_000_000);
    const rest = await install(lab);
    assert.deepEqual(
      rest.summary.notReady.map(({ address, state }) => [address, state]),
      [],
    );
    assert.ok(rest.prepared.plan.numbers.hostsChanged <= 8, String(rest.prepared.plan.numbers.hostsChanged));
    assert.equal((await prepare(lab)).plan.kind, 'nothing');
  }));

test('more failures than the budget stop it, and whoever was not reached is as before', () =>
  withLab({ agents: agents.slice(0, 300) }, async (lab) => {
    await install(lab);
    for (let index = 60; index < 70; index++)
      hostOf(lab, host(index)).faults = {
        steps: { node: { failAfterWork: 'calico/node does not come up' } },
      };
    const { summary, carried } = await install(lab, { sources: { set: ['node.ipip=always'] } });
    assert.equal(summary.exit, 1);
    assert.match(summary.what, /^Stopped: (7|8|9|10) agents failed, 6 may/);
    const waves = carried.state.waves.filter(({ agents: members }) =>
      members.some(({ id }) => carried.state.agents.get(id)!.given !== undefined),
    );
    assert.ok(waves.length < carried.state.waves.length);
  }));

test('a thousand agents on a full cluster: fifty have room for some of the tasks, and nobody is left without for them', () => {
  const cramped = Array.from({ length: 50 }, (_, index) => ({
    host: `10.0.8.${index + 1}`,
    public: false,
    cpus: 0.3,
  })) as AgentSpec[];
  return withLab({ agents: [...agents, ...cramped] }, async (lab) => {
    const settled = async () => {
      const { apps } = (await clusterOf(lab).marathon.group('/calico'))!;
      for (const { id, instances, tasks = [] } of apps)
        if (id !== '/calico/options') assert.equal(instances, tasks.length, id);
    };
    const { summary, carried } = await install(lab);
    assert.match(summary.what, /ready on 1000 of 1050 agents/);
    assert.ok([...carried.state.agents.values()].every(({ standing }) => standing === 'ready'));
    await settled();
    for (let index = 0; index < 40; index++)
      await lab.master.addAgent({ host: `10.0.9.${index + 1}`, public: false });
    const joined = await install(lab);
    assert.match(joined.summary.what, /ready on 1040 of 1090 agents/);
    assert.equal(joined.prepared.plan.numbers.tasksReplaced, 0);
    await settled();
  });
});
