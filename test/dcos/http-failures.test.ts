// Every way a request can fail, against real servers on real ports: the code, and that no sentence holds the token or a web page.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { Cluster } from '../../src/dcos/cluster.ts';
import { UserError } from '../../src/errors.ts';
import { connectionTo, html, httpTo, json, type Reply, serve, TOKEN } from './server.ts';

const ANY = { expects: 'a list of agents', read: (value: unknown) => value };
const PATH = '/mesos/slaves';
const tls = (name: string) => ({
  key: readFileSync(join(import.meta.dirname, 'tls/key.pem'), 'utf8'),
  cert: readFileSync(join(import.meta.dirname, `tls/${name}.pem`), 'utf8'),
});

async function problem(asking: Promise<unknown>): Promise<UserError['problem']> {
  const error = await asking.then(
    () => assert.fail('it was answered'),
    (error: unknown) => error,
  );
  assert.ok(error instanceof UserError, `not a UserError: ${String((error as Error).stack)}`);
  const shown = JSON.stringify([error.problem, error.message, error.stack, String(error.cause)]);
  assert.ok(!shown.includes(TOKEN), 'the token is shown');
  assert.ok(!/<html|openresty/i.test(shown), 'a web page is shown');
  assert.ok(error.problem.what && !error.problem.what.endsWith('.'));
  return error.problem;
}

async function problemOf(t: TestContext, reply: Reply, path = PATH, env = {}): Promise<UserError['problem']> {
  const server = await serve(t, reply);
  return problem(httpTo(server.url, {}, env).json({ path }, ANY));
}

