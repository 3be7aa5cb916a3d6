import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dispatch } from '../../src/cli/dispatch.ts';

const COMMANDS = [
  'calico',
  'calico:install',
  'calico:status',
  'calico:lab:start',
  'calico:lab:stop',
  'calico:options:show',
];
const of = (line: string) => dispatch(line.split(' ').filter(Boolean), COMMANDS);

test('a command with what follows', () => {
  assert.deepEqual(of('calico status'), { kind: 'command', id: 'calico:status', argv: [] });
  assert.deepEqual(of('calico status 10.0.1.13 --json'), {
    kind: 'command',
    id: 'calico:status',
    argv: ['10.0.1.13', '--json'],
  });
  assert.deepEqual(of('calico options show --set a=b'), {
    kind: 'command',
    id: 'calico:options:show',
    argv: ['--set', 'a=b'],
  });
  assert.deepEqual(of('calico status -- --help'), {
    kind: 'command',
    id: 'calico:status',
    argv: ['--', '--help'],
  });
});

test('flags that every command has may come first, and the name of the plugin may be missing', () => {
  assert.deepEqual(of('calico -vv --json status x'), {
    kind: 'command',
    id: 'calico:status',
    argv: ['x', '-vv', '--json'],
  });
  assert.deepEqual(of('lab start'), { kind: 'command', id: 'calico:lab:start', argv: [] });
});

test('help, however it is asked for', () => {
  for (const line of ['', 'calico', 'calico help', 'calico --help', 'calico -h', '--help', 'calico -v']) {
    assert.deepEqual(of(line), { kind: 'help', id: 'calico' }, line);
  }
  for (const line of [
    'calico help install',
    'calico install --help',
    'calico install x -h',
    'calico install --yes -h',
  ]) {
    assert.deepEqual(of(line), { kind: 'help', id: 'calico:install' }, line);
  }
  for (const line of ['calico lab', 'calico help lab', 'calico lab --help']) {
    assert.deepEqual(of(line), { kind: 'help', id: 'calico:lab' }, line);
  }
});

test('version', () => {
  for (const line of ['calico --version', '--version', 'calico -v --version'])
    assert.equal(of(line).kind, 'version', line);
});

test('what is not known, and what may have been meant', () => {
  assert.deepEqual(of('calico frobnicate'), { kind: 'unknown', below: 'calico', word: 'frobnicate' });
  assert.deepEqual(of('calico instal'), {
    kind: 'unknown',
    below: 'calico',
    word: 'instal',
    meant: 'calico:install',
  });
  assert.deepEqual(of('calico help satus'), {
    kind: 'unknown',
    below: 'calico',
    word: 'satus',
    meant: 'calico:status',
  });
  assert.deepEqual(of('calico lab strat x'), {
    kind: 'unknown',
    below: 'calico:lab',
    word: 'strat',
    meant: 'calico:lab:start',
  });
  assert.deepEqual(of('calico optoins show'), {
    kind: 'unknown',
    below: 'calico',
    word: 'optoins',
    meant: 'calico:options',
  });
  assert.deepEqual(of('calico frobnicate --help'), { kind: 'unknown', below: 'calico', word: 'frobnicate' });
});

test('any words at all are decided, and only known commands are run', () => {
  const word = fc.oneof(
    fc.string(),
    fc.constantFrom('calico', 'status', 'lab', 'start', 'help', '--help', '-h', '-v', '--', '--json'),
  );
  fc.assert(
    fc.property(fc.array(word), (argv) => {
      const found = dispatch(argv, COMMANDS);
      if (found.kind === 'command') assert.ok(COMMANDS.includes(found.id) && found.id !== 'calico');
      if (found.kind === 'unknown') assert.ok(argv.includes(found.word));
    }),
  );
});
