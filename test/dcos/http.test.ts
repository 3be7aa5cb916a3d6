// What is sent, what is asked again, where the token goes, and how an answer is taken.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { gzipSync } from 'node:zlib';
import type { RequestNote } from '../../src/dcos/http.ts';
import { connectionTo, html, httpTo, json, serve, TOKEN } from './server.ts';

const ANY = { expects: 'anything', read: (value: unknown) => value };

test('a read carries the token, asks for gzip, and takes it', async (t) => {
  const server = await serve(t, (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json;charset=utf-8', 'Content-Encoding': 'gzip' });
    response.end(gzipSync('{"name":"Zürich"}'));
  });
  const answer = await httpTo(server.url).json({ path: '/x', query: [['path', '/a b&c=d']] }, ANY);
  assert.deepEqual(answer, { name: 'Zürich' });
  const { headers, url } = server.asked[0]!;
  assert.equal(url, '/x?path=%2Fa%20b%26c%3Dd');
  assert.equal(headers.authorization, `token=${TOKEN}`);
  assert.match(headers['accept-encoding']!, /gzip/);
  assert.equal(headers['content-type'], undefined);
});

test('a write says exactly application/json: Mesos refuses any charset with 415', async (t) => {
  const server = await serve(t, (_, response) => json(response, {}));
  for (const method of ['PUT', 'POST'] as const) {
    await httpTo(server.url).json(
      { method, path: '/mesos/api/v1', body: { type: 'GET_AGENTS', text: 'ü' } },
      ANY,
    );
  }
  for (const { headers, body } of server.asked) {
    assert.equal(headers['content-type'], 'application/json');
    assert.equal(headers['content-length'], String(Buffer.byteLength(body)));
    assert.deepEqual(JSON.parse(body), { type: 'GET_AGENTS', text: 'ü' });
  }
});

test('reads keep their connection, writes have their own', async (t) => {
  const ports = new Map<number, string[]>();
  const server = http.createServer((request, response) => {
    const { remotePort } = request.socket;
    ports.set(remotePort!, [...(ports.get(remotePort!) ?? []), request.method!]);
    request.resume().on('end', () => json(response, {}));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => server.close());
  const client = httpTo(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  for (const method of ['GET', 'GET', 'PUT', 'PUT', 'GET'] as const) {
    await client.json({ method, path: '/x', ...(method === 'PUT' ? { body: {} } : {}) }, ANY);
  }
  assert.deepEqual([...ports.values()], [['GET', 'GET', 'GET'], ['PUT'], ['PUT']]);
  server.closeAllConnections();
});

test('reads are asked again when it may help, with growing and bounded delays', async (t) => {
  const waited: number[] = [];
  const statuses = [502, 503, 504, 200];
  const server = await serve(t, (_, response) => {
    const status = statuses.shift()!;
    if (status === 200) json(response, { at: 'last' });
    else html(response, status);
  });
  const client = httpTo(server.url, { random: () => 0.5, wait: async (ms) => void waited.push(ms) });
  assert.deepEqual(await client.json({ path: '/x' }, ANY), { at: 'last' });
  assert.deepEqual(waited, [250, 500, 1000]);
});

test('Retry-After is kept to, in seconds and as a date, and never for longer than 30 s', async (t) => {
  const waited: number[] = [];
  const answers = ['7', new Date(Date.now() + 20_000).toUTCString(), '86400'];
  const server = await serve(t, (_, response) => {
    const after = answers.shift();
    if (after) html(response, 429, { 'Retry-After': after });
    else json(response, {});
  });
  const client = httpTo(server.url, { random: () => 0.5, wait: async (ms) => void waited.push(ms) });
  await client.json({ path: '/x' }, ANY);
  assert.equal(waited[0], 7000);
  assert.ok(waited[1]! > 17_000 && waited[1]! <= 20_000, String(waited[1]));
  assert.equal(waited[2], 30_000);
});

test('a reset connection is asked again, and so is half an answer', async (t) => {
  let times = 0;
  const server = await serve(t, (_, response) => {
    times++;
    if (times === 1) response.destroy();
    else if (times === 2) {
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 100 });
      response.write('{"a":', () => response.destroy());
    } else json(response, { times });
  });
  assert.deepEqual(await httpTo(server.url).json({ path: '/x' }, ANY), { times: 3 });
});

test('a write is never asked again, whatever happens, and its error says that it may have arrived', async (t) => {
  const server = await serve(t, ({ url }, response) =>
    url === '/reset' ? response.destroy() : html(response, 503),
  );
  const problem = (method: 'PUT' | 'POST' | 'DELETE', path: string) =>
    httpTo(server.url)
      .json({ method, path, body: {} }, ANY)
      .then(
        () => assert.fail('it was answered'),
        (error: { problem: { code: string; remedy: string[] } }) => error.problem,
      );
  for (const method of ['PUT', 'POST', 'DELETE'] as const) {
    assert.equal((await problem(method, '/busy')).code, 'admin-router-503');
    assert.match((await problem(method, '/reset')).remedy[0]!, /Whether the change arrived is not known/);
  }
  assert.equal(server.asked.length, 6);
});

test('errors that will not pass are not asked again', async (t) => {
  for (const status of [400, 401, 403, 404, 409, 422, 500]) {
    const server = await serve(t, (_, response) => html(response, status));
    await assert.rejects(httpTo(server.url).json({ path: '/x' }, ANY));
    assert.equal(server.asked.length, 1, String(status));
  }
});

