import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MarathonTask } from '../../src/dcos/types.ts';
import { agentStepStates, GroupTasks, isReady, isWanted } from '../../src/plan/agent-state.ts';
import { agent, app, groupOf, T0, T1, task } from './cluster.ts';

const one = agent('10.0.1.11');
const docker = (tasks: MarathonTask[], change = {}) =>
  agentStepStates(
    one,
    ['docker'],
    new GroupTasks({ id: '/calico', apps: [app('docker', tasks, change)] }),
    'check',
  )[0]!.state;

test('what a step reports, and what is known without a report', () => {
  assert.equal(docker([]), 'no task');
  assert.equal(docker([task('docker', one, 0)]), 'ready');
  assert.equal(docker([task('docker', one, 11)]), 'waiting for turn');
  assert.equal(docker([task('docker', one, 127)]), 'no report');
  assert.equal(docker([task('docker', one, undefined)]), 'no report');
  assert.equal(docker([task('docker', one, undefined, { state: 'TASK_STAGING' })]), 'starting');
  assert.equal(docker([task('docker', one, 0, { state: 'TASK_UNREACHABLE' })]), 'unreachable');
  assert.equal(docker([task('docker', one, 0, { state: 'TASK_FAILED' })]), 'no task');
});

test('a task of another agent at the same address does not count', () => {
  assert.equal(docker([task('docker', one, 0, { slaveId: 'S-earlier' })]), 'no task');
});

test('of two tasks the newest counts', () => {
  const change = { version: T1, versionInfo: { lastScalingAt: T1, lastConfigChangeAt: T1 } };
  assert.equal(docker([task('docker', one, 0)], change), 'old version');
  assert.equal(docker([task('docker', one, 0), task('docker', one, 12, { version: T1 })], change), 'working');
});

test('scaling leaves tasks wanted, a rollback makes the newer ones unwanted', () => {
  const scaled = app('docker', [], {
    version: T1,
    versionInfo: { lastScalingAt: T1, lastConfigChangeAt: T0 },
  });
  assert.ok(isWanted(task('docker', one, 0), scaled));
  assert.ok(isWanted(task('docker', one, 0, { version: T1 }), scaled));
  assert.ok(!isWanted(task('docker', one, 0, { version: T1 }), app('docker', [])));
});

test('with the health check as carrier only ready is told', () => {
  const alive = task('docker', one, undefined, {
    healthCheckResults: [{ alive: true, consecutiveFailures: 0 }],
  });
  const tasks = (which: MarathonTask) => new GroupTasks({ id: '/calico', apps: [app('docker', [which])] });
  assert.ok(isReady(agentStepStates(one, ['docker'], tasks(alive), 'health')));
  assert.equal(
    agentStepStates(one, ['docker'], tasks(task('docker', one, 0)), 'health')[0]!.state,
    'no report',
  );
});

test('an agent is ready when all of its steps are', () => {
  const steps = ['docker', 'node'] as const;
  const group = groupOf([one], (_, step) => (step === 'node' ? 12 : 0));
  assert.ok(!isReady(agentStepStates(one, steps, new GroupTasks(group), 'check')));
  assert.ok(isReady(agentStepStates(one, ['docker'], new GroupTasks(group), 'check')));
});
