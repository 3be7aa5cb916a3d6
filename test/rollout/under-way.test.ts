// A rollout seen and steered from elsewhere: paused, gone on with, gone on with without an agent, and undone.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UserError } from '../../src/errors.ts';
import type { Lab } from '../../src/lab/lab.ts';
import { lookUnderWay, optionsBefore, pausePlan, skipAgent } from '../../src/rollout/under-way.ts';
import { agents } from './agents.ts';
import { clusterOf, hostOf, install, onBoth, prepare, timeOf, withLab } from './on-lab.ts';

const breaks = { node: { failAfterWork: 'calico/node does not come up' } };
const BOB = { who: 'bob@desk', why: 'dashboards look odd' };
const look = async (lab: Lab) => (await lookUnderWay(clusterOf(lab), timeOf(lab)))?.plan;
const phases = async (lab: Lab) =>
  (await look(lab))!.phases.map(({ name, status, complete, steps }) => [
    name,
    status,
    complete,
    steps.length,
  ]);

test('nothing is installed, so nothing is under way', () =>
  withLab({}, async (lab) => assert.equal(await look(lab), undefined)));

onBoth('paused from elsewhere: the wave finishes, nobody else begins, and anybody goes on', (dcos) =>
  withLab({ dcos, agents: agents(14) }, async (lab) => {
    let asked: Promise<unknown> | undefined;
    const first = await install(lab, {
      who: 'anna@laptop',
      watch: (event) => {
        if (event.type !== 'wave began' || event.wave !== 1) return;
        asked = pausePlan(clusterOf(lab), BOB, timeOf(lab)).then(({ plan }) => {
          assert.equal(plan.status, 'IN_PROGRESS');
          assert.equal(plan.carried?.who, 'anna@laptop');
          assert.equal(plan.change?.who, 'anna@laptop');
          assert.deepEqual(
            plan.phases.map(({ name, kind, steps }) => [name, kind, steps.length]),
            [
              ['done', 'done', 2],
              ['wave-2', 'rollout', 5],
              ['wave-3', 'rollout', 5],
              ['wave-4', 'rollout', 2],
            ],
          );
        });
      },
    });
    await asked;
    assert.equal(first.summary.exit, 5);
    assert.equal(
      first.summary.what,
      'bob@desk asked for a pause (dashboards look odd): paused, and nothing goes on by itself. Calico is ready on 7 of 14 agents',
    );
    const paused = (await look(lab))!;
    assert.deepEqual([paused.status, paused.complete, paused.of], ['WAITING', 7, 14]);
    assert.deepEqual([paused.paused?.who, paused.paused?.why], [BOB.who, BOB.why]);
    await lab.sleep(600_000);
    assert.equal((await look(lab))!.complete, 7);
    const second = await install(lab);
    assert.equal(second.summary.exit, 0);
    const done = (await look(lab))!;
    assert.deepEqual([done.status, done.complete, done.of, done.paused], ['COMPLETE', 14, 14, undefined]);
  }),
);

onBoth('a rollout that nobody carries on is WAITING; one that failed is ERROR', (dcos) =>
  withLab({ dcos, agents: agents(9, { 0: breaks }) }, async (lab) => {
    await install(lab);
    await lab.sleep(30_000);
    const failed = (await look(lab))!;
    assert.equal(failed.status, 'ERROR');
    assert.deepEqual(failed.errors, ['10.0.1.11: calico/node does not come up']);
    const step = failed.phases.flatMap(({ steps }) => steps).find(({ status }) => status === 'ERROR');
    assert.deepEqual([step?.name, step?.step], ['10.0.1.11', 'node']);
    const gone = new AbortController();
    await assert.rejects(
      install(lab, {
        signal: gone.signal,
        watch: (event) => {
          if (event.type === 'wave began') gone.abort();
        },
      }),
    );
    await lab.sleep(200_000);
    await skipAgent(clusterOf(lab), '10.0.1.11', BOB, timeOf(lab));
    assert.equal((await look(lab))!.status, 'WAITING');
  }),
);

