// One refresh, asked of a server: how many requests it makes, and what it does with answers that do not come.
import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Cluster } from '../../src/dcos/cluster.ts';
import { connectionFromEnvironment } from '../../src/dcos/connection.ts';
import type { ClusterRead } from '../../src/status/build.ts';
import { StatusReader } from '../../src/status/read.ts';
import { asReport } from '../../src/status/report.ts';
import { statusSource } from '../../src/status/source.ts';
import { startCanned } from './canned.ts';
import { type AgentWords, clusterRead, NOW, report } from './cluster.ts';

async function readerOf(t: TestContext, read: ClusterRead) {
  const canned = await startCanned(read);
  t.after(() => canned.close());
  const cluster = new Cluster(connectionFromEnvironment({ DCOS_URL: canned.url, DCOS_ACS_TOKEN: 'x' }));
  return { canned, reader: new StatusReader({ ...statusSource(cluster), now: () => NOW }) };
}

const numbered = (count: number, words: Partial<AgentWords>): AgentWords[] =>
  Array.from({ length: count }, (_, index) => ({
    host: `10.${Math.floor(index / 200)}.0.${index % 200}`,
    ...words,
  }));

test('10 agents and 1,000 cost the same two requests a refresh; the version of Marathon is asked once', async (t) => {
  for (const count of [10, 1000]) {
    const { canned, reader } = await readerOf(t, clusterRead({ agents: numbered(count, {}) }));
    assert.equal((await reader.read()).totals.ready, count);
    await reader.read();
    assert.deepEqual(canned.asked, { agents: 2, group: 2, info: 1 });
  }
});

test('of 1,000 failed agents 200 are asked why, some at a time, and the rest is counted', async (t) => {
  const agents = numbered(1000, {
    steps: { docker: 'failed' },
    reasons: { docker: 'daemon.json is not JSON' },
  });
  const { canned, reader } = await readerOf(t, clusterRead({ agents }));
  const status = await reader.read();
  assert.equal(canned.asked.file, 200);
  assert.equal(status.notAsked, 800);
  assert.ok(canned.mostAtOnce > 1 && canned.mostAtOnce <= 16, `${canned.mostAtOnce} at once`);
  assert.equal(status.agents.filter(({ reason }) => reason === 'daemon.json is not JSON').length, 200);
  assert.equal(status.totals.byState.failed, 1000);
});

test('with Marathon 1.7 those that are not ready are asked what they are', async (t) => {
  const agents = [
    ...numbered(3, {}),
    {
      host: '10.9.9.9',
      steps: { docker: 'failed', node: 'waiting for step' },
      reasons: { docker: 'no', node: 'waits for docker' },
    },
  ] satisfies AgentWords[];
  const { canned, reader } = await readerOf(t, clusterRead({ agents, marathonVersion: '1.7.216' }));
  const [worst] = (await reader.read()).agents;
  assert.deepEqual([worst?.address, worst?.state, worst?.reason], ['10.9.9.9', 'failed', 'no']);
  assert.deepEqual(
    worst?.cells.map(({ state }) => state),
    ['ready', 'failed', 'ready', 'ready', 'waiting for step'],
  );
  assert.equal(canned.asked.file, 2);
});

test('one agent: all its steps are asked, and nobody else', async (t) => {
  const agents = [...numbered(3, { steps: { node: 'failed' } }), { host: '10.9.9.9' }];
  const { canned, reader } = await readerOf(t, clusterRead({ agents }));
  await reader.read({ agent: '10.9.9.9' });
  assert.equal(canned.asked.file, 5);
});

