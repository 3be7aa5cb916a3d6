// Asking etcd from an agent: what each kind of answer is called, and that the host stays as it is.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { type EndpointsRequest, endpointsDefinition } from '../../src/steps/endpoints/definition.ts';
import { assertSame, type Bench, onHost } from './bench.ts';

const NO_TLS = { 'ca-file': '', 'cert-file': '', 'key-file': '' };

function definition(urls: string[], request: Partial<EndpointsRequest> = {}) {
  const agent = '10.0.1.11';
  return endpointsDefinition({
    agent,
    urls,
    tls: NO_TLS,
    carrier: 'check',
    marathonVersion: '1.9.136',
    ...request,
  });
}

function ask(bench: Bench, urls: string[], tls = NO_TLS) {
  const app = definition(urls, { tls });
  return bench.start('endpoints', app.cmd, app.env);
}

test('every address that answers: ready, and nothing on the host has changed', async () => {
  await onHost({}, async (bench) => {
    const before = bench.picture();
    const task = ask(bench, ['http://10.0.0.11:2379', 'http://10.0.0.12:2379/']);
    const status = await task.until('ready');
    assert.deepEqual(status.found.endpoints, [
      { url: 'http://10.0.0.11:2379', answers: true, what: '' },
      { url: 'http://10.0.0.12:2379', answers: true, what: '' },
    ]);
    assert.equal(await task.task.run('sh ./health', 5), 0);
    await task.stop();
    assertSame(bench.picture(), before);
  });
});

test('each that does not answer is named with the reason, the others are asked all the same', async () => {
  const answers: Record<string, [status: number, body: string]> = {
    'v3.example.com': [404, '404 page not found\n'],
    'auth.example.com': [401, '{"message":"Insufficient credentials"}'],
    'leader.example.com': [500, '{"errorCode":300,"message":"Raft Internal Error","cause":"no leader"}'],
    'web.example.com': [200, '<html></html>'],
  };
  const server = createServer((request, response) => {
    const [status, body] = answers[request.headers.host!.split(':')[0]!]!;
    response.writeHead(status, { 'content-type': 'text/plain' }).end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const routes = Object.fromEntries(Object.keys(answers).map((host) => [host, url]));
  try {
    await onHost({ network: { routes } }, async (bench) => {
      const hosts = [...Object.keys(answers), '10.0.9.9', 'nowhere.example.com'];
      const status = await ask(
        bench,
        hosts.map((host) => `http://${host}:2379`),
      ).until('failed');
      const said = status.found.endpoints as { url: string; answers: boolean; what: string }[];
      assert.deepEqual(
        said.map(({ answers }) => answers),
        hosts.map(() => false),
      );
      const whys = [
        /not in the v2 API/,
        /asks for a user/,
        /500: Raft Internal Error/,
        /not in the v2 API/,
        /refused/,
        /resolve/,
      ];
      for (const [index, why] of whys.entries()) assert.match(said[index]!.what, why);
      assert.match(status.reason, /^etcd does not answer at http:\/\/v3\.example\.com:2379, /);
    });
  } finally {
    server.close();
  }
});

test('a certificate that is not on the agent is curl’s own complaint', async () => {
  await onHost({}, async (bench) => {
    const tls = { ...NO_TLS, 'ca-file': '/etc/etcd/ca.pem' };
    const status = await ask(bench, ['https://10.0.0.11:2379'], tls).until('failed');
    assert.match(JSON.stringify(status.found), /certificate verify locations/);
  });
});

test('the app: one agent, no role of its own, no option in its command', () => {
  const app = definition(['http://10.0.0.11:2379']);
  assert.deepEqual(app.constraints, [['hostname', 'LIKE', '10\\.0\\.1\\.11']]);
  assert.equal(app.role, undefined);
  assert.deepEqual(app.acceptedResourceRoles, ['*']);
  assert.equal(app.cmd, definition(['http://other:2379']).cmd);
  assert.ok(definition([], { carrier: 'health', marathonVersion: '1.7.216' }).check === undefined);
});
