// Restarts: only where they are needed, few at a time, public agents last, and nothing that the plan did not name is interrupted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lab } from '../../src/lab/lab.ts';
import type { AgentSpec } from '../../src/lab/types.ts';
import { clusterOf, hostOf, install, onBoth, prepare, timeOf, withLab } from './on-lab.ts';

const REASON = 'Docker must restart to drop its old store';

const web = { name: 'mesos-1', task: 'shop_web.1', app: '/shop/web', ours: false };
const own = { name: 'calico-node', task: '', app: '', ours: true };

function agents(count: number, faults: Record<number, object> = {}): AgentSpec[] {
  return Array.from({ length: count }, (_, index) => ({
    host: `10.0.1.${11 + index}`,
    public: index >= count - 2,
    ...(faults[index] ? { faults: faults[index] } : {}),
  })) as AgentSpec[];
}

const breaks = { steps: { node: { failAfterWork: 'calico/node does not come up' } } };

const restarts = (running: object[] = []) => ({
  steps: { docker: { restart: REASON } },
  facts: { containers: { count: running.length, running } },
});

const asking = (lab: Lab) => ({ ask: { time: timeOf(lab), announce: () => {} } });
const waves = (events: { type: string }[]) =>
  events.flatMap((event) =>
    event.type === 'wave began'
      ? [
          [
            (event as { kind?: string }).kind,
            (event as { agents?: { host: string }[] }).agents!.map(({ host }) => host),
          ],
        ]
      : [],
  );

onBoth('agents that need a restart come after the others, one at a time, public ones last', (dcos) =>
  withLab(
    { dcos, agents: agents(8, { 1: restarts([web, own]), 3: restarts(), 6: restarts(), 7: restarts() }) },
    async (lab) => {
      const { prepared, events, summary } = await install(lab, { plan: asking(lab) });
      assert.deepEqual(
        prepared.plan.restarts?.map(({ agent, reason, interrupts }) => [agent.host, reason, interrupts]),
        [
          ['10.0.1.12', REASON, ['/shop/web']],
          ['10.0.1.14', REASON, []],
          ['10.0.1.17', REASON, []],
          ['10.0.1.18', REASON, []],
        ],
      );
      assert.equal(prepared.plan.numbers.restarts, 4);
      assert.match(prepared.plan.warnings.join(), /Wave 3 restarts Docker on 10\.0\.1\.12, .*\/shop\/web/);
      assert.deepEqual(
        waves(events).filter(([kind]) => kind === 'restart'),
        [
          ['restart', ['10.0.1.12']],
          ['restart', ['10.0.1.14']],
          ['restart', ['10.0.1.17']],
          ['restart', ['10.0.1.18']],
        ],
      );
      assert.equal(waves(events).at(-1)![0], 'restart');
      assert.equal(summary.exit, 0);
    },
  ),
);

test('whether all instances of an app are in one wave is told by what Marathon has of it, on all agents', () =>
  withLab({ agents: agents(6, { 1: restarts([web, { ...web, app: '/shop/db' }]) }) }, async (lab) => {
    const app = (id: string, ...hosts: string[]) => ({
      id,
      cmd: 'sleep 100000',
      cpus: 0.01,
      mem: 32,
      instances: hosts.length,
      constraints: [
        ['hostname', 'UNIQUE'],
        ['hostname', 'LIKE', hosts.join('|')],
      ],
    });
    const { marathon } = clusterOf(lab);
    await marathon.putApp(app('/shop/web', '10.0.1.12', '10.0.1.14') as never);
    await marathon.putApp(app('/shop/db', '10.0.1.12') as never);
    await lab.sleep(30_000);
    const { plan } = await prepare(lab, {}, asking(lab));
    const told = plan.warnings.filter((each) => each.includes('restarts Docker'));
    assert.deepEqual(told, [
      'Wave 3 restarts Docker on 10.0.1.12, and nowhere else runs /shop/db: all its instances are interrupted at once.',
    ]);
  }));

