// `dcos calico status` as it is run: exit codes as text and as JSON, what goes to which stream, waiting and watching.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, type TestContext, test } from 'node:test';
import { Ajv } from 'ajv';
import type { ClusterRead } from '../../src/status/build.ts';
import { buildBundle } from './bundle.ts';
import { startCanned } from './canned.ts';
import { type AgentWords, type ClusterWords, clusterRead } from './cluster.ts';

const bundle = buildBundle();
after(() => bundle.remove());
const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../schemas/status.json'), 'utf8'));
const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

const READY: AgentWords = { host: '10.0.1.11' };
const FAILED: AgentWords = {
  host: '10.0.1.12',
  steps: { docker: 'failed' },
  reasons: { docker: 'daemon.json is not JSON' },
};
const WAITING: AgentWords = { host: '10.0.1.13', steps: 'waiting for turn' };
const cluster = (agents: AgentWords[], more: Partial<ClusterWords> = {}) => clusterRead({ agents, ...more });
const none = (): ClusterRead => ({ ...cluster([READY]), group: undefined });

async function canned(t: TestContext, read: ClusterRead) {
  const server = await startCanned(read);
  t.after(() => server.close());
  return server;
}

/** The document, if it is one of the schema. */
function document(stdout: string): Record<string, unknown> {
  const json = JSON.parse(stdout) as Record<string, unknown>;
  assert.ok(validate(json), JSON.stringify(validate.errors));
  return json;
}

const cases: [what: string, read: () => ClusterRead, args: string[], exit: number][] = [
  ['all ready', () => cluster([READY]), [], 0],
  ['one failed', () => cluster([READY, FAILED, WAITING]), [], 1],
  ['one not ready', () => cluster([READY, WAITING]), [], 3],
  ['not installed', none, [], 0],
  ['not installed, but waited for', none, ['--wait'], 3],
  ['waited for all ready', () => cluster([READY]), ['--wait', '10m'], 0],
  [
    'the time of --wait ended',
    () => cluster([READY, { host: '10.0.1.12', steps: { node: 'working' } }]),
    ['--wait', '0s'],
    6,
  ],
  ['one agent that is ready, in a cluster that is not', () => cluster([READY, FAILED]), ['10.0.1.11'], 0],
  ['one agent that failed', () => cluster([READY, FAILED]), ['10.0.1.12'], 1],
];

for (const [what, read, args, exit] of cases)
  test(`exit ${exit}, as text and as JSON: ${what}`, async (t) => {
    const { url } = await canned(t, read());
    const [text, json] = await Promise.all([
      bundle.run(url, ['status', ...args]),
      bundle.run(url, ['status', ...args, '--json']),
    ]);
    assert.deepEqual([text.code, json.code], [exit, exit], `${text.stderr}${json.stderr}`);
    assert.notEqual(text.stdout, '');
    assert.doesNotMatch(text.stdout, /\u001b/);
    assert.equal((document(json.stdout).agents as unknown[]).length > 0, !what.startsWith('not installed'));
  });

test('the result is on stdout, what to type next on stderr; with --json only the document', async (t) => {
  const { url } = await canned(t, cluster([READY, FAILED]));
  const text = await bundle.run(url, ['status']);
  assert.match(
    text.stdout,
    /^AGENT +TYPE .*\n10\.0\.1\.12 +private .* failed: daemon\.json is not JSON\n10\.0\.1\.11 /,
  );
  assert.match(text.stdout, /\n2 agents: 1 failed, 1 ready\n/);
  assert.equal(text.stderr, 'Next: dcos calico status 10.0.1.12\n');
  const json = await bundle.run(url, ['status', '--json']);
  assert.equal(json.stderr, '');
});

test('usage errors end with 2, as text and as JSON', async (t) => {
  const { url } = await canned(t, cluster([READY]));
  for (const args of [['10.0.1.19'], ['--wait', '10'], ['--nonsense'], ['a', 'b']]) {
    const text = await bundle.run(url, ['status', ...args]);
    assert.equal(text.code, 2, `${args}: ${text.stderr}`);
    assert.match(text.stderr, /^Error: /);
    assert.equal(text.stdout, '');
    const json = await bundle.run(url, ['status', ...args, '--json']);
    assert.equal(json.code, 2);
    assert.equal((JSON.parse(json.stdout) as { error: { exit: number } }).error.exit, 2);
  }
});

test('--watch has no document', async (t) => {
  const { url } = await canned(t, cluster([READY]));
  const { code, stdout } = await bundle.run(url, ['status', '--watch', '--json']);
  assert.equal(code, 2);
  assert.match((JSON.parse(stdout) as { error: { what: string } }).error.what, /--json/);
});

test('a cluster that refuses the token is one sentence and never a token', async (t) => {
  const server = await canned(t, cluster([READY]));
  server.fail(401);
  const text = await bundle.run(server.url, ['status']);
  assert.equal(text.stdout, '');
  assert.match(text.stderr, /^Error: /);
  assert.doesNotMatch(text.stderr, /token-of-the-test/);
  assert.notEqual(text.code, 70);
});

test('--wait says on stderr how far it is, and prints the table once, at the end', async (t) => {
  const server = await canned(t, cluster([READY, { host: '10.0.1.12', steps: { node: 'working' } }]));
  const running = bundle.run(server.url, ['status', '--wait', '1m']);
  while ((server.asked.group ?? 0) < 1) await new Promise(setImmediate);
  server.become(cluster([READY, { host: '10.0.1.12' }]));
  const { code, stdout, stderr } = await running;
  assert.equal(code, 0);
  assert.equal(stdout.split('AGENT').length, 2);
  assert.match(stderr, /^Waiting: [12] of 2 agents ready\n/);
  assert.match(stderr, /Waiting: 2 of 2 agents ready\n$/);
});

test('--watch in a pipe prints the table, then what changes; Ctrl-C ends it with 130', async (t) => {
  const server = await canned(t, cluster([READY, { host: '10.0.1.12', steps: { node: 'working' } }]));
  let changed = false;
  const { code, stdout } = await bundle.run(server.url, ['status', '--watch'], (soFar, kill) => {
    if (soFar.includes('-> ready')) kill();
    else if (!changed && soFar.includes('\n2 agents:')) {
      changed = true;
      server.become(cluster([READY, { host: '10.0.1.12' }]));
    }
  });
  assert.equal(code, 130);
  assert.match(stdout, /\n\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ {2}10\.0\.1\.12 {2}installing -> ready\n$/);
  assert.doesNotMatch(stdout, /\u001b/);
});