test('one agent: of its failed steps also the last lines that they printed, two reads each', async () => {
  const words = { steps: { docker: 'failed', cni: 'drifted', node: 'waiting for step' } } as const;
  const read = clusterRead({
    agents: [
      { host: '10.0.0.1', ...words },
      { host: '10.0.0.2', ...words },
    ],
    change: (group) => {
      const app = group.apps.find(({ id }) => id === '/calico/libnetwork')!;
      const [task] = app.tasks!.splice(0, 1);
      app.lastTaskFailure = {
        appId: app.id,
        host: '10.0.0.1',
        message: 'Command exited with status 7',
        slaveId: task!.slaveId!,
        state: 'TASK_FAILED',
        taskId: task!.id,
        timestamp: new Date(NOW - 1000).toISOString(),
        version: task!.version,
      };
    },
  });
  const asked: string[] = [];
  const reader = new StatusReader({
    agents: async () => ({ agents: [...read.agents], recovering: false }),
    group: async () => read.group,
    info: async () => ({ version: '1.11.24', frameworkId: 'F' }),
    statusJson: async () => undefined,
    lastLines: async ({ taskId }, count) => {
      asked.push(taskId);
      return taskId.includes('cni') ? undefined : [`${count} lines of ${taskId}`];
    },
    now: () => NOW,
  });
  const [row] = (await reader.read({ agent: '10.0.0.1' })).agents.filter(
    ({ address }) => address === '10.0.0.1',
  );
  assert.deepEqual(
    row!.cells.map(({ step, state, log }) => [step, state, log?.[0]?.replace(/\.instance.*/, '')]),
    [
      ['etcd-proxy', 'ready', undefined],
      ['docker', 'failed', '10 lines of calico_docker'],
      ['cni', 'drifted', undefined],
      ['libnetwork', 'ended', '10 lines of calico_libnetwork'],
      ['node', 'waiting for step', undefined],
    ],
  );
  assert.equal(asked.length, 3);
  await reader.read();
  assert.equal(asked.length, 3, "the table reads nobody's output");
});

test('an agent whose file is not there, or that does not answer in time, still has its row', async (t) => {
  const agents = numbered(2, { steps: { docker: 'failed' } });
  const { reader } = await readerOf(t, clusterRead({ agents }));
  assert.deepEqual(
    (await reader.read()).agents.map(({ state, reason }) => [state, reason]),
    [
      ['failed', 'docker'],
      ['failed', 'docker'],
    ],
  );
  const never = new StatusReader({
    agents: async () => ({ agents: [...clusterRead({ agents }).agents], recovering: false }),
    group: async () => clusterRead({ agents }).group,
    info: async () => ({ version: '1.11.24', frameworkId: 'F' }),
    statusJson: (_task, signal) =>
      new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason))),
    now: () => NOW,
  });
  assert.equal((await never.read({ askMs: 20 })).totals.byState.failed, 2);
});

test('without the group nobody is asked anything', async (t) => {
  const { canned, reader } = await readerOf(t, {
    ...clusterRead({ agents: numbered(3, {}) }),
    group: undefined,
  });
  assert.equal((await reader.read()).calico, 'not installed');
  assert.deepEqual(canned.asked, { agents: 1, group: 1, info: 1 });
});

test('5,000 agents with 25,000 tasks are joined in well under a second, whatever state they are in', () => {
  const agents = numbered(5000, { steps: { node: 'failed', docker: 'waiting for turn' } });
  const read = clusterRead({ agents });
  const source = {
    agents: async () => ({ agents: [...read.agents], recovering: false }),
    group: async () => read.group,
    info: async () => ({ version: '1.11.24', frameworkId: 'F' }),
    statusJson: async () => report('node', 'failed', 'x'),
    now: () => NOW,
  };
  const began = process.cpuUsage();
  return new StatusReader(source).read().then((status) => {
    const { user, system } = process.cpuUsage(began);
    assert.equal(status.totals.byState.failed, 5000);
    assert.ok(user + system < 1_000_000, `${(user + system) / 1000} ms of CPU for two joins`);
  });
});

test('a report is read as far as it is one', () => {
  assert.equal(asReport(null), undefined);
  assert.equal(asReport('text'), undefined);
  assert.equal(asReport({ state: 'splendid' }), undefined);
  assert.equal(asReport({ state: 'toString' }), undefined);
  assert.deepEqual(asReport({ step: 'node', state: 'failed', reason: 7, needs: ['turn', 7], wanted: [] }), {
    step: 'node',
    state: 'failed',
    reason: '',
    detail: {},
    wanted: {},
    found: {},
    needs: ['turn'],
    checkedAt: '',
  });
});