test('what runs there meanwhile and is not in the plan is not interrupted: the agent is skipped and said', () =>
  withLab({ agents: agents(6, { 1: restarts([web]), 2: restarts() }) }, async (lab) => {
    const { summary, carried } = await install(lab, {
      plan: asking(lab),
      watch: (event) => {
        if (event.type !== 'wave began' || event.kind !== 'canary') return;
        const db = { name: 'db', task: '', app: '/shop/db', ours: false };
        hostOf(lab, '10.0.1.12').faults.facts = { containers: { count: 2, running: [web, db] } };
      },
    });
    assert.equal(summary.exit, 3);
    assert.deepEqual(
      summary.notReady.map(({ address, state }) => [address, state]),
      [['10.0.1.12', 'restart pending']],
    );
    const skipped = [...carried.state.agents.values()].find(({ agent }) => agent.host === '10.0.1.12');
    assert.match(skipped!.reason, /does not name: \/shop\/db/);
  }));

test('a failed restart stops it, and the agents after it are not touched', () =>
  withLab(
    {
      agents: agents(7, {
        1: { steps: { docker: { restart: REASON, failAfterWork: 'Docker did not come up' } } },
        2: restarts(),
      }),
    },
    async (lab) => {
      const { summary, events } = await install(lab, { plan: asking(lab) });
      assert.equal(summary.exit, 1);
      assert.match(summary.what, /^Stopped: 1 agent failed when restarted/);
      assert.deepEqual(
        waves(events).filter(([kind]) => kind === 'restart'),
        [['restart', ['10.0.1.12']]],
      );
    },
  ));

test('--no-restart leaves them pending; a later install without it restarts them', () =>
  withLab({ agents: agents(7, { 1: restarts(), 2: restarts() }) }, async (lab) => {
    const first = await install(lab, { plan: { ...asking(lab), plan: { noRestart: true } } });
    assert.equal(first.summary.exit, 3);
    assert.equal(first.prepared.plan.restarts?.length, 0);
    assert.deepEqual(
      first.summary.notReady.map(({ state }) => state),
      ['restart pending', 'restart pending'],
    );
    assert.deepEqual(first.summary.next, ['dcos calico restart', 'dcos calico status 10.0.1.12']);
    const second = await install(lab, { plan: asking(lab) });
    assert.deepEqual(
      second.prepared.plan.waves.map(({ kind, agents: members }) => [kind, members.length]),
      [
        ['restart', 1],
        ['restart', 1],
      ],
    );
    assert.equal(second.summary.exit, 0);
  }));

onBoth('a changed store restarts Docker on every agent, and nothing else changes anywhere', (dcos) =>
  withLab({ dcos, agents: agents(5) }, async (lab) => {
    await install(lab);
    const change = {
      set: ['docker.override-docker-cluster-store=zk://10.0.0.9:2181', 'docker.replace-cluster-store=true'],
    };
    const plain = await prepare(lab, change);
    assert.deepEqual(new Set(plain.plan.waves.map(({ kind }) => kind)), new Set(['restart']));
    const { prepared, summary } = await install(lab, { sources: change, plan: asking(lab) });
    assert.deepEqual(
      prepared.plan.effects?.map(({ step }) => step),
      ['docker'],
    );
    assert.equal(prepared.plan.numbers.restarts, 5);
    assert.equal(summary.exit, 0);
    for (let at = 11; at < 16; at++) assert.equal(hostOf(lab, `10.0.1.${at}`).restarts, 1);
    assert.equal((await prepare(lab)).plan.kind, 'nothing');
  }),
);

onBoth('restart rolls what is pending, and only that; one agent where one is named', (dcos) =>
  withLab({ dcos, agents: agents(7, { 1: restarts([web]), 2: restarts(), 3: breaks }) }, async (lab) => {
    await install(lab, { plan: { plan: { noRestart: true } } });
    await lab.sleep(60_000);
    const one = await install(lab, { plan: { ...asking(lab), plan: { restartOnly: ['10.0.1.13'] } } });
    assert.equal(one.prepared.plan.kind, 'restart');
    assert.deepEqual(waves(one.events), [['restart', ['10.0.1.13']]]);
    assert.equal(hostOf(lab, '10.0.1.12')!.restarts, 0);
    const rest = await install(lab, { plan: { ...asking(lab), plan: { restartOnly: [] } } });
    assert.deepEqual(
      rest.prepared.plan.restarts?.map(({ agent, reason, interrupts }) => [agent.host, reason, interrupts]),
      [['10.0.1.12', REASON, ['/shop/web']]],
    );
    assert.deepEqual([hostOf(lab, '10.0.1.12').restarts, hostOf(lab, '10.0.1.13').restarts], [1, 1]);
    assert.equal((await prepare(lab, {}, { plan: { restartOnly: [] } })).plan.kind, 'nothing');
  }),
);
