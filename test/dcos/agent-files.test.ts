import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { AgentFiles } from '../../src/dcos/agent-files.ts';
import { UserError } from '../../src/errors.ts';
import { recordings } from '../conformance/recordings.ts';
import { html, httpTo, json, serve } from './server.ts';

const TASK = { agentId: 'x-S1', frameworkId: 'f-0001', taskId: 'calico_node.1' };
const VIRTUAL = '/frameworks/f-0001/executors/calico_node.1/runs/latest';

/** An agent's file API as recorded (mesos-1.11.1, 173–208): at most 65,536 bytes a read, 404 with an empty body. */
async function agent(t: TestContext, files: Record<string, Buffer | string>, state?: unknown) {
  const server = await serve(t, ({ url }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://x');
    if (pathname === '/agent/x-S1/state' && state) return json(response, state);
    const file = files[searchParams.get('path') ?? ''];
    if (pathname !== '/agent/x-S1/files/read' || file === undefined) {
      response.writeHead(404, { 'Content-Type': 'text/plain; charset=utf-8' }).end();
      return;
    }
    const offset = Number(searchParams.get('offset'));
    const length = Math.min(Number(searchParams.get('length')), 65_536);
    json(response, {
      data: Buffer.from(file)
        .subarray(offset, offset + length)
        .toString(),
      offset,
    });
  });
  return { files: new AgentFiles(httpTo(server.url)), asked: server.asked };
}

test("a step's report, by the path made of ids", async (t) => {
  const { files, asked } = await agent(t, { [`${VIRTUAL}/status.json`]: '{"step":"node","state":0}\n' });
  assert.deepEqual(await files.statusJson(TASK), { step: 'node', state: 0 });
  assert.deepEqual(await files.statusJson({ ...TASK, mesosVersion: '1.9.0' }), { step: 'node', state: 0 });
  assert.equal(asked.length, 2, 'one request each');
});

test('a report that is not there yet, and one that is none', async (t) => {
  const { files } = await agent(t, { [`${VIRTUAL}/status.json`]: '{"step":' });
  assert.equal(await files.statusJson({ ...TASK, taskId: 'other' }), undefined);
  await assert.rejects(
    files.statusJson(TASK),
    (error) => error instanceof UserError && error.problem.code === 'broken-status',
  );
});

test('an agent that does not answer is an error, not a missing report', async (t) => {
  const server = await serve(t, (_, response) => html(response, 502));
  await assert.rejects(
    new AgentFiles(httpTo(server.url)).statusJson(TASK),
    /The Mesos agent x-S1 does not answer/,
  );
});

test('before Mesos 1.5 the sandbox is found in the state of the agent', async (t) => {
  const directory = '/var/lib/mesos/slave/slaves/x-S1/frameworks/f-0001/executors/calico_node.1/runs/0d';
  const executor = { id: 'calico_node.1', directory };
  const state = { frameworks: [{ id: 'f-0001', executors: [executor], completed_executors: [] }] };
  const { files, asked } = await agent(t, { [`${directory}/status.json`]: '{"state":11}' }, state);
  assert.deepEqual(await files.statusJson({ ...TASK, mesosVersion: '1.2.3' }), { state: 11 });
  assert.deepEqual(
    asked.map(({ url }) => url.split('?')[0]),
    ['/agent/x-S1/state', '/agent/x-S1/files/read'],
  );
  assert.equal(await files.statusJson({ ...TASK, taskId: 'none', mesosVersion: '1.4.3' }), undefined);
});

test('the state that a real agent answers is read', async (t) => {
  const recording = recordings('mesos-1.11.1').find(
    ({ request, response }) =>
      request.path === '/slave(1)/state' && JSON.stringify(response.body).includes('"node-1"'),
  )!;
  const text = JSON.stringify(recording.response.body);
  const frameworkId = /"framework_id":"([^"]+)"/.exec(text)![1]!;
  const { files } = await agent(t, {}, recording.response.body);
  const found = await files.sandbox({ ...TASK, frameworkId, taskId: 'node-1', mesosVersion: '1.4.0' });
  assert.match(found!, /executors\/node-1\/runs\//);
});

test('a long file is read in parts, characters whole, up to the limit', async (t) => {
  const text = `${'x'.repeat(65_535)}€${'ö'.repeat(40_000)}😀end`;
  const { files, asked } = await agent(t, { '/s/long': text, '/s/short': 'ab', '/s/empty': '' });
  assert.equal(await files.readText('x-S1', '/s', 'long', 1_000_000), text);
  assert.ok(asked.length <= 8, `${asked.length} reads`);
  assert.equal(await files.readText('x-S1', '/s', 'long', 10), 'x'.repeat(10));
  assert.equal(await files.readText('x-S1', '/s', 'short', 1000), 'ab');
  assert.equal(await files.readText('x-S1', '/s', 'empty', 1000), '');
  assert.equal(await files.readText('x-S1', '/s', 'missing', 1000), undefined);
});

test('a file that is no text does not make it go round for ever', async (t) => {
  const { files, asked } = await agent(t, { '/s/binary': Buffer.alloc(150_000, 0xff) });
  const text = await files.readText('x-S1', '/s', 'binary', 1_000_000);
  assert.match(text!, /^\ufffd+$/);
  assert.ok(asked.length <= 12, `${asked.length} reads`);
});
