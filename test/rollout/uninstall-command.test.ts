// The commands of the later life as they are run: exit codes, the same as text and with --json.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { Ajv } from 'ajv';
import { startLab } from '../../src/lab/lab.ts';
import { buildBundle } from '../status/bundle.ts';

const bundle = buildBundle();
after(() => bundle.remove());

const schema = (name: string) =>
  new Ajv({ strict: true, allErrors: true }).compile(
    JSON.parse(readFileSync(join(import.meta.dirname, `../../schemas/${name}.json`), 'utf8')),
  );

test('without a terminal and without --yes: 2, and the flag is named', async () => {
  for (const command of [['uninstall'], ['prune']])
    for (const args of [command, [...command, '--json']]) {
      const { code, stdout, stderr } = await bundle.run('http://127.0.0.1:1', args);
      assert.equal(code, 2, args.join(' '));
      assert.match(stdout + stderr, /Add --yes/);
    }
});

test('what does not go together, and what cannot be read: 2', async () => {
  for (const args of [
    ['uninstall', '--yes', '--agent', '10.0.1.11', '--delete-data'],
    ['uninstall', '--yes', '--until', 'soon'],
    ['prune', '--yes', '--older-than', 'long'],
  ])
    assert.equal((await bundle.run('http://127.0.0.1:1', args)).code, 2, args.join(' '));
});

test('a life: excluding is refused with two ways out, both of which are there; repair; an archive; uninstall', async () => {
  const lab = await startLab({ speed: 60, seed: 3, agents: { private: 3, public: 0 } });
  const folder = mkdtempSync(join(tmpdir(), 'calico-life-'));
  const run = (...args: string[]) => bundle.run(lab.url, args, undefined, lab.token);
  try {
    const early = await run('repair', '--yes', '--json');
    assert.deepEqual([early.code, JSON.parse(early.stdout).error.code], [1, 'not-installed']);
    assert.equal((await run('install', '--yes', '--api-only')).code, 0);

    const refused = await run('install', '--yes', '--exclude', '10.0.1.13');
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /dcos calico uninstall --agent 10\.0\.1\.13/);
    assert.match(refused.stderr, /dcos calico install --exclude 10\.0\.1\.13 --leave/);
    const left = await run('install', '--dry-run', '--api-only', '--exclude', '10.0.1.13', '--leave');
    assert.equal(left.code, 7, left.stderr);
    const one = await run('uninstall', '--yes', '--api-only', '--agent', '10.0.1.13', '--json');
    assert.equal(one.code, 0, one.stdout + one.stderr);
    assert.equal(JSON.parse(one.stdout).result.outcome, 'done');

    const idle = await run('repair', '--yes');
    assert.equal(idle.code, 0, idle.stderr);

    const file = join(folder, 'case.tar.gz');
    const made = await run('diagnostics', 'create', '--output', file, '--json');
    assert.equal(made.code, 0, made.stderr);
    assert.ok(schema('diagnostics')(JSON.parse(made.stdout)));
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal((await run('diagnostics', 'create', '--output', file)).code, 2);

    const dry = await run('uninstall', '--dry-run', '--api-only', '--json');
    assert.equal(dry.code, 7);
    assert.ok(schema('uninstall')(JSON.parse(dry.stdout)));
    const off = await run('uninstall', '--yes', '--api-only');
    assert.equal(off.code, 0, off.stderr);
    const status = JSON.parse((await run('status', '--json')).stdout);
    assert.equal(status.calico, 'not installed');
  } finally {
    rmSync(folder, { recursive: true });
    await lab.stop();
  }
});
