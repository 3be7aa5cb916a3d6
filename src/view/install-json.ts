// The one document of `install --json`; its schema is schemas/install.schema.json.
import type { Finding } from '../checks/types.ts';
import type { Plan } from '../plan/types.ts';
import type { Summary } from '../rollout/summary.ts';
import type { ClusterStatus } from '../status/model.ts';

/** The plan without what only this program can use: scripts of the apps are long, and in the DC/OS UI. */
function planDocument(plan: Plan) {
  const { kind, steps, changes, waves, leftOut, ready, numbers, warnings, differences, refusal } = plan;
  return {
    kind,
    ...(refusal ? { refusal } : {}),
    steps,
    changes,
    effects: plan.effects ?? [],
    restarts: plan.restarts ?? [],
    removing: plan.removing ?? [],
    takenUp: plan.takenUp ?? [],
    ...(plan.repairs ? { repairs: plan.repairs } : {}),
    freed: plan.freed.map(({ task, reason }) => ({ task: task.id, host: task.host ?? '', reason })),
    maxConcurrent: plan.maxConcurrent,
    maxFailures: plan.maxFailures,
    waves: waves.map(({ kind, agents }) => ({ kind, agents })),
    ready,
    leftOut,
    numbers,
    differences,
    warnings,
  };
}

/** @param result undefined when nothing was carried out */
export function installDocument(
  plan: Plan | undefined,
  findings: readonly Finding[],
  result?: { summary: Pick<Summary, 'outcome' | 'next'> & { what?: string }; status?: ClusterStatus },
) {
  return {
    ...(plan ? { plan: planDocument(plan) } : {}),
    findings,
    ...(result
      ? {
          result: {
            outcome: result.summary.outcome,
            ...(result.summary.what ? { what: result.summary.what } : {}),
            ...(result.status
              ? {
                  totals: result.status.totals,
                  notReady: result.status.agents
                    .filter(({ state }) => state !== 'ready')
                    .map(({ address, id, state, reason }) => ({ address, id, state, reason })),
                }
              : {}),
            next: result.summary.next,
          },
        }
      : {}),
  };
}
