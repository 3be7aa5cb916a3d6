// The one document of `uninstall --json`; its schema is schemas/uninstall.json.
import type { UninstallPlan } from '../plan/uninstall.ts';
import type { Workloads } from '../plan/workloads.ts';
import type { UninstallSummary } from '../rollout/uninstall-summary.ts';

/** @param result undefined when nothing was carried out */
export function uninstallDocument(
  plan: UninstallPlan | undefined,
  workloads: Workloads | undefined,
  result?: UninstallSummary & { remains?: string[] },
) {
  return {
    ...(plan
      ? {
          plan: {
            kind: plan.kind,
            steps: plan.steps,
            changes: plan.changes,
            freed: plan.freed.map(({ task, reason }) => ({ task: task.id, host: task.host ?? '', reason })),
            maxConcurrent: plan.maxConcurrent,
            maxFailures: plan.maxFailures,
            waves: plan.waves.map(({ kind, agents }) => ({ kind, agents })),
            restarts: plan.restarts ?? [],
            owed: plan.owed,
            outOfReach: plan.outOfReach,
            untouched: plan.untouched,
            numbers: plan.numbers,
          },
        }
      : {}),
    ...(workloads ? { workloads } : {}),
    ...(result
      ? {
          result: {
            outcome: result.outcome,
            what: result.what,
            owed: result.owed,
            ...(result.remains ? { remains: result.remains } : {}),
            next: result.next,
          },
        }
      : {}),
  };
}
