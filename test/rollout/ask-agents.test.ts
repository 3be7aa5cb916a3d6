// Asking the agents, on labs whose agents are only modelled: who is asked, what is read, and that nothing of it stays.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../src/errors.ts';
import type { Lab } from '../../src/lab/lab.ts';
import { abandonPreflight, removeEmptyGroups } from '../../src/rollout/preflight-app.ts';
import type { AskSettings } from '../../src/rollout/prepare.ts';
import { PREFLIGHT_APP } from '../../src/steps/preflight/definition.ts';
import { clusterOf, install, prepare, timeOf, withLab } from './on-lab.ts';

interface Asked extends Partial<AskSettings> {
  always?: boolean;
}

async function ask(lab: Lab, { always = true, ...settings }: Asked = {}, sources = {}) {
  const announced: number[] = [];
  const prepared = await prepare(lab, sources, {
    always,
    ask: { time: timeOf(lab), announce: (agents: number) => announced.push(agents), ...settings },
  });
  return { prepared, hosts: prepared.hosts, announced };
}

const preflightApp = (lab: Lab) => clusterOf(lab).marathon.app(PREFLIGHT_APP);
const agents = (count: number) => ({ private: count - 1, public: 1 });
const store = 'zk://10.0.0.1:2181';

for (const dcos of ['1.9', '1.12', '1.13', '2.0'] as const) {
  test(`every agent is asked, public ones too, and the app is gone again (DC/OS ${dcos})`, () =>
    withLab({ dcos, agents: agents(6) }, async (lab) => {
      const { hosts, announced } = await ask(lab);
      assert.deepEqual(announced, [6]);
      assert.deepEqual([hosts!.told.length, hosts!.silent, hosts!.unread], [6, [], []]);
      assert.ok(hosts!.told.some(({ host }) => host === '10.1.2.20'));
      assert.equal(await preflightApp(lab), undefined);
      await removeEmptyGroups(clusterOf(lab), timeOf(lab));
      assert.equal(await clusterOf(lab).marathon.group('/calico'), undefined);
    }));
}

test('what a step would stop at is found, and that agent comes last and does not count', () =>
  withLab(
    {
      agents: [
        {
          host: '10.0.1.11',
          public: false,
          faults: { steps: { docker: { fail: `Docker already uses ${store} as its store` } } },
        },
        { host: '10.0.1.12', public: false },
        { host: '10.0.1.13', public: false },
      ],
    },
    async (lab) => {
      const { prepared } = await ask(lab, {}, { set: ['rollout.ignore=["CAL1045"]'] });
      const finding = prepared.findings.find(({ code }) => code === 'CAL1045');
      assert.equal(finding?.waived, true);
      assert.deepEqual(finding.agents, ['10.0.1.11']);
      assert.equal(prepared.stopped, false);
      assert.deepEqual(
        prepared.plan.waves.map(({ kind, agents: members }) => [kind, members.map(({ host }) => host)]),
        [
          ['canary', ['10.0.1.12']],
          ['rollout', ['10.0.1.13']],
          ['retry', ['10.0.1.11']],
        ],
      );
    },
  ));

test('where every agent would stop a canary still stops the rollout', () =>
  withLab(
    {
      agents: ['10.0.1.11', '10.0.1.12'].map((host) => ({
        host,
        public: false,
        faults: { steps: { cni: { fail: 'the directory /x is not there on this agent' } } },
      })),
    },
    async (lab) => {
      const { prepared } = await ask(lab, {}, { set: ['rollout.ignore=["CAL1045"]'] });
      assert.equal(prepared.plan.waves[0]!.kind, 'canary');
    },
  ));

