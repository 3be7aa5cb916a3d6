// What may be superseded when the group is put: what the plan showed, and nothing that was begun since.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MarathonDeployment } from '../../src/dcos/types.ts';
import type { UserError } from '../../src/errors.ts';
import type { Carrying } from '../../src/rollout/carry-out.ts';
import { mayForce } from '../../src/rollout/guard.ts';

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
