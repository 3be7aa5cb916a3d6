// Whose own files go into the archive: all of a small cluster, the worst of a large one.
import { type AgentRow, type ClusterStatus, GOOD, LEFT_ALONE } from '../status/model.ts';

/** Agents that are not ready, worst first; then some that are, to compare with. */
export const MOST = { notReady: 20, ready: 5 };

export interface Sample {
  rows: AgentRow[];
  /** Agents that are not ready and are left out. */
  leftOut: number;
}

/** @param named rows that are asked for by name; undefined: a sample of all */
export function sampleOf({ agents }: ClusterStatus, named?: readonly AgentRow[]): Sample {
  if (named) return { rows: [...named], leftOut: 0 };
  const withTasks = agents.filter(({ cells }) => cells.some(({ taskId }) => taskId));
  const isGood = ({ state }: AgentRow) => GOOD.has(state) || LEFT_ALONE.has(state);
  const bad = withTasks.filter((row) => !isGood(row));
  return {
    rows: [...bad.slice(0, MOST.notReady), ...withTasks.filter(isGood).slice(0, MOST.ready)],
    leftOut: Math.max(0, bad.length - MOST.notReady),
  };
}