test('of many, those with something to tell are read first, and the others are said', () =>
  withLab({ agents: { private: 60, public: 0 } }, async (lab) => {
    for (const host of ['10.0.1.40', '10.0.1.41'])
      (lab.runner as never as { host(address: string): { faults: object } }).host(host).faults = {
        facts: { rpFilter: 0, clock: 400 },
      };
    const { hosts, prepared } = await ask(lab, { readAtMost: 5 });
    assert.equal(hosts!.told.length, 5);
    assert.ok(hosts!.told.some(({ host }) => host === '10.0.1.40'));
    assert.ok(hosts!.told.some(({ host }) => host === '10.0.1.41'));
    assert.equal(hosts!.unread.length, 55);
    assert.ok(hosts!.unread.every(({ noted }) => !noted));
    assert.ok(prepared.findings.some(({ code, severity }) => code === 'CAL1041' && severity === 'warns'));
    assert.ok(prepared.findings.some(({ code, severity }) => code === 'CAL1020' && severity === 'informs'));
  }));

test('an agent on which the task does not start is said, with why; the others are not kept from it', () =>
  withLab({ agents: agents(4) }, async (lab) => {
    // Enough for the tasks of the steps when it is planned, and gone before its own task starts.
    const quiet = [...lab.master.agents.values()].find(({ spec }) => spec.host === '10.0.1.11')!;
    const heard: number[] = [];
    const { hosts } = await ask(lab, {
      announce: () => lab.master.deactivate(quiet),
      heard: (answered) => heard.push(answered),
    });
    assert.deepEqual(
      hosts!.silent.map(({ host, reason }) => [host, reason]),
      [
        [
          '10.0.1.11',
          'Marathon does not start the task of the preflight: Mesos offers nothing of this agent',
        ],
      ],
    );
    assert.equal(hosts!.told.length, 3);
    assert.equal(heard.at(-1), 3);
    assert.equal(await preflightApp(lab), undefined);
  }));

test('an app that an earlier run left is put anew; one whose tasks are still being ended is waited for', () =>
  withLab({ agents: agents(3) }, async (lab) => {
    const { marathon } = clusterOf(lab);
    lab.faults.set([
      {
        path: '/service/marathon/v2/apps/calico/ops/preflight*',
        method: 'DELETE',
        kind: 'status',
        status: 403,
      },
    ]);
    await assert.rejects(ask(lab));
    const left = await marathon.app(PREFLIGHT_APP);
    assert.ok(left);
    lab.faults.set([]);
    await lab.sleep(3600_000);
    const { hosts } = await ask(lab);
    assert.equal(hosts!.told.length, 3);
    assert.equal(await marathon.app(PREFLIGHT_APP), undefined);
    assert.equal((await ask(lab)).hosts!.told.length, 3);
  }));

test('somebody else takes the app away meanwhile: it is put again', () =>
  withLab({ agents: agents(3) }, async (lab) => {
    let looks = 0;
    const { hosts } = await ask(lab, {
      time: {
        ...timeOf(lab),
        sleep: async (ms) => {
          if (++looks === 2) await clusterOf(lab).marathon.deleteApp(PREFLIGHT_APP, { force: true });
          await lab.sleep(ms);
        },
      },
    });
    assert.equal(hosts!.told.length, 3);
    assert.equal(await preflightApp(lab), undefined);
  }));

test('the app goes even when watching it fails; what failed is what is thrown', () =>
  withLab({ agents: agents(3) }, async (lab) => {
    lab.faults.set([
      { path: '/service/marathon/v2/apps/calico/ops/preflight*', method: 'GET', kind: 'status', status: 403 },
    ]);
    await assert.rejects(ask(lab), (error: UserError) => error.problem.code === 'forbidden');
    lab.faults.set([]);
    assert.equal(await preflightApp(lab), undefined);
  }));

test('an app that cannot be taken away is said, with the command that does it', () =>
  withLab({ agents: agents(3) }, async (lab) => {
    lab.faults.set([
      {
        path: '/service/marathon/v2/apps/calico/ops/preflight*',
        method: 'DELETE',
        kind: 'status',
        status: 403,
      },
    ]);
    await assert.rejects(ask(lab), (error: unknown) => {
      assert.ok(error instanceof UserError);
      assert.equal(error.problem.what, 'The app of the preflight could not be taken away');
      assert.deepEqual(error.problem.remedy?.[0], `dcos marathon app remove ${PREFLIGHT_APP}`);
      return true;
    });
  }));

