import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  add,
  type Bundle,
  fits,
  hasPort,
  PRIVATE_PORTS,
  PUBLIC_PORTS,
  portsText,
  subtract,
} from '../../../src/lab/mesos/resources.ts';

const total: Bundle = { cpus: 4, mem: 4096, disk: 1000, ports: PRIVATE_PORTS };

const parts = fc.array(
  fc.record({
    cpus: fc.integer({ min: 1, max: 100 }).map((n) => n / 1000),
    mem: fc.integer({ min: 1, max: 64 }),
    disk: fc.constant(0),
    port: fc.integer({ min: 1, max: 33_000 }),
  }),
  { maxLength: 20 },
);

test('what is taken and given back leaves what was there', () => {
  fc.assert(
    fc.property(parts, (wanted) => {
      let free = total;
      const held: Bundle[] = [];
      for (const { port, ...scalars } of wanted) {
        const bundle: Bundle = { ...scalars, ports: hasPort(free.ports, port) ? [[port, port]] : [] };
        assert.ok(fits(bundle, free));
        free = subtract(free, bundle);
        assert.ok(!hasPort(free.ports, port));
        held.push(bundle);
      }
      const back = held.reduce(add, free);
      assert.deepEqual(back.ports, total.ports);
      assert.ok(Math.abs(back.cpus - total.cpus) < 1e-9);
      assert.equal(back.mem, total.mem);
    }),
  );
});

test('ports are written as Mesos writes them, and left out when there are none', () => {
  assert.equal(portsText(PUBLIC_PORTS), '[1-21, 23-5050, 5052-32000]');
  assert.equal(portsText([]), undefined);
  assert.equal(
    portsText(subtract(total, { cpus: 0, mem: 0, disk: 0, ports: [[2379, 2379]] }).ports.slice(1, 3)),
    '[2182-2378, 2380-3887]',
  );
});

test('sums have the noise of floating point, remainders have not', () => {
  const tenth: Bundle = { cpus: 0.1, mem: 32, disk: 0, ports: [] };
  assert.equal(add(add(tenth, tenth), tenth).cpus, 0.30000000000000004);
  assert.equal(subtract(subtract(subtract(total, tenth), tenth), tenth).cpus, 3.7);
});

test('a port outside the ranges, or a millionth too much, does not fit', () => {
  assert.ok(!fits({ cpus: 0, mem: 0, disk: 0, ports: [[5051, 5051]] }, total));
  assert.ok(!fits({ cpus: 4.001, mem: 0, disk: 0, ports: [] }, total));
  assert.ok(fits({ cpus: 4, mem: 4096, disk: 1000, ports: [[2379, 2379]] }, total));
});
