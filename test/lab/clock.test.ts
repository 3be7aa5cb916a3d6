import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { VirtualClock } from '../../src/lab/clock.ts';

test('timers run in the order of their times, those of one time in the order set, cancelled ones never', () => {
  const timers = fc.array(fc.record({ ms: fc.nat(50), cancelled: fc.boolean() }), { maxLength: 200 });
  fc.assert(
    fc.property(timers, (wanted) => {
      const clock = new VirtualClock(1000);
      const seen: { index: number; at: number }[] = [];
      wanted.forEach(({ ms, cancelled }, index) => {
        const timer = clock.after(ms, () => seen.push({ index, at: clock.now() }));
        if (cancelled) timer.cancel();
      });
      const expected = wanted
        .map(({ ms, cancelled }, index) => ({ index, at: 1000 + ms, cancelled }))
        .filter(({ cancelled }) => !cancelled)
        .sort((a, b) => a.at - b.at || a.index - b.index)
        .map(({ index, at }) => ({ index, at }));
      assert.equal(clock.waiting, expected.length);
      clock.advance(20);
      assert.deepEqual(
        seen,
        expected.filter(({ at }) => at <= 1020),
      );
      clock.advance(30);
      assert.deepEqual(seen, expected);
      assert.equal(clock.now(), 1050);
    }),
  );
});

test('a timer that is set while time passes runs in the same go if it is due', () => {
  const clock = new VirtualClock(0);
  const seen: number[] = [];
  const again = () => {
    seen.push(clock.now());
    if (seen.length < 4) clock.after(10, again);
  };
  clock.after(10, again);
  clock.advance(35);
  assert.deepEqual(seen, [10, 20, 30]);
});