test('a login that ends just then: to log in comes first', () =>
  withLab({ agents: agents(3) }, async (lab) => {
    const path = '/service/marathon/v2/apps/calico/ops/preflight*';
    lab.faults.set([{ path, method: 'DELETE', kind: 'status', status: 401 }]);
    await assert.rejects(ask(lab), (error: unknown) => {
      assert.ok(error instanceof UserError);
      assert.deepEqual(error.problem.remedy?.slice(0, 2), [
        'dcos auth login',
        `dcos marathon app remove ${PREFLIGHT_APP}`,
      ]);
      return true;
    });
  }));

test('Ctrl-C takes the app away in one request; where that fails it says so', () =>
  withLab({ agents: agents(3) }, async (lab) => {
    const abandoned: boolean[] = [];
    await ask(lab, { announce: async () => undefined, heard: async () => undefined });
    abandoned.push(await abandonPreflight(clusterOf(lab)));
    lab.faults.set([{ path: '/service/marathon/v2/apps/calico*', kind: 'status', status: 500 }]);
    abandoned.push(await abandonPreflight(clusterOf(lab)));
    assert.deepEqual(abandoned, [true, false]);
  }));

test('nobody is asked where all are ready, nor of a DC/OS that has its own Calico', async () => {
  await withLab({ agents: agents(3) }, async (lab) => {
    await install(lab);
    lab.resetRequests();
    const { announced, prepared } = await ask(lab, { always: false });
    assert.deepEqual([announced, prepared.plan.kind], [[], 'nothing']);
    assert.ok(lab.requests().every(({ method }) => method === 'GET'));
  });
  await withLab({ dcos: '2.1', agents: agents(3) }, async (lab) => {
    const { announced, prepared } = await ask(lab);
    assert.deepEqual(announced, []);
    assert.equal(prepared.findings[0]!.code, 'CAL1001');
  });
});

test("a DC/OS 2.2 whose own Calico is off is one like any other; it is told by the agents' flags", async () => {
  await withLab({ dcos: '2.2', agents: agents(4) }, async (lab) => {
    const { prepared } = await ask(lab);
    assert.deepEqual([prepared.findings[0]!.code, prepared.stopped], ['CAL1001', true]);
  });
  await withLab({ dcos: '2.2', nativeCalico: false, agents: agents(4) }, async (lab) => {
    const { prepared } = await ask(lab);
    assert.deepEqual(
      [prepared.findings.filter(({ code }) => code === 'CAL1001'), prepared.stopped],
      [[], false],
    );
    const { summary } = await install(lab);
    assert.equal(summary.exit, 0, summary.what);
  });
  // An agent that does not answer says nothing; where none does, nobody can tell.
  const faults = (path: string) => [{ path, kind: 'status' as const, status: 502 }];
  await withLab(
    { dcos: '2.2', nativeCalico: false, agents: agents(4), faults: faults('/agent/*/flags') },
    async (lab) => {
      const { prepared } = await ask(lab);
      assert.match(prepared.findings[0]!.what, /whether it is on cannot be told/);
    },
  );
});

test('an agent that joined is asked alone, and what is installed is left as it is', () =>
  withLab({ agents: agents(3) }, async (lab) => {
    await install(lab);
    await lab.master.addAgent({ host: '10.0.1.50', public: false });
    const { announced, hosts } = await ask(lab);
    assert.deepEqual(announced, [1]);
    assert.deepEqual(
      hosts!.told.map(({ host }) => host),
      ['10.0.1.50'],
    );
    await removeEmptyGroups(clusterOf(lab), timeOf(lab));
    assert.equal((await clusterOf(lab).marathon.group('/calico'))!.apps.length, 6);
  }));
