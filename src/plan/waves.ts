// Which agents get their turn, and in what order.
import type { RolloutOptions } from '../options/types.ts';
import { type AgentType, compareHosts } from './agent-type.ts';
import { type Resolved, resolveCount } from './count.ts';

export interface PlannedAgent {
  id: string;
  host: string;
  type: AgentType;
}

export interface Wave {
  /** `canary` and `restart`: any failure stops; `rollout`: more than the budget does; `retry`: none does. Only `restart` restarts. */
  kind: 'canary' | 'rollout' | 'restart' | 'retry';
  agents: PlannedAgent[];
}

export interface WaveInput {
  /** Agents that need a turn. */
  targets: readonly PlannedAgent[];
  /** Ids of those of them that had failed before we came: one more try each, at the end. */
  failedBefore: ReadonlySet<string>;
  /** Agents that are ready already. */
  ready: readonly PlannedAgent[];
  rollout: RolloutOptions;
  /** Ids of the targets that are restarted in their turn. */
  restarts?: ReadonlySet<string>;
}

export interface Waves {
  waves: Wave[];
  maxConcurrent: Resolved;
  maxFailures: Resolved;
}

/** A percentage of a small cluster is next to nothing (options schema, `max-concurrent`). */
const FLOOR = 5;

const TYPES: readonly AgentType[] = ['private', 'public'];

/** Private before public, then by address. */
export function inOrder(agents: readonly PlannedAgent[]): PlannedAgent[] {
  return [...agents].sort(
    (a, b) => TYPES.indexOf(a.type) - TYPES.indexOf(b.type) || compareHosts(a.host, b.host),
  );
}

/**
 * The canary. Counts mean private and public agents apart. Agents that are ready already have been canaries: only what is left of
 * the count is chosen, so that an interrupted rollout does not begin with one again and an agent that joined needs none.
 */
function canary(fresh: readonly PlannedAgent[], { rollout, ready }: WaveInput): PlannedAgent[] {
  const wanted = rollout.canary;
  if (Array.isArray(wanted)) return fresh.filter((agent) => wanted.includes(agent.host));
  return (['private', 'public'] as const).flatMap((type) => {
    const of = (agents: readonly PlannedAgent[]) => agents.filter((agent) => agent.type === type);
    const { count } = resolveCount(wanted, of(fresh).length + of(ready).length);
    return of(fresh).slice(0, Math.max(0, count - of(ready).length));
  });
}

/** The waves in their order; no agent is in two of them, and none has more agents than may change at a time. */
export function planWaves(input: WaveInput): Waves {
  const { rollout, targets, failedBefore, ready, restarts = new Set() } = input;
  const all = targets.length + ready.length;
  const maxConcurrent = resolveCount(rollout['max-concurrent'], all, { atLeast: FLOOR });
  const maxFailures = resolveCount(rollout['max-failures'], all);
  const size = Math.max(1, maxConcurrent.count);

  const whole = inOrder(targets.filter((agent) => !failedBefore.has(agent.id)));
  const fresh = whole.filter(({ id }) => !restarts.has(id));
  const restarted = whole.filter(({ id }) => restarts.has(id));
  const again = inOrder(targets.filter((agent) => failedBefore.has(agent.id)));
  const first = canary(fresh, input);
  const rest = fresh.filter((agent) => !first.includes(agent));

  const waves: Wave[] = [];
  for (const agents of chunks(first, size)) waves.push({ kind: 'canary', agents });
  for (const agents of chunks(rest, size)) waves.push({ kind: 'rollout', agents });
  // Public agents one at a time and last: each is a door to the cluster, and there are few of them.
  const most = rollout['max-concurrent-restarts'];
  for (const agents of chunks(restarted.filter(isPrivate), most)) waves.push({ kind: 'restart', agents });
  for (const agent of restarted.filter((one) => !isPrivate(one)))
    waves.push({ kind: 'restart', agents: [agent] });
  for (const agents of chunks(again, size)) waves.push({ kind: 'retry', agents });
  return { waves, maxConcurrent, maxFailures };
}

const isPrivate = ({ type }: PlannedAgent) => type === 'private';

function chunks<T>(items: readonly T[], size: number): T[][] {
  const found: T[][] = [];
  for (let at = 0; at < items.length; at += size) found.push(items.slice(at, at + size));
  return found;
}
