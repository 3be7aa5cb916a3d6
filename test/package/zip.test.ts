// The zip for Linux as `dcos plugin add` would unpack it and `dcos` call it: with an empty environment, where no Node is.
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const root = join(import.meta.dirname, '../..');
const platform = `linux-${process.arch}`;
const place = mkdtempSync(join(tmpdir(), 'dcos-calico-zip-'));
after(() => rmSync(place, { recursive: true, force: true }));

/** Packs for this machine; resolves with the path of the zip. */
function pack(name: string): Promise<string> {
  const out = join(place, name);
  return new Promise((resolve, reject) => {
    const env = { ...process.env, OUT: out };
    execFile(process.execPath, ['scripts/package.mjs', platform], { cwd: root, env }, (error) => {
      if (error) reject(error);
      else resolve(join(out, readdirSync(out).find((entry) => entry.endsWith('.zip'))!));
    });
  });
}

const [archive, again] = await Promise.all([pack('first'), pack('second')]);
const plugin = join(place, 'a home with spaces', 'env');
// Another's unpacker, since ours only writes. Python's keeps no modes: the program's is set from what the archive says.
execFileSync('python3', [
  '-c',
  'import os, sys, zipfile\nz = zipfile.ZipFile(sys.argv[1])\nassert z.testzip() is None\nfor i in z.infolist(): os.chmod(z.extract(i, sys.argv[2]), i.external_attr >> 16 & 0o777)',
  archive,
  plugin,
]);

interface Ran {
  code: number;
  out: string;
  talk: string;
}

function dcos(args: string[], env: Record<string, string> = {}): Promise<Ran> {
  return new Promise((resolve) => {
    execFile(join(plugin, 'bin/dcos-calico'), ['calico', ...args], { env, cwd: '/' }, (error, out, talk) =>
      resolve({ code: error ? Number(error.code ?? -1) : 0, out, talk }),
    );
  });
}

test('two builds give the same bytes, and the sums are those of the zips', () => {
  const sum = (file: string) => createHash('sha256').update(readFileSync(file)).digest('hex');
  assert.equal(sum(again), sum(archive));
  const [line] = readFileSync(join(place, 'first/SHA256SUMS'), 'utf8').split('\n');
  assert.equal(line, `${sum(archive)}  ${archive.split('/').at(-1)}`);
});

test('it has what `dcos` looks for, at most 45 MB', () => {
  assert.ok(statSync(archive).size <= 45e6);
  const toml = readFileSync(join(plugin, 'plugin.toml'), 'utf8');
  const path = toml.match(/^path = "(.+)"$/m)?.[1];
  assert.equal(statSync(join(plugin, path!)).mode & 0o777, 0o755);
  assert.match(readFileSync(join(plugin, 'completion/bash/calico.sh'), 'utf8'), /_dcos_calico\(\)/);
});

test('the bill of materials and the licences name what is inside, and nothing of this machine', () => {
  const text = readFileSync(join(plugin, 'sbom.cdx.json'), 'utf8');
  const { bomFormat, components } = JSON.parse(text) as {
    bomFormat: string;
    components: { group?: string; name: string; version: string }[];
  };
  assert.equal(bomFormat, 'CycloneDX');
  const names = components.map(({ group, name }) => (group ? `${group}/${name}` : name));
  for (const name of ['@oclif/core', 'axios', `node-${platform}`]) assert.ok(names.includes(name), name);
  assert.ok(!names.includes('fast-check'));
  const licences = readFileSync(join(plugin, 'LICENCES.txt'), 'utf8');
  for (const { group, name, version } of components)
    if (!name.startsWith('node-'))
      assert.ok(licences.includes(`${group ? `${group}/` : ''}${name} ${version}:`), name);
  assert.match(licences, /^Node\.js 26\./m);
  for (const file of [text, readFileSync(join(plugin, 'lib/dcos-calico.cjs'), 'utf8')])
    assert.ok(!file.includes(root));
});

test('it runs with nothing in the environment', async () => {
  assert.deepEqual(await dcos(['--info']), {
    code: 0,
    out: 'Puts the Calico network on every agent of the cluster\n',
    talk: '',
  });
  const help = await dcos(['--help']);
  assert.equal(help.code, 0, help.talk);
  assert.match(help.out, /install/);
  // The second start runs what the first one compiled.
  assert.ok(readdirSync(join(plugin, 'lib/compiled')).length > 0);
  assert.deepEqual(await dcos(['--help']), help);
  const wrong = await dcos(['statsu']);
  assert.equal(wrong.code, 2);
  assert.match(wrong.talk, /status/);
  assert.equal((await dcos(['status'])).code, 2);
});

test("the options of the user's own Node are not its own", async () => {
  const { code, talk } = await dcos(['--help'], { NODE_OPTIONS: '--require /nowhere.cjs' });
  assert.equal(code, 0, talk);
});

test('it starts a practice cluster, shows it and stops it', async () => {
  const env = { DCOS_CALICO_LAB_DIR: join(place, 'lab'), PATH: '/usr/bin:/bin' };
  const started = await dcos(['lab', 'start', '--simulated', '4', '--owner', String(process.pid)], env);
  try {
    assert.equal(started.code, 0, started.talk);
    const given = Object.fromEntries(
      [...started.out.matchAll(/(DCOS_\w+)=(\S+)/g)].map(([, name, value]) => [name!, value!]),
    );
    const status = await dcos(['status', '--json'], { ...env, ...given });
    assert.equal((JSON.parse(status.out) as { calico: string }).calico, 'not installed', status.talk);
  } finally {
    const stopped = await dcos(['lab', 'stop'], env);
    assert.equal(stopped.code, 0, stopped.talk);
  }
});