onBoth(
  'an agent that hangs is skipped: the rollout goes on without it, and it is said until it is ready',
  (dcos) =>
    withLab({ dcos, agents: agents(9, { 3: { node: { hang: true } } }) }, async (lab) => {
      let skipping: Promise<unknown> | undefined;
      const { summary, carried } = await install(lab, {
        watch: (_, state) => {
          const hanging = [...state.agents.values()].find(({ agent }) => agent.host === '10.0.1.14');
          if (hanging?.standing === 'in turn' && state.now - hanging.given! > 90_000)
            skipping ??= skipAgent(clusterOf(lab), '10.0.1.14', BOB, timeOf(lab));
        },
      });
      await skipping;
      const at = [...carried.state.agents.values()].find(({ agent }) => agent.host === '10.0.1.14')!;
      assert.deepEqual([at.standing, at.reason], ['left out', 'skipped by bob@desk: dashboards look odd']);
      assert.equal(summary.exit, 3);
      assert.deepEqual(
        (await look(lab))!.skipped.map(({ host, who }) => [host, who]),
        [['10.0.1.14', 'bob@desk']],
      );
      const { plan } = await prepare(lab);
      assert.deepEqual(plan.waves, []);
      assert.deepEqual(
        plan.leftOut.map(({ agent, kind }) => [agent.host, kind]),
        [['10.0.1.14', 'skipped']],
      );
    }),
);

test('who cannot be skipped, and what cannot be undone', () =>
  withLab({ agents: agents(3) }, async (lab) => {
    const code = (wanted: string) => (error: UserError) => error.problem.code === wanted;
    const skip = (agent: string) => skipAgent(clusterOf(lab), agent, BOB, timeOf(lab));
    await assert.rejects(skip('10.0.1.11'), code('not-installed'));
    await assert.rejects(optionsBefore(clusterOf(lab)), code('not-installed'));
    await assert.rejects(pausePlan(clusterOf(lab), BOB, timeOf(lab)), code('not-installed'));
    await install(lab);
    await assert.rejects(skip('10.9.9.9'), code('unknown-agent'));
    await assert.rejects(skip('10.0.1.11'), code('agent-ready'));
    await assert.rejects(optionsBefore(clusterOf(lab)), code('nothing-to-undo'));
    const { plan, control } = await pausePlan(clusterOf(lab), BOB, timeOf(lab));
    assert.deepEqual([plan.status, control.paused], ['COMPLETE', undefined]);
  }));

onBoth('undo goes back to the options before, over agents that the change reached and no others', (dcos) =>
  withLab({ dcos, agents: agents(9) }, async (lab) => {
    await install(lab);
    const first = JSON.stringify(
      (await clusterOf(lab).marathon.app('/calico/options'))!.env.DCOS_CALICO_OPTIONS,
    );
    await install(lab, {
      sources: { set: ['node.ipip=always', 'libnetwork.enable=false'] },
      pauseAfterCanary: true,
    });
    const before = await optionsBefore(clusterOf(lab));
    assert.equal(before.options.node.ipip, 'off');
    const undone = await install(lab, { sources: { flags: before.options }, plan: { plan: { undo: true } } });
    assert.equal(undone.prepared.plan.kind, 'change');
    assert.equal(undone.summary.exit, 0);
    const touched = undone.events.flatMap((event) =>
      event.type === 'wave began' ? event.agents.map(({ host }) => host) : [],
    );
    assert.deepEqual(touched.sort(), ['10.0.1.11', '10.0.1.19']);
    const app = (await clusterOf(lab).marathon.app('/calico/options'))!;
    assert.equal(JSON.stringify(app.env.DCOS_CALICO_OPTIONS), first);
    await assert.rejects(optionsBefore(clusterOf(lab)));
    assert.equal((await prepare(lab)).plan.kind, 'nothing');
    assert.deepEqual(await phases(lab), [['done', 'COMPLETE', 9, 9]]);
  }),
);

onBoth('repair ends a skip: the agent has its turn, and is said no more', (dcos) =>
  withLab({ dcos, agents: agents(9, { 3: breaks }) }, async (lab) => {
    await install(lab);
    const { plan } = await skipAgent(clusterOf(lab), '10.0.1.14', BOB, timeOf(lab));
    assert.equal(plan.skipped.length, 1);
    hostOf(lab, '10.0.1.14').faults = { steps: { node: { times: 1 } } };
    const repair = new Map([[plan.skipped[0]!.id, 'failed']]);
    const { summary, events } = await install(lab, { plan: { plan: { repair } } });
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'wave began' ? event.agents.map(({ host }) => host) : [])),
      ['10.0.1.14'],
    );
    assert.equal(summary.exit, 0);
    assert.deepEqual((await look(lab))!.skipped, []);
  }),
);

test('whoever goes on in spite of a pause is told of it first', () =>
  withLab({ agents: agents(9) }, async (lab) => {
    await install(lab, { pauseAfterCanary: true });
    await pausePlan(clusterOf(lab), BOB, timeOf(lab));
    const { plan } = await prepare(lab);
    assert.match(plan.warnings.join(), /paused by bob@desk: dashboards look odd\. Going on ends the pause\./);
  }));
