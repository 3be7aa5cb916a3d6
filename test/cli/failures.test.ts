// Each failure as a user meets it: `dcos calico status` of the shipped program against a real server, as text and with --json.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { bundle } from '../bundle.ts';
import { html, json, type Reply, serve, TOKEN } from '../dcos/server.ts';

const program = bundle();
const tlsFolder = join(import.meta.dirname, '../dcos/tls');

/** Runs it both ways: the same code and exit code, the sentences on stderr alone, the document on stdout alone. */
async function bothWays(env: Record<string, string>, args = ['status']) {
  const [text, asJson] = await Promise.all([program.run(args, env), program.run([...args, '--json'], env)]);
  assert.equal(text.stdout, '');
  assert.match(text.stderr, /^Error: \S/);
  assert.equal(asJson.stderr, '');
  const { error } = JSON.parse(asJson.stdout);
  assert.ok(text.stderr.includes(error.what));
  assert.equal(asJson.exit, text.exit);
  assert.equal(error.exit, text.exit);
  assert.equal(error.detail, undefined);
  for (const shown of [text.stderr, asJson.stdout]) {
    assert.ok(!shown.includes(TOKEN), 'the token is shown');
    assert.doesNotMatch(shown, /<html|openresty|\u001b|undefined|\[object/);
  }
  return { code: error.code as string, exit: text.exit, text: text.stderr };
}

async function against(t: TestContext, reply: Reply, env: Record<string, string> = {}) {
  const server = await serve(t, reply);
  return bothWays({ DCOS_URL: server.url, DCOS_ACS_TOKEN: TOKEN, ...env });
}

/** A DC/OS whose Marathon answers as given, and which has not got to the rest yet. */
const marathonThat =
  (reply: Reply): Reply =>
  (asked, response) => {
    if (asked.url.startsWith('/dcos-metadata/')) json(response, { version: '2.0.6' });
    else if (asked.url.startsWith('/service/marathon/')) reply(asked, response);
  };

test('without a cluster, a usable address or the CA file', async () => {
  assert.deepEqual(await bothWays({}).then(({ code, exit }) => [code, exit]), ['no-cluster', 2]);
  const bad = await bothWays({ DCOS_URL: 'master' });
  assert.deepEqual([bad.code, bad.exit], ['bad-cluster-url', 2]);
  const noFile = await bothWays({ DCOS_URL: 'https://master', DCOS_TLS_CA_PATH: '/no/such/file' });
  assert.deepEqual([noFile.code, noFile.exit], ['no-ca-file', 2]);
});

test('nobody there', async (t) => {
  const server = await serve(t, () => {});
  await server.close();
  const { code, exit } = await bothWays({ DCOS_URL: server.url, DCOS_ACS_TOKEN: TOKEN });
  assert.deepEqual([code, exit], ['dcos-unreachable', 1]);
});

test('something that is not DC/OS', async (t) => {
  for (const status of [200, 404]) {
    const { code, exit, text } = await against(t, (_, response) => html(response, status));
    assert.deepEqual([code, exit], ['not-dcos', 1]);
    assert.match(text, /Is it a DC\/OS cluster master node\?/);
  }
});

test('no login, an expired one, and no permission', async (t) => {
  const no: Reply = (_, response) => html(response, 401);
  assert.deepEqual((await against(t, no, { DCOS_ACS_TOKEN: '' })).code, 'not-logged-in');
  assert.deepEqual((await against(t, no)).code, 'login-expired');
  const { code, text } = await against(t, (_, response) => html(response, 403));
  assert.equal(code, 'forbidden');
  assert.match(text, /dcos security org users grant USER dcos:adminrouter:/);
});

test('a certificate that is not trusted', async (t) => {
  const key = readFileSync(join(tlsFolder, 'key.pem'), 'utf8');
  const cert = readFileSync(join(tlsFolder, 'self-signed.pem'), 'utf8');
  const server = await serve(t, (_, response) => json(response, {}), { key, cert });
  const { code, text } = await bothWays({ DCOS_URL: server.url, DCOS_ACS_TOKEN: TOKEN });
  assert.equal(code, 'tls-untrusted');
  assert.match(text, /dcos config set core\.ssl_verify/);
});

test('no answer in the time that dcos config allows', async (t) => {
  const { code, text } = await against(t, () => {}, { DCOS_CALICO_TIMEOUT: '1' });
  assert.equal(code, 'time-out');
  assert.match(text, /nothing came for 1 s/);
});

test('502 and 503 of Admin Router, and half an answer, after some attempts', async (t) => {
  const half: Reply = marathonThat((_, response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end('{"slaves": [{"id": "a');
  });
  const cases: [Reply, string][] = [
    [marathonThat((_, response) => html(response, 502)), 'admin-router-502'],
    [marathonThat((_, response) => html(response, 503)), 'admin-router-503'],
    [half, 'half-answer'],
  ];
  const found = await Promise.all(cases.map(([reply]) => against(t, reply)));
  assert.deepEqual(
    found.map(({ code, exit }) => [code, exit]),
    cases.map(([, code]) => [code, 1]),
  );
});

test('a command that has failed does not wait for what else it asked', async (t) => {
  const server = await serve(t, ({ url }, response) => {
    if (url.startsWith('/service/')) html(response, 401);
  });
  const began = performance.now();
  const { exit } = await program.run(['status'], { DCOS_URL: server.url, DCOS_ACS_TOKEN: TOKEN });
  assert.equal(exit, 1);
  assert.ok(performance.now() - began < 20_000, 'it waited for the time-out of the other request');
});

test('-v shows requests and detail, never the token', async (t) => {
  const server = await serve(t, (_, response) => html(response, 401));
  const env = { DCOS_URL: server.url, DCOS_ACS_TOKEN: TOKEN };
  const one = await program.run(['status', '-v'], env);
  assert.match(one.stderr, /^GET \/\S+ 401 \d+ ms$/m);
  assert.match(one.stderr, /^GET http:\S+ → 401 \(text\/html\)$/m);
  const two = await program.run(['status', '-vv'], env);
  assert.match(two.stderr, /Authorization: token=\*\*\*/);
  const third = await program.run(['status'], { ...env, DCOS_VERBOSITY: '1' });
  assert.match(third.stderr, /^GET \/\S+ 401 \d+ ms$/m);
  for (const { stderr } of [one, two, third]) assert.ok(!stderr.includes(TOKEN));
});

test('Ctrl-C leaves one line and 130', async (t) => {
  const reached = Promise.withResolvers<void>();
  const server = await serve(t, () => reached.resolve());
  const { process, ended } = program.start(['status'], { DCOS_URL: server.url, DCOS_ACS_TOKEN: TOKEN });
  await reached.promise;
  process.kill('SIGINT');
  const { exit, signal, stdout, stderr } = await ended;
  assert.deepEqual(
    { exit, signal, stdout, stderr },
    { exit: 130, signal: null, stdout: '', stderr: 'Interrupted\n' },
  );
});
