// Options that change on an installed cluster: what depends on them goes through the agents in waves, and nothing else is touched.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lab } from '../../src/lab/lab.ts';
import { agents } from './agents.ts';
import { clusterOf, hostOf, install, onBoth, prepare, withLab } from './on-lab.ts';

const group = async (lab: Lab) => (await clusterOf(lab).marathon.group('/calico'))!;
const tasksOf = async (lab: Lab, except: string[]) =>
  (await group(lab)).apps
    .filter(({ id }) => !except.includes(id))
    .flatMap((app) => app.tasks!.map(({ id }) => id))
    .sort();

onBoth('a changed node option replaces node alone, goes in waves, and is nothing afterwards', (dcos) =>
  withLab({ dcos, agents: agents(9) }, async (lab) => {
    await install(lab);
    const before = await tasksOf(lab, ['/calico/node']);
    const { prepared, summary, events } = await install(lab, { sources: { set: ['node.ipip=always'] } });
    const { plan } = prepared;
    assert.equal(plan.kind, 'change');
    assert.deepEqual(plan.effects, [
      { step: 'node', how: 'replace', tasks: 9, agents: 'changed', causes: ['node.ipip'] },
    ]);
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'wave began' ? [[event.kind, event.agents.length]] : [])),
      [
        ['canary', 2],
        ['rollout', 5],
        ['rollout', 2],
      ],
    );
    assert.equal(summary.exit, 0);
    assert.deepEqual(await tasksOf(lab, ['/calico/node']), before);
    assert.equal((await prepare(lab)).plan.kind, 'nothing');
    assert.equal((await prepare(lab, { set: ['node.ipip=off'] })).plan.kind, 'change');
  }),
);

onBoth(
  'a step that is disabled is taken off in waves, and only then its app goes; enabled again, it is back',
  (dcos) =>
    withLab({ dcos, agents: agents(6) }, async (lab) => {
      await install(lab);
      const before = await tasksOf(lab, ['/calico/libnetwork']);
      const off = await install(lab, { sources: { set: ['libnetwork.enable=false'] } });
      assert.deepEqual(off.prepared.plan.removing, ['libnetwork']);
      assert.ok(off.events.some((event) => event.type === 'dropped' && event.steps[0] === 'libnetwork'));
      assert.deepEqual(
        off.summary.notReady.map(({ cells, ...row }) => [row.state, row.reason]),
        [],
      );
      assert.equal(off.summary.exit, 0);
      assert.equal(
        (await group(lab)).apps.some(({ id }) => id === '/calico/libnetwork'),
        false,
      );
      assert.deepEqual(await tasksOf(lab, []), before);
      assert.equal((await prepare(lab)).plan.kind, 'nothing');
      const on = await install(lab, { sources: { set: ['libnetwork.enable=true'] } });
      assert.equal(on.prepared.plan.kind, 'change');
      assert.deepEqual(
        on.summary.notReady.map((row) => [
          row.address,
          row.state,
          row.reason,
          row.cells.map((c) => [c.step, c.state].join()),
        ]),
        [],
      );
      assert.equal(on.summary.exit, 0);
      assert.equal((await prepare(lab)).plan.kind, 'nothing');
    }),
);

onBoth('cut off while a step is taken off, the same command goes on and ends it', async (dcos) => {
  for (const cut of [1, 4, 8]) {
    await withLab({ dcos, agents: agents(9) }, async (lab) => {
      await install(lab);
      const gone = new AbortController();
      let seen = 0;
      const first = install(lab, {
        sources: { set: ['libnetwork.enable=false', 'node.ipip=always'] },
        signal: gone.signal,
        watch: () => {
          if (++seen === cut) gone.abort();
        },
      });
      await assert.rejects(first);
      const { summary, prepared } = await install(lab);
      assert.equal(prepared.plan.kind, 'go on');
      assert.equal(summary.exit, 0);
      assert.equal(
        (await group(lab)).apps.some(({ id }) => id === '/calico/libnetwork'),
        false,
      );
      assert.equal((await prepare(lab)).plan.kind, 'nothing');
    });
  }
});

test('what cannot be changed on a living network is refused with the way to do it; done by hand, it is recorded', () =>
  withLab({ agents: agents(3) }, async (lab) => {
    await install(lab);
    const sources = { set: ['node.pool-cidr=10.9.0.0/16'] };
    const { plan } = await prepare(lab, sources);
    assert.deepEqual([plan.kind, plan.refusal?.code, plan.put], ['refused', 'living-network', undefined]);
    assert.match(plan.refusal!.remedy.join('\n'), /calicoctl create .*\n.*disabled: true.*\n/);
    const { summary, prepared } = await install(lab, { sources, plan: { plan: { migrated: true } } });
    assert.equal(prepared.plan.kind, 'change');
    assert.equal(summary.exit, 0);
    assert.equal((await prepare(lab)).options.node['pool-cidr'], '10.9.0.0/16');
  }));

