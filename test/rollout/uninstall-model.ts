// Uninstalls on the model, by the same decisions as the real ones.
import assert from 'node:assert/strict';
import type { Plan } from '../../src/plan/types.ts';
import { makeUninstallPlan, narrowedGroup } from '../../src/plan/uninstall.ts';
import type { ModelCluster } from './model.ts';
import { runOnModel } from './run-model.ts';

/** One `dcos calico uninstall`, cut off after so many actions. Returns who is owed, or undefined if it was cut off. */
export function uninstall(cluster: ModelCluster, most = 10_000, restart = true): string[] | undefined {
  const input = () => {
    const { installed: now, ...rest } = cluster.input();
    return { ...rest, installed: now!, restart };
  };
  if (cluster.apps.length === 0) return [];
  const plan = makeUninstallPlan(input());
  assert.equal(plan.refusal, undefined);
  const { ending } = runOnModel(cluster, plan as unknown as Plan, most);
  if (!ending) return undefined;
  const left = makeUninstallPlan(input());
  if (left.owed.length === 0) cluster.apps = [];
  else if (ending.do === 'finish') {
    const group = narrowedGroup(input(), left);
    if (group) cluster.put(group);
    cluster.place();
  }
  return left.owed;
}
