// Whole installs on the lab: DC/OS 1.12, whose Marathon carries a state by the health check, and 2.0, whose Marathon has checks.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UserError } from '../../src/errors.ts';
import type { Lab } from '../../src/lab/lab.ts';
import type { AgentSpec } from '../../src/lab/types.ts';
import { carry, clusterOf, install, onBoth, prepare, withLab } from './on-lab.ts';

/** 10.0.1.11 and so on; the last is public. */
function agents(count: number, faults: Record<number, object> = {}): AgentSpec[] {
  return Array.from({ length: count }, (_, index) => ({
    host: `10.0.1.${11 + index}`,
    public: index === count - 1,
    ...(faults[index] ? { faults: { steps: faults[index] } } : {}),
  })) as AgentSpec[];
}

/** 0.3 CPU: for any one task, not for all. */
const cramped: AgentSpec[] = ['10.0.1.61', '10.0.1.62'].map((host) => ({ host, public: false, cpus: 0.3 }));

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

const writes = (lab: Lab) => lab.requests().filter(({ method }) => method !== 'GET');
const conflict = { docker: { fail: 'Docker already uses zk://10.0.0.1:2181 as its store' } };
const breaks = { node: { failAfterWork: 'calico/node does not come up' } };
const group = async (lab: Lab) => (await clusterOf(lab).marathon.group('/calico'))!;

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

onBoth('cut off at any moment, the same command from elsewhere goes on and converges', async (dcos) => {
  for (const cut of [1, 3, 5, 8, 12]) {
    await withLab({ dcos, agents: agents(12) }, async (lab) => {
      const gone = new AbortController();
      let seen = 0;
      const first = install(lab, {
        signal: gone.signal,
        watch: () => {
          if (++seen === cut) gone.abort();
        },
      });
      await assert.rejects(first);
      const { summary, prepared } = await install(lab);
      assert.equal(summary.exit, 0);
      assert.deepEqual(
        prepared.plan.changes.filter(({ how }) => how === 'replace'),
        [],
      );
    });
  }
});

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

test('another command that takes the rollout over ends the first one, which writes nothing more', () =>
  withLab({ agents: agents(12) }, async (lab) => {
    let other: Promise<unknown> | undefined;
    const first = install(lab, {
      watch: (event) => {
        if (event.type !== 'wave began' || other) return;
        other = install(lab, { sources: { set: ['rollout.canary=2'] } });
      },
    });
    await assert.rejects(first, (error: UserError) => {
      assert.equal(error.problem.code, 'changed-meanwhile');
      return true;
    });
    await other;
    const { plan } = await prepare(lab);
    assert.equal(plan.kind, 'nothing');
  }));

test('an app that somebody scales while the plan is looked at: nothing is written, and it is said who set the options', () =>
  withLab({}, async (lab) => {
    await install(lab);
    await lab.master.addAgent({ host: '10.0.1.90', public: false });
    const { carryInstall } = await import('../../src/rollout/install.ts');
    const { timeOf } = await import('./on-lab.ts');
    const prepared = await prepare(lab);
    const cluster = clusterOf(lab);
    const node = (await group(lab)).apps.find(({ id }) => id === '/calico/node')!;
    const { http } = cluster;
    await http.send({
      method: 'PUT',
      path: '/service/marathon/v2/apps/calico/node',
      body: { instances: node.instances + 3 },
    });
    lab.resetRequests();
    const carrying = carryInstall(cluster, prepared, {
      time: timeOf(lab),
      listener: () => {},
      pauseAfterCanary: false,
    });
    await assert.rejects(carrying, (error: UserError) => {
      assert.equal(error.problem.code, 'changed-meanwhile');
      assert.match(
        error.problem.why!,
        /\/calico\/node is at another version; the options were last set by anna@laptop/,
      );
      return true;
    });
    assert.deepEqual(writes(lab), []);
  }));

