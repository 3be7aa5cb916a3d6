// Who is to be brought back: agents that went bad, joined or were replaced. Whoever waits for a rollout to go on is none of them.
import { findAgent } from './find-agent.ts';
import type { AgentRow, AgentState, ClusterStatus } from './model.ts';

const BAD: ReadonlySet<AgentState> = new Set<AgentState>([
  'failed',
  'stands back',
  'drifted',
  'no report',
  'not covered',
]);

/** Why an agent is to be repaired; undefined: it is not. */
function why(row: AgentRow, changedAt: number | undefined): string | undefined {
  if (BAD.has(row.state)) return `${row.state}${row.reason ? `: ${row.reason}` : ''}`;
  if (row.state !== 'waiting' && row.state !== 'installing') return undefined;
  if (row.cells.some(({ state }) => state === 'old version'))
    return 'its tasks are those of an earlier version';
  const registered = row.mesos && Date.parse(row.mesos.registeredAt);
  if (registered !== undefined && changedAt !== undefined && registered > changedAt)
    return 'joined, or was replaced, since the options were last set';
  return undefined;
}

/** Of those that are to be repaired, the ones that joined or were replaced: nothing that they had is touched. */
export function joinedOnly(status: ClusterStatus): Map<string, string> {
  const bad = new Set(
    status.agents.filter(({ state }) => BAD.has(state) && state !== 'not covered').map(({ id }) => id),
  );
  return new Map([...toRepair(status)].filter(([id, reason]) => !bad.has(id) && !OLD.test(reason)));
}

/** Apps that a plan would put back on all agents. Where nobody looks, it would undo what an install of another version has just done. */
const PUT_BACK: ReadonlySet<string> = new Set(['edited', 'app-missing']);

/**
 * Why agents that joined are to be left alone now; undefined: they are not. A rollout is somebody's, and so is a pause, and so are apps
 * that are not as this version makes them.
 *
 * @param paused who asked for a pause, with why
 */
export function heldUp(status: ClusterStatus, paused: string | undefined): string | undefined {
  if (paused) return `a rollout was paused by ${paused}`;
  if (status.turn?.goingOn) return 'a rollout is under way';
  if (status.calico === 'being removed') return 'Calico is being taken off';
  const others = status.notes.filter(({ code }) => PUT_BACK.has(code)).map(({ text }) => text);
  if (others.length > 0)
    return `what an install would put back is left to a person, or to the version that put it there (${others.join('; ')})`;
  const joined = joinedOnly(status);
  const waiting = status.agents.filter(
    ({ id, state }) => (state === 'waiting' || state === 'installing') && !joined.has(id),
  );
  if (waiting.length > 0)
    return `a rollout waits to go on (${waiting.length === 1 ? '1 agent' : `${waiting.length} agents`})`;
  return undefined;
}

const OLD = /^its tasks are those of an earlier version$/;

/** By agent id, why each is to be repaired. @param named addresses or ids; empty: whoever needs it */
export function toRepair(status: ClusterStatus, named: readonly string[] = []): Map<string, string> {
  const changedAt = status.change ? Date.parse(status.change.when) : undefined;
  const rows =
    named.length === 0
      ? status.agents
      : named.flatMap((one) => {
          const found = findAgent(status.agents, one);
          return 'row' in found ? [found.row] : [];
        });
  const found = new Map<string, string>();
  for (const row of rows) {
    const reason = why(row, changedAt) ?? (named.length > 0 && row.state !== 'ready' ? row.state : undefined);
    if (reason) found.set(row.id, reason);
  }
  return found;
}

/** Of the names, those that mean no agent. */
export function unknownOf(status: ClusterStatus, named: readonly string[]): string[] {
  return named.filter((one) => !('row' in findAgent(status.agents, one)));
}
