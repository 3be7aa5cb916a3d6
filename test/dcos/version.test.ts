import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dcosVersion, isAtLeast, parseVersion } from '../../src/dcos/version.ts';
import { httpTo, json, serve } from './server.ts';

test('versions as DC/OS, Marathon and Mesos write them', () => {
  const numbers = (text: string) => {
    const version = parseVersion(text);
    return version && [version.major, version.minor, version.patch];
  };
  assert.deepEqual(numbers('1.11.24'), [1, 11, 24]);
  assert.deepEqual(numbers('1.4.12'), [1, 4, 12]);
  assert.deepEqual(numbers('1.6.585'), [1, 6, 585]);
  assert.deepEqual(numbers('1.9.136-2f5ae2a'), [1, 9, 136]);
  assert.deepEqual(numbers('2.1'), [2, 1, 0]);
  assert.deepEqual(numbers('2.2-dev'), [2, 2, 0]);
  assert.deepEqual(numbers('v1.13.9'), [1, 13, 9]);
  for (const none of ['', 'latest', '1', 'x1.2', '1.99999999']) assert.equal(numbers(none), undefined, none);
});

test('order', () => {
  const sorted = ['1.4.12', '1.8', '1.8.242', '1.9.128', '1.9.136', '1.10.17', '1.11.24', '2.0'];
  for (const [a, left] of sorted.entries()) {
    for (const [b, right] of sorted.entries()) assert.equal(isAtLeast(parseVersion(left)!, right), a >= b);
  }
});

test('a cluster says what it is, since 1.12 also of which kind', async (t) => {
  const answers = [
    { version: '2.0.6', 'dcos-variant': 'enterprise', 'dcos-image-commit': 'x', 'bootstrap-id': 'y' },
    { version: '1.9.10', 'dcos-image-commit': 'x', 'bootstrap-id': 'y' },
  ];
  const server = await serve(t, (_, response) => json(response, answers.shift()));
  const http = httpTo(server.url);
  const release = parseVersion('2.0.6')!;
  assert.deepEqual(await dcosVersion(http), { version: '2.0.6', release, variant: 'enterprise' });
  assert.equal((await dcosVersion(http)).variant, undefined);
});
