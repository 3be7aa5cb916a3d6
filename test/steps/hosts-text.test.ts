import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { hostsIn, hostsText } from '../../src/steps/hosts-text.ts';

test('neighbours are ranges, names stand as they are', () => {
  assert.equal(
    hostsText(['10.0.1.13', '10.0.1.11', 'agent-7.example', '10.0.2.20', '10.0.1.12', '10.0.1.20']),
    '10.0.1.11-13 10.0.1.20 10.0.2.20 agent-7.example',
  );
  assert.equal(hostsText([]), '');
  assert.deepEqual(hostsIn(''), []);
});

test('what was written is read again, whatever the hosts', () => {
  const host = fc.oneof(
    fc.ipV4(),
    fc
      .tuple(fc.constantFrom('10.0.1', '10.0.2'), fc.nat({ max: 255 }))
      .map(([net, last]) => `${net}.${last}`),
    fc.constantFrom('agent-1-2', '10.0.1.1-300', 'fe80::1', 'a.b.c.d'),
  );
  fc.assert(
    fc.property(fc.array(host), (hosts) => {
      assert.deepEqual(hostsIn(hostsText(hosts)).sort(), [...new Set(hosts)].sort());
    }),
  );
});

test('five thousand agents in networks of 250 fit into a line', () => {
  const hosts = Array.from({ length: 5000 }, (_, index) => `10.1.${Math.floor(index / 250)}.${index % 250}`);
  assert.ok(hostsText(hosts).length < 500);
});
