// Which agent the operator means, or which ones come near.
import { compareAddresses } from './address.ts';
import type { AgentRow } from './model.ts';

export type Found = { row: AgentRow } | { near: string[] };

/**
 * By address or by Mesos' id. An address that has a dead agent and its successor means the living one.
 *
 * @returns the row, or up to five addresses that come nearest
 */
export function findAgent(agents: readonly AgentRow[], wanted: string): Found {
  const rows = agents.filter(({ address, id }) => address === wanted || id === wanted);
  const row = rows.find(({ state }) => state !== 'gone') ?? rows[0];
  if (row) return { row };
  const near = agents
    .map(({ address }) => ({ address, distance: distance(address, wanted) }))
    .filter(({ distance }) => distance <= 3)
    .sort((a, b) => a.distance - b.distance || compareAddresses(a.address, b.address))
    .slice(0, 5)
    .map(({ address }) => address);
  return { near: [...new Set(near)] };
}

/** Levenshtein's, over one row. */
function distance(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > 3) return 4;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
