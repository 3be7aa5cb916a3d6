// The commands as they are shipped: exit codes the same as text and as JSON, what is on which stream, and a cluster behind them.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { defaultOptions } from '../../src/options/defaults.ts';
import { optionsDefinition } from '../../src/steps/options-app.ts';
import { bundle, type Ended } from '../bundle.ts';
import { json, serve } from '../dcos/server.ts';
import { UNIVERSE_FILES } from './universe-files.ts';

const { run } = bundle();
const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-options-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

/** As text and with --json: the same exit code. With --json stdout is one document. */
async function bothWays(
  args: string[],
  exit: number,
  env: Record<string, string> = {},
): Promise<{ text: Ended; document: Record<string, unknown> }> {
  const [text, asJson] = await Promise.all([
    run(['options', ...args], env),
    run(['options', ...args, '--json'], env),
  ]);
  assert.equal(text.exit, exit, text.stderr);
  assert.equal(asJson.exit, exit, asJson.stderr);
  return { text, document: JSON.parse(asJson.stdout) };
}

const GOOD = file('good.json', { etcd: { 'run-proxy': false, 'etcd-endpoints': 'http://10.0.0.5:2379' } });
const BAD = file('bad.json', { node: { ipip: 'allways', enable: 'yes' } });
const WARNED = file('warned.json', { rollout: { canary: 0 } });

test('validate: a file that can be used', async () => {
  const { text, document } = await bothWays(['validate', GOOD], 0);
  assert.equal(text.stdout, `${GOOD}: ok, 2 options set\n`);
  assert.equal(text.stderr, '');
  assert.deepEqual(document, {
    file: GOOD,
    ok: true,
    universe: false,
    given: ['etcd.run-proxy', 'etcd.etcd-endpoints'],
    warnings: [],
  });
});

test('validate: a file that cannot', async () => {
  const { text, document } = await bothWays(['validate', BAD], 2);
  assert.equal(text.stdout, '');
  assert.match(
    text.stderr,
    /^Error: The options in .*bad\.json cannot be used\nWhy: {3}2 errors\n {7}node\.enable \(line 1\): /,
  );
  const { code, data } = document.error as { code: string; data: { problems: { path: string }[] } };
  assert.equal(code, 'options-invalid');
  assert.deepEqual(data.problems.map(({ path }) => path).sort(), ['node.enable', 'node.ipip']);
});

test('validate: warnings are shown and do not fail', async () => {
  const { text, document } = await bothWays(['validate', WARNED], 0);
  assert.match(text.stderr, /^Warning: Line 1: rollout\.canary is 0: no agent is tried first\.\n$/);
  assert.equal(text.stdout, `${WARNED}: ok, 1 option set, 1 warning\n`);
  assert.equal((document.warnings as unknown[]).length, 1);
});

test('validate: a Universe file, and the way to write it anew', async () => {
  const old = file('universe.json', UNIVERSE_FILES['revision 3']);
  const { text } = await bothWays(['validate', old], 0);
  assert.match(
    text.stdout,
    /universe\.json: ok, an options file of the Universe package, 17 options set, 6 not used, /,
  );
  assert.match(
    text.stderr,
    /Next: dcos calico options show --offline --options .*universe\.json --changed --json/,
  );
  const anew = await run(['options', 'show', '--offline', '--options', old, '--changed', '--json']);
  const again = await bothWays(['validate', file('anew.json', anew.stdout)], 0);
  assert.equal(again.document.universe, false);
  assert.deepEqual(JSON.parse(anew.stdout).cni, { 'cpu-limit': 0.2, 'mem-limit': 512 });
});

test('validate: no file, a missing file, a broken one', async () => {
  assert.match((await bothWays(['validate'], 2)).text.stderr, /FILE/);
  assert.match(
    (await bothWays(['validate', join(folder, 'none.json')], 2)).text.stderr,
    /there is no such file/,
  );
  assert.match(
    (await bothWays(['validate', file('broken.json', '{"node": }')], 2)).text.stderr,
    /line 1, column 10/,
  );
});

test('schema: the published one', async () => {
  const { text, document } = await bothWays(['schema'], 0);
  const published = readFileSync(new URL('../../schemas/options.json', import.meta.url), 'utf8');
  assert.equal(text.stdout, published);
  assert.deepEqual(document, JSON.parse(published));
});

test('show --defaults: a file to start from', async () => {
  const { text, document } = await bothWays(['show', '--defaults'], 0);
  assert.match(text.stdout, /^OPTION +VALUE +SOURCE\nrollout\.max-concurrent +10% +default\n/);
  assert.deepEqual(document, defaultOptions());
  await bothWays(['validate', file('start.json', document)], 0);
});

test('show: file and settings, with their sources', async () => {
  const { text, document } = await bothWays(
    ['show', '--options', GOOD, '--set', 'node.ipip=always', '--changed'],
    0,
  );
  assert.deepEqual(document, {
    etcd: { 'run-proxy': false, 'etcd-endpoints': 'http://10.0.0.5:2379' },
    node: { ipip: 'always' },
  });
  assert.equal(
    text.stdout,
    [
      'OPTION               VALUE                 SOURCE',
      'etcd.run-proxy       false                 file',
      'etcd.etcd-endpoints  http://10.0.0.5:2379  file',
      'node.ipip            always                flag',
      '',
    ].join('\n'),
  );
});

test('show: nothing changed, and what cannot be used', async () => {
  assert.equal((await bothWays(['show', '--changed'], 0)).text.stdout, 'All options are at their defaults\n');
  assert.match(
    (await bothWays(['show', '--set', 'node.ipp=always'], 2)).text.stderr,
    /Did you mean node\.ipip\?/,
  );
  await bothWays(['show', '--options', BAD], 2);
  await bothWays(['show', '--defaults', '--set', 'node.ipip=always'], 2);
});

test('show: what is installed on the cluster lies below file and settings', async (t) => {
  const options = defaultOptions();
  options.node['mem-limit'] = 512;
  options.node.ipip = 'cross-subnet';
  const app = optionsDefinition({
    options,
    who: 'alice',
    when: '2026-11-24T03:54:09Z',
    command: 'dcos calico install',
    message: '',
    owed: [],
    marathonVersion: '1.9.136',
  });
  const { url, asked } = await serve(t, (_, response) =>
    json(response, { app: { ...app, id: '/calico/options', version: '2026-11-24T03:54:09.383Z' } }),
  );
  const { text, document } = await bothWays(['show', '--changed', '--set', 'node.ipip=always'], 0, {
    DCOS_URL: url,
  });
  assert.deepEqual(document, { node: { ipip: 'always', 'mem-limit': 512 } });
  assert.match(text.stdout, /node\.mem-limit +512 +installed/);
  assert.ok(
    asked.every(({ url: path }) => path.startsWith('/service/marathon/v2/apps/calico/options?')),
    asked[0]!.url,
  );
});

test('show: a cluster without Calico, one that fails, and none asked', async (t) => {
  const without = await serve(t, (_, response) =>
    json(response, { message: "App '/calico/options' does not exist" }, 404),
  );
  const empty = await bothWays(['show', '--changed'], 0, { DCOS_URL: without.url });
  assert.equal(empty.text.stderr, 'Calico is not installed on this cluster\n');
  const broken = await serve(t, (_, response) => json(response, { message: 'no' }, 403));
  await bothWays(['show'], 1, { DCOS_URL: broken.url });
  await bothWays(['show', '--offline'], 0, { DCOS_URL: broken.url });
  assert.equal(broken.asked.length, 2);
});
