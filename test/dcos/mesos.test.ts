import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Mesos } from '../../src/dcos/mesos.ts';
import { MesosDns } from '../../src/dcos/mesos-dns.ts';
import { recordings } from '../conformance/recordings.ts';
import { httpTo, json, serve } from './server.ts';

const RECORDED = recordings('mesos-1.11.1');
const bodyOf = (name: string) => RECORDED.find((one) => one.name === name)!.response.body;
const at = async () => {};

test('every recorded list of agents is read', async (t) => {
  const lists = RECORDED.filter(
    ({ request, response }) =>
      /^(\/master)?\/slaves$/.test(request.path) &&
      Array.isArray((response.body as { slaves?: unknown } | null)?.slaves) &&
      response.status === 200,
  );
  assert.ok(lists.length > 10);
  for (const { name, response: recorded } of lists) {
    const server = await serve(t, (_, response) => json(response, recorded.body));
    const { slaves, recovered_slaves: waiting } = recorded.body as {
      slaves: { id: string }[];
      recovered_slaves: [];
    };
    const list = await new Mesos(httpTo(server.url), at).agents();
    assert.equal(server.asked[0]!.url, '/mesos/slaves');
    assert.deepEqual(
      list.agents.map(({ id }) => id),
      slaves.map(({ id }) => id),
      name,
    );
    assert.equal(list.recovered, waiting.length);
    assert.equal(list.recovering, waiting.length > 0 || slaves.length === 0);
    for (const agent of list.agents) assert.equal(typeof agent.unreserved_resources.cpus, 'number');
  }
});

test('an empty list is asked for again, and never believed at once', async (t) => {
  const answers = [
    { slaves: [], recovered_slaves: [] },
    { slaves: [] },
    bodyOf('062-master-slaves-with-tasks'),
  ];
  const server = await serve(t, (_, response) => json(response, answers.shift() ?? { slaves: [] }));
  const mesos = new Mesos(httpTo(server.url), at);
  const list = await mesos.agents();
  assert.equal(server.asked.length, 3);
  assert.ok(list.agents.length > 0 && !list.recovering);
  const empty = await mesos.agents();
  assert.equal(server.asked.length, 6);
  assert.deepEqual(empty, { agents: [], recovered: 0, recovering: true });
});

test('a leader that waits for its agents says so', async (t) => {
  const server = await serve(t, (_, response) =>
    json(response, bodyOf('378-failover-new-leader-slaves-0-recovered-2')),
  );
  const list = await new Mesos(httpTo(server.url), at).agents();
  assert.deepEqual(list, { agents: [], recovered: 2, recovering: true });
  assert.equal(server.asked.length, 1);
});

test('no leader: waited for, then said', async (t) => {
  let times = 0;
  const server = await serve(t, (_, response) => {
    if (++times < 3) response.writeHead(503, { 'Content-Type': 'text/plain' }).end('No leader elected');
    else json(response, bodyOf('062-master-slaves-with-tasks'));
  });
  const mesos = new Mesos(httpTo(server.url), at);
  assert.ok((await mesos.agents()).agents.length > 0);
  times = -10;
  await assert.rejects(mesos.agents(), /The Mesos master does not answer/);
});

test("an agent's flags", async (t) => {
  const server = await serve(t, ({ url }, response) => {
    if (url === '/agent/a-S1/flags') json(response, bodyOf('135-agent-flags'));
    else response.writeHead(404, { 'Content-Type': 'text/plain' }).end();
  });
  const mesos = new Mesos(httpTo(server.url), at);
  assert.equal(typeof (await mesos.flags('a-S1'))!.work_dir, 'string');
  assert.equal(await mesos.flags('a/S2'), undefined);
  assert.equal(server.asked[1]!.url, '/agent/a%2FS2/flags');
});

test('SRV records: known, and the one empty record that stands for none', async (t) => {
  const server = await serve(t, ({ url }, response) =>
    json(
      response,
      url.endsWith('_etcd-server._tcp.etcd.mesos')
        ? [
            {
              service: '_etcd-server._tcp.etcd.mesos',
              host: 'etcd-server-1.etcd.mesos.',
              ip: '10.0.1.11',
              port: '1027',
            },
            {
              service: '_etcd-server._tcp.etcd.mesos',
              host: 'etcd-server-2.etcd.mesos.',
              ip: '10.0.1.12',
              port: '1031',
            },
          ]
        : [{ service: '', host: '', ip: '', port: '' }],
    ),
  );
  const dns = new MesosDns(httpTo(server.url));
  assert.deepEqual(await dns.srv('_etcd-server._tcp.etcd.mesos'), [
    { host: 'etcd-server-1.etcd.mesos', ip: '10.0.1.11', port: 1027 },
    { host: 'etcd-server-2.etcd.mesos', ip: '10.0.1.12', port: 1031 },
  ]);
  assert.deepEqual(await dns.srv('_nothing._tcp.nowhere.mesos'), []);
  assert.equal(server.asked[0]!.url, '/mesos_dns/v1/services/_etcd-server._tcp.etcd.mesos');
});

test('tasks in Docker are read page by page; those that are over, or run without it, are not among them', async (t) => {
  const one = (id: string, state: string, type?: string) => ({
    id,
    slave_id: 'S0',
    framework_id: 'F',
    state,
    ...(type ? { container: { type } } : {}),
  });
  const full = Array.from({ length: 10_000 }, (_, index) => one(`t${index}`, 'TASK_FINISHED', 'DOCKER'));
  full[5] = one('cart', 'TASK_RUNNING', 'DOCKER');
  const pages = [
    full,
    [one('cart', 'TASK_RUNNING', 'DOCKER'), one('db', 'TASK_RUNNING', 'MESOS'), one('plain', 'TASK_RUNNING')],
  ];
  const server = await serve(t, (_, response) => json(response, { tasks: pages.shift() }));
  const tasks = await new Mesos(httpTo(server.url), at).dockerTasks();
  assert.deepEqual(tasks, [{ id: 'cart', agentId: 'S0', frameworkId: 'F' }]);
  assert.deepEqual(
    server.asked.map(({ url }) => url),
    ['/mesos/tasks?limit=10000&offset=0', '/mesos/tasks?limit=10000&offset=10000'],
  );
});
