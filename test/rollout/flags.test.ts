import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UserError } from '../../src/errors.ts';
import { canaryFlag, excludeFlag, untilTime } from '../../src/rollout/flags.ts';
import { commandLine, inEarnest, whoChanges } from '../../src/rollout/who.ts';

test('--canary: a count, a percentage, or agents', () => {
  assert.equal(canaryFlag('2'), 2);
  assert.equal(canaryFlag('0'), 0);
  assert.equal(canaryFlag('5%'), '5%');
  assert.deepEqual(canaryFlag('10.0.1.11,10.0.2.20,10.0.1.11'), ['10.0.1.11', '10.0.2.20']);
  for (const bad of ['', ',', '-1 2', '200%', 'a b'])
    assert.throws(
      () => canaryFlag(bad),
      (error: UserError) => error.problem.code === 'bad-canary',
      bad,
    );
});

test('--exclude: several, or several in one', () => {
  assert.deepEqual(excludeFlag([]), {});
  assert.deepEqual(excludeFlag(['10.0.1.11', '10.0.1.12,10.0.1.11']), {
    rollout: { exclude: ['10.0.1.11', '10.0.1.12'] },
  });
});

test('--until: a time of day is the next one, a duration counts from now, a date stands', () => {
  const now = new Date(2026, 10, 24, 20, 0, 0).getTime();
  assert.equal(untilTime('22:00', now), new Date(2026, 10, 24, 22, 0, 0).getTime());
  assert.equal(untilTime('6:30', now), new Date(2026, 10, 25, 6, 30, 0).getTime());
  assert.equal(untilTime('2h', now), now + 7_200_000);
  assert.equal(untilTime('2026-12-01T00:00:00Z', now), Date.parse('2026-12-01T00:00:00Z'));
  for (const bad of ['soon', '25:00', '2020-01-01', '2026-99-99'])
    assert.throws(
      () => untilTime(bad, now),
      (error: UserError) => error.problem.exit === 2,
      bad,
    );
});

test('who: the user of the login, else of this machine, and never the token', () => {
  const person = { user: 'anna', host: 'laptop' };
  const claims = Buffer.from(JSON.stringify({ uid: 'anna@example.com' })).toString('base64url');
  assert.equal(whoChanges(`h.${claims}.s`, person), 'anna@example.com on laptop');
  for (const token of [undefined, '', 'no-jwt', 'a.b.c', `a.${Buffer.from('[]').toString('base64url')}.c`])
    assert.equal(whoChanges(token, person), 'anna@laptop');
});

test('the command is recorded as a shell takes it', () => {
  assert.equal(
    commandLine(['install', '--set', 'node.ipip=always', '-m', "it's time"]),
    `dcos calico install --set node.ipip=always -m 'it'\\''s time'`,
  );
});

test('the command that does what was looked at keeps all its other flags', () => {
  const typed = (...words: string[]) => inEarnest(commandLine(words));
  assert.equal(
    typed('install', '--dry-run', '--set', 'node.ipip=always', '--json'),
    'dcos calico install --set node.ipip=always',
  );
  assert.equal(
    typed('diff', '--options', 'diff', '-m', 'no --dry-run any more'),
    "dcos calico install --options diff -m 'no --dry-run any more'",
  );
  assert.equal(
    typed('restart', '-m', 'a --dry-run b', '--dry-run'),
    "dcos calico restart -m 'a --dry-run b'",
  );
  assert.equal(typed('install', '--dry-runs'), 'dcos calico install --dry-runs');
});
