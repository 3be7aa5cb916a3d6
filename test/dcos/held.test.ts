// What an answer may leave out, but not have of another kind.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AGENTS } from '../../src/dcos/agent-shapes.ts';
import { Misshapen } from '../../src/dcos/shape.ts';
import { APP, DEPLOYMENTS, QUEUE } from '../../src/dcos/shapes.ts';

const agent = { id: 'S1', hostname: '10.0.1.11', active: true };
const app = { id: '/calico/node', instances: 1, version: '2026-11-24T03:54:09.383Z' };
const task = { id: 't', state: 'TASK_RUNNING', version: app.version };

const refused = (read: () => unknown, place: RegExp): void =>
  assert.throws(read, (error: Error) => {
    assert.ok(error instanceof Misshapen, String(error));
    assert.match(error.message, place);
    return true;
  });

test('of agents', () => {
  const read = (more: object) => AGENTS.read({ slaves: [{ ...agent, ...more }] }).agents[0]!;
  assert.deepEqual([read({}).version, read({}).registered_time], ['', 0]);
  refused(() => read({ used_resources_full: {} }), /slaves\[0\]\.used_resources_full is an object/);
  refused(() => read({ used_resources_full: [5] }), /used_resources_full/);
  refused(() => read({ drain_info: 'DRAINING' }), /drain_info is a text/);
  refused(() => read({ registered_time: 1e308 }), /registered_time/);
  refused(() => read({ attributes: { public_ip: {} } }), /attributes\.public_ip/);
  refused(() => read({ used_resources: { ports: 5 } }), /used_resources\.ports is a number/);
  refused(() => read({ version: 5 }), /version is a number/);
});

test('of apps and their tasks', () => {
  const read = (more: object) => APP.read({ app: { ...app, ...more } });
  assert.equal(read({ tasks: [{ ...task, stagedAt: '2026-99-99' }] }).tasks?.[0]?.stagedAt, undefined);
  assert.deepEqual(read({ env: { A: 'b', SECRET: { secret: 's0' } } }).env, { A: 'b', SECRET: '' });
  assert.deepEqual(read({ versionInfo: null, lastTaskFailure: null, constraints: null }).constraints, []);
  const [checked] = read({ tasks: [{ ...task, healthCheckResults: [null, { alive: true }] }] }).tasks!;
  assert.deepEqual(checked!.healthCheckResults, [{ alive: true }]);
  refused(() => read({ version: null }), /app\.version/);
  refused(() => read({ constraints: [['hostname', 5]] }), /app\.constraints is a number/);
  refused(() => read({ lastTaskFailure: [] }), /lastTaskFailure is a list/);
  refused(() => read({ tasks: [{ ...task, appId: 5 }] }), /tasks\[0\]\.appId is a number/);
  refused(() => read({ tasks: [{ ...task, checkResult: { command: { exitCode: 'x' } } }] }), /exitCode/);
  refused(() => read({ tasks: [{ ...task, ipAddresses: [{}] }] }), /ipAddresses/);
});

test('of deployments and the queue', () => {
  const deployment = { id: 'd', affectedApps: [] };
  refused(() => DEPLOYMENTS.read([{ ...deployment, currentActions: 'x' }]), /currentActions is a text/);
  const item = { count: 1, delay: {} };
  refused(() => QUEUE.read({ queue: [{ ...item, app: { id: 5 } }] }), /app\.id is a number/);
  refused(
    () => QUEUE.read({ queue: [{ ...item, lastUnusedOffers: [{ offer: {}, reason: [5] }] }] }),
    /reason/,
  );
});
