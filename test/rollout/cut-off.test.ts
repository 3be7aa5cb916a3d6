// Installs that are cut off, and others who change the same apps meanwhile.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UserError } from '../../src/errors.ts';
import type { Lab } from '../../src/lab/lab.ts';
import { agents } from './agents.ts';
import { clusterOf, install, onBoth, prepare, withLab } from './on-lab.ts';

const writes = (lab: Lab) => lab.requests().filter(({ method }) => method !== 'GET');
const group = async (lab: Lab) => (await clusterOf(lab).marathon.group('/calico'))!;

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

for (const [status, asks] of [
  [503, ['/groups/versions']],
  // Who may not see everything may see the group.
  [403, ['/groups/versions', '/groups/calico/versions']],
] as const)
  test(`a Marathon that does not list its versions (${status}) ends nothing: who was written over is then told where the group says it`, () =>
    withLab(
      {
        dcos: '2.0',
        agents: { private: 1, public: 0 },
        faults: [{ kind: 'status', path: '*/v2/groups/versions', status }],
      },
      async (lab) => {
        await install(lab);
        await clusterOf(lab).marathon.putApp({ id: '/web', cmd: 'sleep 1000', instances: 0 } as never);
        lab.resetRequests();
        const { summary } = await install(lab, { sources: { set: ['node.ipip=always'] } });
        assert.equal(summary.outcome, 'done');
        const asked = lab.requests().map(({ path }) => path.slice('/service/marathon/v2'.length));
        assert.deepEqual(
          asked.filter((path) => path.endsWith('/versions')),
          asks,
        );
      },
    ));
