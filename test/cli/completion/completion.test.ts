// Completion in real shells: bash always, zsh and fish where they are (REQUIRE_SHELLS names those that must be).
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(import.meta.dirname, '../../..');
const required = (process.env.REQUIRE_SHELLS ?? '').split(/\s+/);
function isThere(shell: string): boolean {
  const there = spawnSync(shell, ['-c', 'exit 0']).status === 0;
  assert.ok(there || !required.includes(shell), `${shell} is missing`);
  return there;
}

/** As `dcos` does it (dcos-cli, design/plugin.md): it has read `dcos calico`, offers what begins with `cur`, and ends it with a space. */
const AS_DCOS = `
__dcos_handle_compreply() {
    local each
    for each in "$@"; do
        case "$each" in "$cur"*) case "$each" in --*=*) COMPREPLY+=("$each") ;; *) COMPREPLY+=("$each ") ;; esac ;; esac
    done
}
COMPREPLY=()
. "$file"
ask() {
    local cur words cword c=2
    words=("$@")
    cword=$(($# - 1))
    cur="\${words[cword]}"
    _dcos_calico
    [ "\${#COMPREPLY[@]}" -eq 0 ] || printf '%s\\n' "\${COMPREPLY[@]}"
}
ask "$@"
`;
/** Arrays from 0, split words: so bashcompinit calls functions of bash. */
const AS_ZSH = 'emulate sh; setopt kshglob noshglob braceexpand nokshautoload';

function complete(shell: 'bash' | 'zsh', line: string): string[] {
  const words = line.split(' ');
  const file = join(root, 'completion/bash/calico.sh');
  const script = `${shell === 'zsh' ? AS_ZSH : 'set -u'}\nfile='${file}'\n${AS_DCOS}`;
  const flags = shell === 'bash' ? ['--norc', '--noprofile'] : ['-f'];
  const out = execFileSync(shell, [...flags, '-c', script, shell, ...words], { encoding: 'utf8' });
  return out.split('\n').filter(Boolean);
}

for (const shell of ['bash', 'zsh'] as const) {
  if (!isThere(shell)) continue;

  test(`${shell}: commands, also below a topic, and only where one can stand`, () => {
    const first = complete(shell, 'dcos calico ');
    for (const command of ['install ', 'lab ', 'logs ', 'options ', 'status '])
      assert.ok(first.includes(command));
    assert.deepEqual(complete(shell, 'dcos calico sta'), ['status ']);
    assert.deepEqual(complete(shell, 'dcos calico lab '), ['rehearse ', 'start ', 'status ', 'stop ']);
    assert.deepEqual(complete(shell, 'dcos calico -v --json options sh'), ['show ']);
    assert.deepEqual(complete(shell, 'dcos calico nonsense '), []);
    assert.deepEqual(complete(shell, 'dcos calico lab start sta'), []);
  });

  test(`${shell}: flags of the command, hidden ones not`, () => {
    assert.deepEqual(complete(shell, 'dcos calico logs --f'), ['--follow ']);
    assert.deepEqual(complete(shell, 'dcos calico logs 10.0.1.11 node --l'), ['--lines=']);
    assert.deepEqual(complete(shell, 'dcos calico --ver'), ['--verbose ', '--version ']);
    assert.deepEqual(complete(shell, 'dcos calico lab start --ow'), []);
    assert.deepEqual(complete(shell, 'dcos calico logs --help '), []);
    assert.deepEqual(complete(shell, 'dcos calico status -- --a'), []);
  });

  test(`${shell}: arguments and values of flags, where they are known`, () => {
    const steps = ['etcd-proxy ', 'docker ', 'cni ', 'libnetwork ', 'node ', 'turn '];
    assert.deepEqual(complete(shell, 'dcos calico logs 10.0.1.11 '), steps);
    assert.deepEqual(complete(shell, 'dcos calico logs --lines 20 -n 3 10.0.1.11 no'), ['node ']);
    assert.deepEqual(complete(shell, 'dcos calico logs '), []);
    assert.deepEqual(complete(shell, 'dcos calico lab start --dcos 2.'), ['2.0 ', '2.1 ', '2.2 ']);
    assert.deepEqual(
      complete(shell, 'dcos calico lab start --dcos=2.'),
      shell === 'zsh' ? ['--dcos=2.0 ', '--dcos=2.1 ', '--dcos=2.2 '] : ['2.0 ', '2.1 ', '2.2 '],
    );
    assert.deepEqual(complete(shell, 'dcos calico logs 10.0.1.11 --marathon '), []);
  });
}

if (isThere('fish')) {
  const fish = (line: string) => {
    const file = join(root, 'completion/fish/calico.fish');
    const script = `complete -e -c dcos; source '${file}'; complete -C '${line}'`;
    const out = execFileSync('fish', ['--no-config', '-c', script], {
      encoding: 'utf8',
      cwd: join(root, 'schemas'),
    });
    return out
      .split('\n')
      .filter(Boolean)
      .map((found) => found.split('\t')[0]);
  };

  test('fish: commands with what they do, flags, arguments and values', () => {
    assert.deepEqual(fish('dcos cal'), ['calico']);
    assert.deepEqual(fish('dcos calico sta'), ['status']);
    assert.deepEqual(fish('dcos calico lab '), ['rehearse', 'start', 'status', 'stop']);
    assert.deepEqual(fish('dcos calico logs --f'), ['--follow']);
    assert.deepEqual(fish('dcos calico logs -n 3 10.0.1.11 no'), ['node']);
    assert.deepEqual(fish('dcos calico lab start --dcos 2.'), ['2.0', '2.1', '2.2']);
    assert.ok(!fish('dcos calico lab start sto').includes('stop'));
    assert.deepEqual(
      fish('dcos calico options validate lo'),
      ['logs.json'],
      'a file where nothing else is known',
    );
    assert.ok(!fish('dcos node st').includes('status'));
  });
}