test("a colleague's deployment is shown and never forced", () =>
  withLab({}, async (lab) => {
    await install(lab);
    const cluster = clusterOf(lab);
    // More tasks than there are agents: Marathon keeps it open. What is edited is not what our options make of the app.
    const body = { instances: 9, env: { EDITED: 'by hand' } };
    await cluster.http.send({ method: 'PUT', path: '/service/marathon/v2/apps/calico/node', body });
    lab.resetRequests();
    const { plan } = await prepare(lab);
    assert.equal(plan.refusal?.code, 'locked');
    assert.equal(plan.refusal?.exit, 1);
    assert.deepEqual(writes(lab), []);
  }));

test('our own waiting deployment is superseded', () =>
  withLab({ agents: agents(6) }, async (lab) => {
    await install(lab);
    const cluster = clusterOf(lab);
    await cluster.http.send({
      method: 'PUT',
      path: '/service/marathon/v2/apps/calico/node',
      body: { instances: 9 },
    });
    await lab.sleep(5000);
    assert.equal((await cluster.marathon.deployments()).length, 1);
    const { summary, prepared } = await install(lab);
    assert.equal(prepared.plan.supersedes.length, 1);
    assert.equal(prepared.plan.kind, 'cover');
    assert.equal(summary.exit, 0);
    await lab.sleep(5000);
    assert.deepEqual(await cluster.marathon.deployments(), []);
  }));

test('an app edited by hand is put back, and only its tasks are replaced', () =>
  withLab({}, async (lab) => {
    await install(lab);
    const cluster = clusterOf(lab);
    const path = '/service/marathon/v2/apps/calico/cni';
    await cluster.http.send({ method: 'PUT', path, body: { cpus: 0.5 } });
    await lab.sleep(60_000);
    const { prepared, summary } = await install(lab);
    assert.equal(prepared.plan.kind, 'put back');
    assert.deepEqual(
      prepared.plan.changes.map(({ step, how, fields, replaced }) => [step, how, fields, replaced]),
      [['cni', 'replace', ['cpus'], 6]],
    );
    assert.match(prepared.plan.warnings.join(), /\/calico\/cni differs .*\(cpus\)/);
    assert.equal(summary.exit, 0);
  }));

test('a login that ends in the middle: how to go on is said', () =>
  withLab({ agents: agents(9) }, async (lab) => {
    const carrying = install(lab, {
      watch: (event) => {
        if (event.type === 'wave began')
          lab.faults.set([{ path: '/service/marathon/*', kind: 'status', status: 401 }]);
      },
    });
    await assert.rejects(carrying, (error: UserError) => {
      assert.equal(error.problem.code, 'login-expired');
      assert.deepEqual(error.problem.remedy, [
        'dcos auth login',
        'dcos calico install          goes on where it was',
        '2 agents finish their turn, and no further agent begins.',
      ]);
      return true;
    });
    lab.faults.set([]);
    assert.equal((await install(lab)).summary.exit, 0);
  }));

test('a Marathon that is away for a minute does not end it', () =>
  withLab({ agents: agents(9) }, async (lab) => {
    let broken = false;
    const { summary, events } = await install(lab, {
      watch: (event) => {
        if (event.type !== 'wave began' || broken) return;
        broken = true;
        lab.faults.set([{ path: '/service/marathon/*', kind: 'status', status: 503, times: 12 }]);
      },
    });
    assert.ok(events.some(({ type }) => type === 'no answer'));
    assert.equal(summary.exit, 0);
  }));

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

test('a turn that an interrupted rollout left is taken away', () =>
  withLab({ agents: agents(2) }, async (lab) => {
    const gone = new AbortController();
    const first = install(lab, {
      signal: gone.signal,
      watch: (event) => {
        if (event.type === 'wave began') gone.abort();
      },
    });
    await assert.rejects(first);
    await lab.sleep(300_000);
    const { prepared, summary } = await install(lab);
    assert.deepEqual([prepared.plan.kind, prepared.plan.waves, prepared.plan.staleTurn], ['go on', [], true]);
    assert.equal(summary.exit, 0);
    assert.equal((await group(lab)).groups?.[0]?.apps.length ?? 0, 0);
    assert.equal((await prepare(lab)).plan.kind, 'nothing');
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
