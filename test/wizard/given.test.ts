// Answers that are said beforehand, by a file and by flags: those that cannot be used are refused, all at once.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { givenAnswers, holdGiven, notAsked } from '../../src/configure/given.ts';
import { UserError } from '../../src/errors.ts';
import { begin } from '../../src/wizard/flow.ts';
import { base, found } from './found.ts';

async function refused(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    assert.equal(error.problem.exit, 2);
    return [error.problem.what, error.problem.why, ...(error.problem.items ?? [])].join('\n');
  }
  throw new Error('it is not refused');
}

const file = (text: string, flags = {}) => givenAnswers('-', flags, Readable.from([text]));

test('an answers file that cannot be used', async () => {
  for (const [text, why] of [
    ['{"pol": "10.5.0.0/16"}', /no answer of the name "pol"\. Did you mean pool\?/],
    ['{"pool": 5}', /The answer pool is no text/],
    ['["pool"]', /not a JSON object/],
    ['{', /Line 1, column 2/],
    ['{"pol": "x", "pace": true}', /"pol"[\s\S]*The answer pace is no text/],
  ] as const)
    assert.match(await refused(() => file(text)), why);
  assert.match(await refused(() => givenAnswers('/nowhere/answers.json', {})), /there is no such file/);
});

test('flags win over the file; lists may be lists; what an answer rests on is implied', async () => {
  const given = await file('{"pool": "10.5.0.0/16", "canary": ["10.0.1.11", "10.0.1.12"], "ipip": " off "}', {
    ipip: 'always',
    options: 'calico.json',
    'api-only': true,
  });
  assert.deepEqual(given, {
    pool: '10.5.0.0/16',
    canary: '10.0.1.11,10.0.1.12',
    ipip: 'always',
    pace: 'named',
  });
  assert.equal(
    (await givenAnswers(undefined, { mirror: 'none', downloads: 'internet' })).downloads,
    'internet',
  );
});

test('answers that do not fit the cluster, or one another, are refused together', async () => {
  const hold = (given: object) => refused(() => holdGiven(found(), base(), begin(given)));
  const both = await hold({ pool: '9.0.0.0/16', containers: 'all' });
  assert.match(both, /--containers all: It is one of both, ucr, docker\./);
  assert.match(both, /--pool 9\.0\.0\.0\/16: The pool 9\.0\.0\.0\/16 overlaps/);
  assert.match(await hold({ etcd: 'package' }), /one of record, proxy, static/);
  await holdGiven(found(), base(), begin({ etcd: 'static', endpoints: 'http://10.9.0.5:2379' }));
});

test('answers that nothing asks for are known', () => {
  assert.deepEqual(notAsked(found(), base(), begin({ endpoints: 'http://10.9.0.5:2379', pool: 'x' })), [
    'endpoints',
  ]);
  assert.deepEqual(notAsked(found(), base(), begin({ etcd: 'proxy', endpoints: 'x' })), []);
});
