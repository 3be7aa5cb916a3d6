// What became different between two looks at the cluster.
import type { AgentRow, AgentState, ClusterStatus } from './model.ts';

export interface AgentChange {
  address: string;
  /** Undefined: the agent was not there. */
  before: AgentState | undefined;
  /** Undefined: it is not there any more. */
  row: AgentRow | undefined;
}

/** Agents whose state or reason changed, in the order of the newer status; then those that are gone. */
export function changes(before: ClusterStatus, after: ClusterStatus): AgentChange[] {
  const old = new Map(before.agents.map((row) => [row.id, row]));
  const found: AgentChange[] = [];
  for (const row of after.agents) {
    const was = old.get(row.id);
    old.delete(row.id);
    if (was && was.state === row.state && was.reason === row.reason) continue;
    found.push({ address: row.address, before: was?.state, row });
  }
  for (const was of old.values()) found.push({ address: was.address, before: was.state, row: undefined });
  return found;
}
