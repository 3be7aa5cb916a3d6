// oclif's parser with flags of every kind: what it throws, in this program's words.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Args, Flags, Parser } from '@oclif/core';
import { usageProblem } from '../../src/cli/usage-errors.ts';
import { EXIT } from '../../src/errors.ts';

const SAMPLE = {
  args: { agent: Args.string({ required: true }), step: Args.string({ options: ['node', 'cni'] }) },
  flags: {
    options: Flags.string(),
    count: Flags.integer(),
    format: Flags.string({ options: ['table', 'json'] }),
    marathon: Flags.string({ dependsOn: ['options'] }),
    watch: Flags.boolean({ exclusive: ['count'] }),
  },
};
const STRICT = { args: {}, flags: { needed: Flags.string({ required: true }) } };

async function wordsOf(line: string, tried: typeof SAMPLE | typeof STRICT = SAMPLE) {
  const error = await Parser.parse(line.split(' ').filter(Boolean), tried as typeof SAMPLE).then(
    () => assert.fail(`${line} was taken`),
    (error: unknown) => error,
  );
  const problem = usageProblem(error, 'calico sample')!;
  assert.equal(problem.exit, EXIT.usage);
  assert.equal(problem.remedy!.at(-1), 'dcos calico sample --help');
  return [problem.code, problem.what, problem.why, ...problem.remedy!.slice(0, -1)];
}

test('each in a sentence, with the name that was probably meant', async () => {
  const cases: [string, unknown[]][] = [
    [
      'a --optoins',
      ['unknown-flag', 'dcos calico sample has no flag --optoins', undefined, 'Did you mean --options?'],
    ],
    ['a --xyzzy', ['unknown-flag', 'dcos calico sample has no flag --xyzzy', undefined]],
    ['a -q', ['unknown-flag', 'dcos calico sample has no flag -q', undefined]],
    [
      'a node b',
      ['unexpected-argument', 'dcos calico sample takes no further argument, and got "b"', undefined],
    ],
    ['', ['missing-argument', 'dcos calico sample needs AGENT', undefined]],
    ['a nod', ['bad-argument', '"nod" is not possible here', 'it is one of node, cni', 'Did you mean node?']],
    ['a --options x --options y', ['repeated-flag', '--options can be given once only', undefined]],
    ['a --options', ['missing-flag-value', '--options needs a value', undefined]],
    ['a --count x', ['bad-flag-value', '--count cannot be used so', '"x" is not a whole number']],
    ['a --format yaml', ['bad-flag-value', '--format cannot be "yaml"', 'it is one of table, json']],
    ['a --format', ['missing-flag-value', '--format needs a value', 'it is one of table, json']],
  ];
  for (const [line, words] of cases) assert.deepEqual(await wordsOf(line), words, line);
});

test('an argument that is missing says what it may be', async () => {
  const picky = { args: { step: Args.string({ required: true, options: ['node', 'cni'] }) }, flags: {} };
  assert.deepEqual(await wordsOf('', picky as never), [
    'missing-argument',
    'dcos calico sample needs STEP',
    'STEP is one of node, cni',
  ]);
});

test('flags that need or exclude each other', async () => {
  assert.deepEqual(await wordsOf('', STRICT), ['flags', '--needed is required', undefined]);
  assert.deepEqual(await wordsOf('a --marathon x'), ['flags', '--marathon needs --options', undefined]);
  assert.deepEqual(await wordsOf('a --watch --count 3'), [
    'flags',
    '--watch and --count exclude each other',
    undefined,
  ]);
});

test('other errors are none of usage', () => {
  for (const error of [new Error('x'), new TypeError('x'), undefined, 'x'])
    assert.equal(usageProblem(error), undefined);
});
