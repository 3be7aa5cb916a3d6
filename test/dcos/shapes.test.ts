// Garbage never becomes a TypeError: an answer is read, or it is said which part of it is not what it should be.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import * as ofAgents from '../../src/dcos/agent-shapes.ts';
import { Misshapen, type Shape } from '../../src/dcos/shape.ts';
import * as ofMarathon from '../../src/dcos/shapes.ts';
import * as ofVersions from '../../src/dcos/version-shapes.ts';
import { recordings } from '../conformance/recordings.ts';

const shapes = { ...ofMarathon, ...ofAgents, ...ofVersions };
const ALL = Object.entries(shapes).filter(
  (entry): entry is [string, Shape<unknown>] =>
    typeof entry[1] === 'object' && 'read' in (entry[1] as object),
);

function readOrMisshapen(shape: Shape<unknown>, json: unknown): void {
  try {
    shape.read(json);
  } catch (error) {
    assert.ok(error instanceof Misshapen, String((error as Error).stack));
  }
}

test('any JSON at all', () => {
  assert.ok(ALL.length > 10);
  for (const [, shape] of ALL) {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => readOrMisshapen(shape, json)),
      { numRuns: 200 },
    );
  }
});

/** Every place in a document. */
function places(json: unknown, at: (string | number)[] = []): (string | number)[][] {
  if (typeof json !== 'object' || json === null) return [at];
  return [
    at,
    ...Object.entries(json).flatMap(([key, value]) =>
      places(value, [...at, Array.isArray(json) ? Number(key) : key]),
    ),
  ];
}

function withValueAt(json: unknown, [key, ...rest]: (string | number)[], value: unknown): unknown {
  if (key === undefined) return value;
  const copy = (Array.isArray(json) ? [...json] : { ...(json as object) }) as Record<
    string | number,
    unknown
  >;
  copy[key] = withValueAt(copy[key], rest, value);
  return copy;
}

test('a real answer with something else in one place', () => {
  const of111 = recordings('marathon-1.11.24');
  const body = (name: string) => of111.find((one) => one.name === name)!.response.body;
  const mesos = recordings('mesos-1.11.1').find(({ name }) => name === '062-master-slaves-with-tasks')!;
  const real: [Shape<unknown>, unknown][] = [
    [shapes.GROUP, body('030-group-all-ready')],
    [shapes.APP, body('032-app-all-ready')],
    [shapes.QUEUE, body('051-no-room-queue')],
    [shapes.DEPLOYMENTS, body('034-deployment-change-node')],
    [shapes.INFO, body('001-info')],
    [shapes.ACCEPTED, body('015-install')],
    [shapes.AGENTS, mesos.response.body],
  ];
  for (const [shape, json] of real) {
    assert.doesNotThrow(() => shape.read(structuredClone(json)));
    const all = places(json);
    fc.assert(
      fc.property(
        fc.constantFrom(...all),
        fc.constantFrom(null, undefined, 7, 'x', true, [], {}, [null]),
        (place, value) => readOrMisshapen(shape, structuredClone(withValueAt(json, place, value))),
      ),
      { numRuns: 150 },
    );
  }
});

test('says which part is wrong', () => {
  const slaves = [
    { id: 'a', hostname: 'h', active: true },
    { hostname: 'h', active: true },
  ];
  assert.throws(() => shapes.AGENTS.read({ slaves }), /^Error: slaves\[1\]\.id is missing$/);
  assert.throws(() => shapes.AGENTS.read([]), /^Error: it is a list, not an object$/);
  assert.throws(() => shapes.DEPLOYMENTS.read([{ id: 4 }]), /^Error: \[0\]\.id is a number, not a text$/);
});

test('a task that is over, and waits to be started again, has no version; one that lives has', () => {
  const app = (task: Record<string, unknown>) => ({
    app: { id: '/calico/node', instances: 1, version: '', tasks: [{ id: 'a', ...task }] },
  });
  const read = shapes.APP.read(app({ state: 'TASK_FAILED' }));
  assert.equal(read.tasks![0]!.version, '');
  assert.throws(() => shapes.APP.read(app({ state: 'TASK_RUNNING' })), /version is missing/);
});
