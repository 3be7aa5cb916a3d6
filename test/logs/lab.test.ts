// `logs` on practice clusters: DC/OS 1.10, whose agents tell of a sandbox only by their state, and 2.0.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../src/errors.ts';
import type { DcosVersion } from '../../src/lab/types.ts';
import { readLog } from '../../src/logs/read.ts';
import { install, withLab } from '../rollout/on-lab.ts';
import { follow, sourceOf } from './on-lab.ts';

const onBoth = (name: string, run: (dcos: DcosVersion) => Promise<void>) => {
  for (const dcos of ['1.10', '2.0'] as const) test(`${name} (DC/OS ${dcos})`, () => run(dcos));
};
const NODE = { agent: '10.0.1.12', step: 'node' } as const;

async function problem(asking: Promise<unknown>) {
  const error = await asking.then(
    () => assert.fail('it was read'),
    (error: unknown) => error,
  );
  assert.ok(error instanceof UserError, String((error as Error).stack));
  return error.problem;
}

onBoth('a step that is ready: each change of its state, by address or id, in few requests', (dcos) =>
  withLab({ dcos, agents: { private: 2, public: 0 } }, async (lab) => {
    await install(lab);
    lab.resetRequests();
    const read = await readLog(sourceOf(lab), NODE, 100);
    assert.ok(lab.requests().reduce((sum, { count }) => sum + count, 0) <= 6);
    assert.match(read.tail.lines[0]!, /^2026-11-24T03:\d\d:\d\d\.\d{3}Z node: waiting for /);
    assert.match(read.tail.lines.at(-1)!, /Z node: ready$/);
    assert.deepEqual(read.tail.more, false);
    const byId = await readLog(sourceOf(lab), { ...NODE, agent: read.agentId }, 1);
    assert.deepEqual(byId.tail.lines, read.tail.lines.slice(-1));
    assert.equal(byId.tail.more, true);
    const silent = await readLog(sourceOf(lab), { ...NODE, stderr: true }, 10);
    assert.deepEqual([silent.file, silent.tail.lines], ['stderr', []]);
  }),
);

test('what cannot be shown has its sentence', () =>
  withLab({ agents: { private: 3, public: 0 } }, async (lab) => {
    const source = sourceOf(lab);
    const bare = await problem(readLog(source, NODE, 10));
    assert.deepEqual([bare.code, bare.exit], ['not-installed', 1]);
    await install(lab, { sources: { set: ['libnetwork.enable=false'] } });

    const unknown = await problem(readLog(source, { ...NODE, agent: '10.0.1.21' }, 10));
    assert.deepEqual([unknown.code, unknown.exit], ['unknown-agent', 2]);
    assert.ok(unknown.remedy!.includes('dcos calico logs 10.0.1.11 node'));

    const off = await problem(readLog(source, { ...NODE, step: 'libnetwork' }, 10));
    assert.equal(off.code, 'step-off');
    assert.match(off.why!, /etcd-proxy, docker, cni, node$/);

    const turn = await problem(readLog(source, { ...NODE, step: 'turn' }, 10));
    assert.equal(turn.code, 'no-task');

    await lab.master.addAgent({ host: '10.0.1.90', public: false });
    const joined = await problem(readLog(source, { ...NODE, agent: '10.0.1.90' }, 10));
    assert.deepEqual([joined.code, joined.why], ['no-task', 'not covered: joined since']);

    lab.master.crashAgent('10.0.1.12');
    await lab.sleep(1000);
    const inactive = await problem(readLog(source, NODE, 10));
    assert.deepEqual([inactive.code, inactive.exit], ['agent-out-of-reach', 1]);
    await lab.sleep(1_200_000);
    const lost = await problem(readLog(source, NODE, 10));
    assert.match(lost.why!, /^Mesos has lost sight of it; last seen \d+/);
  }));

test('a sandbox that was removed, of a task that lives and of one that has ended', () =>
  withLab({ agents: { private: 2, public: 0 } }, async (lab) => {
    await install(lab);
    const source = sourceOf(lab);
    const gone = {
      ...source,
      files: { ...source.files, sandbox: async () => '/s', size: async () => undefined },
    };
    const lives = await problem(readLog(gone as typeof source, NODE, 10));
    assert.deepEqual([lives.code, lives.exit], ['log-gone', 1]);
    const group = (await source.group())!;
    const app = group.apps.find(({ id }) => id === '/calico/node')!;
    const task = app.tasks!.find(({ host }) => host === NODE.agent)!;
    app.tasks = app.tasks!.filter((one) => one !== task);
    app.lastTaskFailure = {
      appId: app.id,
      host: NODE.agent,
      message: 'Command exited with status 7',
      slaveId: task.slaveId!,
      state: 'TASK_FAILED',
      taskId: task.id,
      timestamp: '2026-11-24T03:30:00.000Z',
      version: task.version,
    };
    const ended = await readLog({ ...source, group: async () => group }, NODE, 1);
    assert.deepEqual(ended.task.ended, {
      when: '2026-11-24T03:30:00.000Z',
      why: 'Command exited with status 7',
    });
    assert.match(ended.tail.lines[0]!, /node: ready$/, 'its last words are still there');
    const removed = await problem(readLog({ ...gone, group: async () => group } as typeof source, NODE, 10));
    assert.match(
      removed.why!,
      /^it ended \(Command exited with status 7\), and Mesos has removed its sandbox/,
    );
  }));

onBoth('--follow goes on with the task that takes the place of the first, and says so', (dcos) =>
  withLab({ dcos, agents: { private: 2, public: 0 } }, async (lab) => {
    await install(lab);
    const { task } = await readLog(sourceOf(lab), NODE, 0);
    lab.clock.after(5000, () => lab.master.kill(task.id));
    const { lines, said } = await follow(lab, NODE, (printed) =>
      printed.some((line) => /: ready$/.test(line)),
    );
    assert.match(said.at(-1)!, /^The task was replaced; what follows is from calico_node\./);
    assert.ok(!said.at(-1)!.includes(task.id));
    assert.equal(lines.filter((line) => line.endsWith('ready')).length, 1, 'nothing of the first task again');
  }),
);

test('--follow lives through an agent and a cluster that do not answer for a while', () =>
  withLab({ agents: { private: 2, public: 0 } }, async (lab) => {
    await install(lab);
    lab.faults.set([{ path: '/agent/*', kind: 'status', status: 503, after: 1, times: 12 }]);
    const there = await follow(lab, NODE, (_, said) => said.length >= 2);
    assert.match(there.said[0]!, /^The Mesos agent \S+ does not answer: .*; trying again$/);
    assert.deepEqual(there.said.slice(1), ['It answers again']);
  }));

test('--follow ends with what does not pass: an expired login, and ten minutes of silence', () =>
  withLab({ agents: { private: 2, public: 0 } }, async (lab) => {
    await install(lab);
    lab.faults.set([{ path: '/agent/*', kind: 'status', status: 401, after: 1 }]);
    assert.equal((await problem(follow(lab, NODE, () => false))).code, 'login-expired');
    lab.faults.set([{ path: '/agent/*', kind: 'status', status: 502, after: 1 }]);
    const began = lab.clock.now();
    assert.equal((await problem(follow(lab, NODE, () => false, { seconds: 1200 }))).code, 'admin-router-502');
    assert.ok(lab.clock.now() - began >= 600_000);
  }));
