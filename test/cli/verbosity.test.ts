import assert from 'node:assert/strict';
import { test } from 'node:test';
import { requestLine } from '../../src/cli/request-log.ts';
import { timeoutsFrom } from '../../src/cli/timeouts.ts';
import { verbosityOf } from '../../src/cli/verbosity.ts';
import { UserError } from '../../src/errors.ts';

test('-v counts, and so does that of dcos', () => {
  const of = (line: string, dcos?: string) => verbosityOf(line.split(' '), dcos);
  assert.equal(of('status'), 0);
  assert.equal(of('status -v'), 1);
  assert.equal(of('status -vv'), 2);
  assert.equal(of('-v status --verbose'), 2);
  assert.equal(of('status -yv'), 1);
  assert.equal(of('status -vvv'), 2);
  assert.equal(of('status -- -v'), 0);
  assert.equal(of('status --version-x'), 0);
  assert.equal(of('status', '1'), 1);
  assert.equal(of('status -v', '2'), 2);
  assert.equal(of('status', 'garbage'), 0);
});

test('a request as it is shown', () => {
  const note = {
    method: 'GET' as const,
    path: '/x?a=1',
    outcome: 200,
    ms: 12,
    bytes: 340,
    attempt: 2,
    authenticated: true,
  };
  assert.equal(requestLine(note, 1), 'GET /x 200 12 ms');
  assert.equal(requestLine(note, 2), 'GET /x?a=1 200 12 ms, 340 bytes, attempt 2, Authorization: token=***');
  assert.match(requestLine({ ...note, authenticated: false }, 2), /no login sent/);
});

test('calico.timeout is in seconds', () => {
  assert.deepEqual(timeoutsFrom(undefined), {});
  assert.deepEqual(timeoutsFrom('90'), { connectMs: 90_000, idleMs: 90_000 });
  for (const bad of ['', '0', '-1', 'x', '1e9']) {
    assert.throws(
      () => timeoutsFrom(bad),
      (error) => error instanceof UserError && error.problem.exit === 2,
      bad,
    );
  }
});