test('an abort ends a request, and a wait between attempts, with its reason', async (t) => {
  const server = await serve(t, ({ url }, response) => {
    if (url === '/busy') html(response, 503);
  });
  const reason = new Error('enough');
  const hanging = new AbortController();
  const asking = httpTo(server.url).json({ path: '/hangs', signal: hanging.signal }, ANY);
  hanging.abort(reason);
  await assert.rejects(asking, reason);
  const waiting = new AbortController();
  const client = httpTo(server.url, {
    wait: async (_, signal) => {
      waiting.abort(reason);
      signal!.throwIfAborted();
    },
  });
  await assert.rejects(client.json({ path: '/busy', signal: waiting.signal }, ANY), reason);
  await assert.rejects(client.json({ path: '/never', signal: AbortSignal.abort(reason) }, ANY), reason);
  assert.ok(!server.asked.some(({ url }) => url === '/never'));
});

test('redirects are followed on the same host only, and never by a write', async (t) => {
  const elsewhere = await serve(t, (_, response) => json(response, { stolen: true }));
  const server = await serve(t, ({ url }, response) => {
    const to: Record<string, string> = {
      '/mesos': '/mesos/',
      '/away': `${elsewhere.url}/x`,
      '/mesos/leader': `//127.0.0.1:${elsewhere.port}/slaves`,
      '/login': '/login?redirect=x',
      '/circle': '/circle',
    };
    const location = to[url];
    if (location) response.writeHead(307, { Location: location }).end();
    else json(response, { url });
  });
  const client = httpTo(server.url);
  const code = (ask: Parameters<typeof client.json>[0]) =>
    client.json(ask, ANY).then(
      () => 'answered',
      (error: { problem: { code: string } }) => error.problem.code,
    );
  assert.deepEqual(await client.json({ path: '/mesos' }, ANY), { url: '/mesos/' });
  assert.equal(await code({ path: '/away' }), 'redirected');
  assert.equal(await code({ path: '/login' }), 'login-expired');
  assert.equal(await code({ path: '/circle' }), 'unexpected-answer');
  assert.equal(await code({ path: '/mesos', method: 'PUT', body: {} }), 'redirected');
  const before = server.asked.length;
  assert.equal(await code({ path: '/mesos/leader' }), 'admin-router-503');
  assert.equal(server.asked.length - before, 4, 'a leader that changes is waited for');
  assert.equal(elsewhere.asked.length, 0, 'the token went elsewhere');
});

test('TLS: the authority that `dcos` names is trusted, and with core.ssl_verify off anything is', async (t) => {
  const tls = {
    key: readFileSync(join(import.meta.dirname, 'tls/key.pem'), 'utf8'),
    cert: readFileSync(join(import.meta.dirname, 'tls/good.pem'), 'utf8'),
  };
  const server = await serve(t, (_, response) => json(response, { ok: true }), tls);
  const envs: Record<string, string>[] = [
    { DCOS_TLS_CA_PATH: join(import.meta.dirname, 'tls/authority.pem') },
    { DCOS_TLS_INSECURE: '1' },
  ];
  for (const env of envs) {
    assert.deepEqual(await httpTo(server.url, {}, env).json({ path: '/x' }, ANY), { ok: true });
  }
});

test('a proxy of the environment is used, but never for loopback', async (t) => {
  const proxy = await serve(t, (_, response) => json(response, { proxied: true }));
  const server = await serve(t, (_, response) => json(response, { proxied: false }));
  const env = { http_proxy: proxy.url };
  assert.deepEqual(await httpTo(server.url, {}, env).json({ path: '/x' }, ANY), { proxied: false });
  assert.deepEqual(await httpTo('http://master.invalid', {}, env).json({ path: '/x' }, ANY), {
    proxied: true,
  });
  assert.equal(proxy.asked[0]!.url, 'http://master.invalid/x');
  const direct = httpTo('http://master.invalid', {}, { ...env, no_proxy: '.invalid' }).json(
    { path: '/x' },
    ANY,
  );
  await assert.rejects(direct, /Could not reach/);
});

test('each request is noted, without the token', async (t) => {
  const notes: RequestNote[] = [];
  const statuses = [503, 200];
  const server = await serve(t, (_, response) => {
    const status = statuses.shift()!;
    if (status === 200) json(response, {});
    else html(response, status);
  });
  const client = httpTo(server.url, { note: (note) => notes.push(note) });
  await client.json({ path: `/x/${TOKEN}`, query: [['token', TOKEN]] }, ANY);
  assert.deepEqual(
    notes.map(({ method, path, outcome, attempt, authenticated }) => ({
      method,
      path,
      outcome,
      attempt,
      authenticated,
    })),
    [
      { method: 'GET', path: '/x/***?token=***', outcome: 503, attempt: 1, authenticated: true },
      { method: 'GET', path: '/x/***?token=***', outcome: 200, attempt: 2, authenticated: true },
    ],
  );
  await server.close();
  await client.json({ path: '/x' }, ANY).catch(() => {});
  assert.equal(notes.at(-1)!.outcome, 'ECONNREFUSED');
});

test('neither a connection nor a client shows the token', () => {
  const connection = connectionTo('http://127.0.0.1:1');
  const client = httpTo('http://127.0.0.1:1');
  assert.equal(connection.token, TOKEN);
  for (const shown of [connection, client].flatMap((one) => [
    JSON.stringify(one),
    inspect(one, { depth: 9 }),
    `${one}`,
  ])) {
    assert.ok(!shown.includes(TOKEN), shown);
  }
});
