// What may be superseded when the group is put: what the plan showed, and nothing that was begun since.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MarathonDeployment, MarathonGroup } from '../../src/dcos/types.ts';
import type { UserError } from '../../src/errors.ts';
import type { Carrying } from '../../src/rollout/carry-out.ts';
import { mayForce, turnIsAlone } from '../../src/rollout/guard.ts';

const deployment = (id: string, ...affectedApps: string[]) =>
  ({ id, affectedApps, currentActions: [], steps: [] }) as unknown as MarathonDeployment;
const carrying = (supersedes: string[], stepsIn?: string) =>
  ({ plan: { supersedes }, ...(stepsIn ? { stepsIn } : {}) }) as unknown as Carrying;

test('what the plan showed is superseded if it is open still; what is over needs no force', () => {
  assert.equal(mayForce(carrying(['a']), [deployment('a', '/calico/node')]), true);
  assert.equal(mayForce(carrying(['a']), []), false);
  assert.equal(mayForce(carrying([]), [deployment('x', '/shop/web')]), false);
});

test('what was begun since is somebody else’s, but for what comes and goes with this program', () => {
  assert.throws(
    () => mayForce(carrying(['a']), [deployment('a', '/calico/node'), deployment('b', '/calico/cni')]),
    (error: UserError) => error.problem.code === 'locked' && /deployment b /.test(error.problem.why ?? ''),
  );
  assert.equal(mayForce(carrying([]), [deployment('t', '/calico/ops/turn')]), true);
  assert.equal(mayForce(carrying([], '/calico/ops/removal'), [deployment('b', '/calico/cni')]), false);
});

test('a turn that made the group anew is alone only where no group below has anything, however deep', () => {
  const app = (id: string) => ({ id, version: 'v1', instances: 0 });
  const ops = (groups: unknown[] = [], apps = [app('/calico/ops/turn')]) =>
    ({ id: '/calico', apps: [], groups: [{ id: '/calico/ops', apps, groups }] }) as unknown as MarathonGroup;
  assert.ok(turnIsAlone(ops(), 'v1'));
  assert.ok(!turnIsAlone(ops(), 'v2'), 'another one than was given');
  const test = { id: '/calico/ops/connectivity', apps: [app('/calico/ops/connectivity/keeper')], groups: [] };
  assert.ok(!turnIsAlone(ops([test]), 'v1'), "a colleague's test of the network is below");
  assert.ok(!turnIsAlone(undefined, 'v1'));
});