/** A server that speaks bytes rather than HTTP. */
async function serveBytes(t: TestContext, onConnection: (socket: net.Socket) => void): Promise<string> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    onConnection(socket);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((done) => server.close(done));
  });
  return `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
}

test('nobody listens', async (t) => {
  const server = await serve(t, () => {});
  await server.close();
  const { code, why, detail, remedy } = await problem(httpTo(server.url).json({ path: PATH }, ANY));
  assert.equal(code, 'dcos-unreachable');
  assert.match(why!, /refused/);
  assert.match(remedy![0]!, /^dcos calico lab start {2}/, 'on this machine it was a lab that has ended');
  assert.match(detail!, /ECONNREFUSED/);
});

test('no such host', async () => {
  const { code, why } = await problem(httpTo('http://no-such-host.invalid').json({ path: PATH }, ANY));
  assert.equal(code, 'dcos-unreachable');
  assert.match(why!, /no-such-host\.invalid/);
});

test('no connection in time', async (t) => {
  // A TLS handshake that is never answered stands for a host that never does.
  const url = await serveBytes(t, () => {});
  const http = httpTo(url.replace('http:', 'https:'), { connectMs: 50 });
  const { code, what, why } = await problem(http.json({ path: PATH }, ANY));
  assert.equal(code, 'time-out');
  assert.match(what, /Could not reach/);
  assert.match(why!, /no connection within 0\.05 s/);
});

test('no answer in time, and none in the middle of one', async (t) => {
  const silent = await serve(t, () => {});
  const http = httpTo(silent.url, { idleMs: 50 });
  const never = await problem(http.json({ path: PATH }, ANY));
  assert.equal(never.code, 'time-out');
  assert.match(never.what, /The Mesos master at .* does not answer/);
  assert.equal(silent.asked.length, 1, 'a time-out is not waited for again');
  const stalls = await serve(t, (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.write('{"slaves": [');
  });
  const half = await problem(httpTo(stalls.url, { idleMs: 50 }).json({ path: PATH }, ANY));
  assert.equal(half.code, 'time-out');
});

test('closed without an answer', async (t) => {
  const url = await serveBytes(t, (socket) => socket.on('data', () => socket.destroy()));
  const { code, why, detail } = await problem(httpTo(url).json({ path: PATH }, ANY));
  assert.equal(code, 'dcos-unreachable');
  assert.match(why!, /closed without an answer/);
  assert.match(detail!, /after 4 attempts/);
});

test('closed in the middle of an answer', async (t) => {
  const url = await serveBytes(t, (socket) =>
    socket.on('data', () => {
      socket.end(
        'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"slaves": [',
      );
    }),
  );
  assert.equal((await problem(httpTo(url).json({ path: PATH }, ANY))).code, 'half-answer');
});

test('an answer whose JSON is cut off although HTTP says it is whole', async (t) => {
  const { code } = await problemOf(t, (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end('{"slaves": [{"id": "x');
  });
  assert.equal(code, 'half-answer');
});

test('JSON that is none, another content type, and none at all', async (t) => {
  const replies: [Reply, RegExp][] = [
    [
      (_, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).end('<<<'),
      /JSON was expected/,
    ],
    [(_, response) => html(response, 200), /a list of agents was expected, but it is a web page/],
    [
      (_, response) => response.writeHead(200, { 'Content-Type': 'text/plain' }).end('{}'),
      /of the type text\/plain/,
    ],
    [(_, response) => response.writeHead(200).end('{}'), /without a content type/],
    [
      (_, response) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(''),
      /type application\/json/,
    ],
  ];
  for (const [reply, why] of replies) {
    const problem = await problemOf(t, reply);
    assert.equal(problem.code, 'unexpected-answer');
    assert.match(problem.why!, why);
  }
});

test('not HTTP at all', async (t) => {
  const url = await serveBytes(t, (socket) => socket.on('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n')));
  assert.equal((await problem(httpTo(url).json({ path: PATH }, ANY))).code, 'unexpected-answer');
});

test('broken compression', async (t) => {
  const { code } = await problemOf(t, (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' });
    response.end('not gzip at all');
  });
  assert.equal(code, 'unexpected-answer');
  const cut = gzipSync(JSON.stringify({ slaves: Array.from({ length: 500 }, (_, id) => ({ id })) })).subarray(
    0,
    200,
  );
  const half = await problemOf(t, (_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' });
    response.end(cut);
  });
  assert.equal(half.code, 'half-answer');
});

test('a larger answer than is taken, packed or not', async (t) => {
  const body = JSON.stringify({ slaves: 'x'.repeat(100_000) });
  const server = await serve(t, ({ url }, response) => {
    const packed = url.includes('packed');
    response.writeHead(200, {
      'Content-Type': 'application/json',
      ...(packed ? { 'Content-Encoding': 'gzip' } : {}),
    });
    response.end(packed ? gzipSync(body) : body);
  });
  const http = httpTo(server.url, { maxBytes: 10_000 });
  assert.equal((await problem(http.json({ path: PATH }, ANY))).code, 'answer-too-large');
  assert.equal((await problem(http.json({ path: '/mesos/packed' }, ANY))).code, 'answer-too-large');
});

test('not logged in, and no longer', async (t) => {
  const reply: Reply = (_, response) => html(response, 401, { 'WWW-Authenticate': 'oauthjwt' });
  assert.equal((await problemOf(t, reply)).code, 'login-expired');
  const without = await problemOf(t, reply, PATH, { DCOS_ACS_TOKEN: '' });
  assert.equal(without.code, 'not-logged-in');
  assert.deepEqual(without.remedy, ['dcos auth login']);
});

test('no permission: names those of the path', async (t) => {
  const cases = {
    '/mesos/slaves': 'dcos:adminrouter:ops:mesos full',
    '/service/marathon/v2/groups/calico': 'dcos:adminrouter:service:marathon full',
    '/service/infra/marathon/v2/info': 'dcos:service:marathon:infra-marathon:services:/calico full',
    '/agent/x-S1/files/read': 'dcos:adminrouter:ops:slave full',
    '/mesos_dns/v1/services/x': 'dcos:adminrouter:ops:mesos-dns full',
  };
  for (const [path, permission] of Object.entries(cases)) {
    const { code, data } = await problemOf(t, (_, response) => html(response, 403), path);
    assert.equal(code, 'forbidden');
    assert.ok((data!.permissions as string[]).includes(permission), `${path}: ${String(data!.permissions)}`);
  }
});

test('a service that does not answer Admin Router', async (t) => {
  for (const status of [502, 503, 504]) {
    const { code, what, why } = await problemOf(
      t,
      (_, response) => html(response, status),
      '/service/marathon/v2/info',
    );
    assert.equal(code, `admin-router-${status}`);
    assert.equal(what, 'Marathon does not answer');
    assert.match(why!, new RegExp(`\\(${status}\\)`));
  }
});

test('too many requests', async (t) => {
  assert.equal((await problemOf(t, (_, response) => html(response, 429))).code, 'rate-limited');
});

test("a service's own failure is shown as its own words, without control characters and without the token", async (t) => {
  const message = `bad \u001b[2J\u001b]0;owned\u0007thing with token=${TOKEN}`;
  const { code, why } = await problemOf(
    t,
    (_, response) => json(response, { message }, 500),
    '/service/marathon/v2/x',
  );
  assert.equal(code, 'service-failed');
  assert.equal(why, 'bad thing with token=***');
});

test('a service that is not there, and a thing that a service does not have', async (t) => {
  const service = await problemOf(t, (_, response) => html(response, 404), '/service/other/v2/info');
  assert.equal(service.code, 'no-such-service');
  assert.match(service.what, /"other"/);
  const thing = await problemOf(
    t,
    (_, response) => json(response, { message: 'gone' }, 404),
    '/service/marathon/v2/x',
  );
  assert.equal(thing.code, 'not-found');
  assert.ok(thing.remedy?.includes('dcos service list'), 'even so it says what to do');
});

test('certificates', async (t) => {
  const authority = join(import.meta.dirname, 'tls/authority.pem');
  const reply: Reply = (_, response) => json(response, {});
  const cases: [string, Record<string, string>, RegExp][] = [
    ['self-signed', {}, /signed by nobody but itself/],
    ['good', {}, /authority is not known/],
    ['other-name', { DCOS_TLS_CA_PATH: authority }, /another name/],
    ['expired', { DCOS_TLS_CA_PATH: authority }, /expired/],
  ];
  for (const [name, env, why] of cases) {
    const server = await serve(t, reply, tls(name));
    const untrusted = await problem(httpTo(server.url, {}, env).json({ path: PATH }, ANY));
    assert.equal(untrusted.code, 'tls-untrusted', name);
    assert.match(untrusted.why!, why);
    assert.equal(server.asked.length, 0, 'the token was sent to an untrusted server');
  }
});

test('https where the server speaks http', async (t) => {
  const server = await serve(t, (_, response) => json(response, {}));
  const { code, why } = await problem(
    httpTo(server.url.replace('http:', 'https:')).json({ path: PATH }, ANY),
  );
  assert.equal(code, 'dcos-unreachable');
  assert.match(why!, /does not speak https on port \d+/);
});

test('a cluster that is none', async (t) => {
  const replies: Reply[] = [
    (_, response) => html(response, 200),
    (_, response) => html(response, 404),
    (_, response) => json(response, {}),
    (_, response) => json(response, { version: 'latest' }),
    (_, response) => json(response, { version: 7 }),
    (_, response) => json(response, null),
    (_, response) => html(response, 401),
  ];
  for (const reply of replies) {
    const server = await serve(t, reply);
    assert.equal((await problem(new Cluster(connectionTo(server.url)).version())).code, 'not-dcos');
    assert.equal(
      server.asked[0]!.headers.authorization,
      undefined,
      'the token was sent before it is known to be DC/OS',
    );
  }
});

test('what is not foreseen is a bug, and holds no token either', async () => {
  const http = httpTo('http://127.0.0.1:9');
  const error = await http
    .json({ path: PATH, body: 1n }, ANY)
    .then(() => assert.fail())
    .catch((error: unknown) => error as Error);
  assert.ok(!(error instanceof UserError));
  assert.ok(!JSON.stringify({ ...error, stack: error.stack, message: error.message }).includes(TOKEN));
});
