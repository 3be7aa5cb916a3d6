import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { retryDelayMs } from '../../src/dcos/retries.ts';

test('delays grow, differ from client to client, and stay between bounds whatever a server asks for', () => {
  const header = fc.oneof(
    fc.nat().map(String),
    fc.string(),
    fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 40 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.option(header),
      (attempt, drawn, after) => {
        const delay = retryDelayMs(attempt, after ? { 'retry-after': after } : {}, () => drawn);
        assert.ok(delay >= 125 && delay <= 30_000, String(delay));
        if (!after) assert.equal(delay, Math.min(30_000, 250 * 2 ** (attempt - 1) * (0.5 + drawn)));
      },
    ),
  );
});