test('an excluded agent that has Calico stops it; with --leave it is left as it is, and included again', () =>
  withLab({ agents: agents(4) }, async (lab) => {
    await install(lab);
    const sources = { set: ['rollout.exclude=["10.0.1.12"]'] };
    assert.equal((await prepare(lab, sources)).plan.refusal?.code, 'excluded-has-calico');
    const { summary, events } = await install(lab, { sources, plan: { plan: { leave: true } } });
    assert.equal(summary.exit, 0);
    assert.equal(
      events.some(({ type }) => type === 'wave began'),
      false,
      'no host changes',
    );
    assert.equal((await tasksOf(lab, [])).length, 3 * 5);
    assert.equal(hostOf(lab, '10.0.1.12').isDone('node'), true);
    const back = await install(lab, { sources: { set: ['rollout.exclude=[]'] } });
    assert.equal(back.summary.exit, 0);
    assert.equal((await tasksOf(lab, [])).length, 4 * 5);
  }));

onBoth(
  'from the proxy to fixed endpoints and back: the proxy goes once the others have turned away',
  (dcos) =>
    withLab({ dcos, agents: agents(4) }, async (lab) => {
      await install(lab);
      const fixed = [
        'etcd.run-proxy=false',
        'etcd.etcd-endpoints=http://10.0.0.5:2379',
        'docker.replace-cluster-store=true',
      ];
      const away = await install(lab, { sources: { set: fixed } });
      assert.deepEqual(away.prepared.plan.removing, ['etcd-proxy']);
      assert.deepEqual(new Set(away.prepared.plan.waves.map(({ kind }) => kind)), new Set(['restart']));
      assert.equal(away.summary.exit, 0);
      assert.equal(
        (await group(lab)).apps.some(({ id }) => id === '/calico/etcd-proxy'),
        false,
      );
      const back = await install(lab, {
        sources: { set: ['etcd.run-proxy=true', 'etcd.etcd-endpoints=http://localhost:2379'] },
      });
      assert.equal(back.summary.exit, 0);
      assert.equal((await prepare(lab)).plan.kind, 'nothing');
    }),
);

onBoth(
  'another store, cut off after the first agent: the same command restarts the rest, in one run',
  (dcos) =>
    withLab({ dcos, agents: agents(5) }, async (lab) => {
      await install(lab);
      const cut = new AbortController();
      const other = [
        'docker.override-docker-cluster-store=zk://10.0.0.9:2181',
        'docker.replace-cluster-store=true',
      ];
      const watch = (event: { type: string }) => event.type === 'wave ended' && cut.abort();
      await assert.rejects(install(lab, { sources: { set: other }, signal: cut.signal, watch }));
      await lab.master.addAgent({ host: '10.0.1.90', public: false });
      const rest = await install(lab);
      const kinds = rest.prepared.plan.waves.map(({ kind, agents }) => [
        kind,
        agents.map(({ host }) => host).join(),
      ]);
      assert.ok(kinds.filter(([kind]) => kind === 'restart').length >= 3, JSON.stringify(kinds));
      assert.ok(
        kinds.some(([kind, hosts]) => kind !== 'restart' && hosts === '10.0.1.90'),
        'who joined has no store yet',
      );
      assert.equal(rest.summary.exit, 0, rest.summary.what);
      assert.equal((await prepare(lab)).plan.kind, 'nothing');
    }),
);

test('the turn says until when it holds; an agent that has not begun by then begins no more', () =>
  withLab({ agents: agents(9, { 0: { node: { slow: 40 } } }) }, async (lab) => {
    const until = lab.clock.now() + 60_000;
    const { summary, carried } = await install(lab, {
      until,
      watch: async (event) => {
        if (event.type !== 'wave began') return;
        const turn = await clusterOf(lab).marathon.app('/calico/ops/turn');
        assert.equal(turn?.env.DCOS_CALICO_TURN_UNTIL, new Date(until).toISOString());
        assert.equal(turn?.env.DCOS_CALICO_TURN_WAVE, '1/3 canary');
      },
    });
    assert.equal(summary.exit, 5);
    const slow = [...carried.state.agents.values()].find(({ agent }) => agent.host === '10.0.1.11')!;
    assert.deepEqual(
      [slow.standing, slow.reason],
      ['out of time', 'the time given with --until came before it was done'],
    );
    assert.equal((await install(lab)).summary.exit, 0);
  }));
