// Beside DC/OS's own `dcos calico` (2.1 and later): what is calicoctl's goes there, all else is this program's.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { CALICOCTL_COMMANDS } from '../../src/cli/native-calico.ts';
import { bundle } from '../bundle.ts';

const program = bundle();
const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-native-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A cluster's `subcommands`, as `dcos plugin add` and the core plugin leave it. */
function installed(name: string, commands: [name: string, path: string][]): string {
  const subcommands = join(folder, name, 'subcommands');
  const lib = join(subcommands, 'dcos-calico', 'env', 'lib');
  mkdirSync(lib, { recursive: true });
  cpSync(dirname(program.path), lib, { recursive: true });
  const core = join(subcommands, 'dcos-core-cli', 'env');
  mkdirSync(join(core, 'bin'), { recursive: true });
  const tables = commands.map(([command, path]) => `[[commands]]\nname = "${command}"\npath = "${path}"\n`);
  writeFileSync(
    join(core, 'plugin.toml'),
    `schema_version = 1\nname = "dcos-core-cli"\n\n${tables.join('\n')}`,
  );
  writeFileSync(join(core, 'bin', 'dcos'), '#!/bin/sh\nfor word in "$@"; do echo "[$word]"; done\nexit 7\n');
  chmodSync(join(core, 'bin', 'dcos'), 0o755);
  return join(lib, 'dcos-calico.cjs');
}

const WITH = installed('with', [
  ['job', 'bin/other'],
  ['calico', 'bin/dcos'],
]);
const WITHOUT = installed('without', [['job', 'bin/dcos']]);
const run = (path: string, ...args: string[]) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], { encoding: 'utf8' });
  return { status, stdout, stderr };
};

test("calicoctl's commands reach DC/OS's own, with their arguments and exit codes", () => {
  assert.deepEqual(run(WITH, 'calico', 'get', 'nodes', '-o', 'wide file'), {
    status: 7,
    stdout: '[calico]\n[get]\n[nodes]\n[-o]\n[wide file]\n',
    stderr: '',
  });
  assert.equal(run(WITH, 'calico', 'apply', '--help').stdout, '[calico]\n[apply]\n[--help]\n');
});

test('commands of this program, its help and mistyped ones stay its own', () => {
  assert.match(run(WITH, 'calico', '--help').stdout, /dcos calico install/);
  assert.match(run(WITH, 'calico', 'staus').stderr, /Did you mean dcos calico status/);
});

test('without that command an error says whose it is', () => {
  for (const path of [WITHOUT, program.path]) {
    const { status, stderr } = run(path, 'calico', 'get', 'nodes');
    assert.equal(status, 2);
    assert.match(stderr, /one of calicoctl's/);
  }
});

test('no command of this program is one of calicoctl', () => {
  const own = readdirSync(join(import.meta.dirname, '../../commands/calico')).map((name) =>
    name.replace(/\.ts$/, ''),
  );
  assert.deepEqual(
    own.filter((name) => CALICOCTL_COMMANDS.has(name)),
    [],
  );
});
