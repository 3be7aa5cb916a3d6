// The shipped program without a cluster: help, versions, wrong usage, and what it loads for them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bundle } from '../bundle.ts';

const program = bundle();
const ORDER = ['Description', 'Usage', 'Examples', 'Commands', 'Options', 'Exit codes'];

async function helpOf(args: string[]): Promise<string> {
  const { exit, stdout, stderr } = await program.run(args);
  assert.equal(exit, 0);
  assert.equal(stderr, '');
  return stdout;
}

test('help in each way that it can be asked for', async () => {
  const [alone, word, flag, short] = await Promise.all([[], ['help'], ['--help'], ['-h']].map(helpOf));
  assert.equal(word, alone);
  assert.equal(flag, alone);
  assert.equal(short, alone);
  const [byWord, byFlag] = await Promise.all(
    [
      ['help', 'status'],
      ['status', '--help'],
    ].map(helpOf),
  );
  assert.equal(byWord, byFlag);
  assert.match(byWord!, /dcos calico status/);
});

test('every command has a help screen in the house style', async () => {
  const top = await helpOf([]);
  const names = (screen: string) =>
    [.../^Commands:\n((?: {4}.*\n)*)/m.exec(screen)![1]!.matchAll(/^ {4}(\S+)$/gm)].map((match) => match[1]!);
  const paths = (
    await Promise.all(
      names(top).map(async (name) => {
        const screen = await helpOf([name, '--help']);
        return /^Commands:/m.test(screen) ? names(screen).map((below) => [name, below]) : [[name]];
      }),
    )
  ).flat();
  assert.ok(paths.length > 3);
  for (const path of paths) {
    const screen = await helpOf(['help', ...path]);
    const headings = [...screen.matchAll(/^(\S.*):$/gm)].map((match) => match[1]!);
    assert.deepEqual(
      headings,
      ORDER.filter((heading) => headings.includes(heading)),
      path.join(' '),
    );
    assert.match(screen, /^Description:\n {4}[A-Z]/, path.join(' '));
    for (const line of screen.split('\n'))
      assert.ok(line.length <= 80 || !/\S \S/.test(line.trim()), `${path}: ${line}`);
  }
});

test('--version says all that a support case asks for', async () => {
  const { stdout } = await program.run(['--version'], { DCOS_CLI_VERSION: '1.2.0' });
  const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'));
  assert.deepEqual(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/)),
    [
      ['dcos calico', version],
      ['dcos', '1.2.0'],
      ['Node.js', process.versions.node],
      ['system', `${process.platform} ${process.arch}`],
    ],
  );
});

test('wrong usage: exit code 2, the same as text and JSON, and the way out', async () => {
  const cases: [string[], string, RegExp][] = [
    [['frobnicate'], 'unknown-command', /has no command "frobnicate"/],
    [['statsu'], 'unknown-command', /Did you mean dcos calico status\?/],
    [['options', 'shwo'], 'unknown-command', /Did you mean dcos calico options show\?/],
    [['status', '--jsno'], 'unknown-flag', /has no flag --jsno\n.*Did you mean --json\?/],
    [['status', 'a', 'b'], 'unexpected-argument', /takes no further argument, and got "b"/],
    [['status', '--marathon'], 'missing-flag-value', /--marathon needs a value/],
    [['options', 'validate'], 'missing-argument', /needs FILE/],
  ];
  for (const [args, code, text] of cases) {
    const [plain, asJson] = await Promise.all([program.run(args), program.run(['--json', ...args])]);
    assert.equal(plain.exit, 2, args.join(' '));
    assert.equal(plain.stdout, '');
    assert.match(plain.stderr, text);
    assert.match(plain.stderr, /dcos calico .*--help\n$/);
    assert.equal(asJson.exit, 2, args.join(' '));
    assert.equal(asJson.stderr, '');
    const { error } = JSON.parse(asJson.stdout);
    assert.deepEqual([error.code, error.exit], [code, 2]);
  }
});

test('a reader that goes away is no error', async () => {
  const { process: child, ended } = program.start(['options', 'schema']);
  child.stdout!.destroy();
  const { exit, stderr } = await ended;
  assert.deepEqual([exit, stderr], [0, '']);
});

test('help loads neither oclif nor what speaks to a cluster', async () => {
  const { stderr } = await program.run(['--help'], { NODE_DEBUG: 'module' });
  assert.doesNotMatch(stderr, /node:https?|"(https?|zlib|tls)"/);
  const { stderr: all } = await program.run(['--help'], {
    NODE_OPTIONS: `--import=${join(import.meta.dirname, 'loaded.mjs')}`,
  });
  assert.deepEqual(JSON.parse(all), []);
});
