// The document of `dcos calico status --json`, as `schemas/status.json` describes it.
import type { AgentRow, ClusterStatus, StepCell } from '../status/model.ts';
import { isGoingOn, isHealthy } from '../status/verdict.ts';
import { plainText } from './plain-text.ts';

/** @param agents those to list; the totals are always the whole cluster's */
export function statusDocument(
  status: ClusterStatus,
  agents: readonly AgentRow[] = status.agents,
): Record<string, unknown> {
  const document = {
    calico: status.calico,
    healthy: isHealthy(status),
    goingOn: isGoingOn(status),
    readAt: new Date(status.readAt).toISOString(),
    marathon: status.marathon,
    steps: status.steps,
    totals: status.totals,
    notAsked: status.notAsked,
    agents: agents.map(agentObject),
    notes: status.notes,
    change: status.change ?? null,
    turn: status.turn ?? null,
  };
  return plain(document) as Record<string, unknown>;
}

function agentObject({ address, id, type, state, reason, since, mesos, cells }: AgentRow) {
  return {
    address,
    id,
    type,
    state,
    reason,
    since: since ?? null,
    mesos: mesos ?? null,
    steps: Object.fromEntries(cells.map((cell) => [cell.step, stepObject(cell)])),
  };
}

function stepObject({ state, reason, taskId, version, startedAt, report, log }: StepCell) {
  return {
    state,
    reason,
    task: taskId ?? null,
    version: version ?? null,
    startedAt: startedAt ?? null,
    report: report
      ? {
          state: report.state,
          reason: report.reason,
          needs: report.needs,
          wanted: report.wanted,
          found: report.found,
          detail: report.detail,
          checkedAt: report.checkedAt,
        }
      : null,
    log: log ?? null,
  };
}

/** Text from the cluster without anything that a terminal acts on, in keys as well as in values. */
function plain(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, of]) => [plainText(key), plain(of)]));
}
