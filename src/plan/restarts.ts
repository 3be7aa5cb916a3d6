// Which agents need a daemon restarted, why, and what that interrupts.
import type { Options } from '../options/types.ts';
import { clusterStore } from '../steps/docker/cluster-store.ts';
import type { PlanInput } from './types.ts';
import type { PlannedAgent, Wave } from './waves.ts';

/** What is known of a restart that an agent needs. */
export interface RestartNeed {
  /** A sentence without its full stop. */
  reason: string;
  /** Names of what it interrupts (`interruptedName`): apps, tasks, containers. Undefined: the agent was not asked. */
  interrupts?: readonly string[];
}

export interface PlannedRestart extends RestartNeed {
  agent: PlannedAgent;
}

/** Why a change of options has Docker restarted on every agent that has the step; undefined: it has not. */
export function restartByOptions(installed: Options | undefined, wanted: Options): string | undefined {
  if (!installed?.docker.enable) return undefined;
  const before = clusterStore(installed);
  if (!wanted.docker.enable) return `Docker keeps the store ${before} until it is restarted`;
  const after = clusterStore(wanted);
  return before === after
    ? undefined
    : `Docker takes ${after} in the place of ${before} only when it is restarted`;
}

/** The same for a change that was written before and did not reach every agent: then the installed options have it already. */
function restartByEarlier({ installed, options }: PlanInput): string | undefined {
  for (const earlier of installed?.previous ?? []) {
    const reason = restartByOptions(earlier.options, options);
    if (reason) return reason;
  }
  return undefined;
}

/**
 * Of the targets, those that are to be restarted.
 *
 * @param pending ids of agents with a step that reports a pending restart
 * @param waiting ids of agents that had Docker's step before, and where it has something to do
 */
export function plannedRestarts(
  targets: readonly PlannedAgent[],
  { pending, waiting }: { pending: ReadonlySet<string>; waiting: ReadonlySet<string> },
  input: PlanInput,
): PlannedRestart[] {
  if (input.noRestart) return [];
  const byOptions = restartByOptions(input.installed?.options, input.options);
  const byEarlier = restartByEarlier(input);
  return targets.flatMap((agent): PlannedRestart[] => {
    const told = input.restarts?.get(agent.id);
    if (told?.reason) return [{ agent, ...told }];
    const interrupts = told?.interrupts ? { interrupts: told.interrupts } : {};
    if (byOptions) return [{ agent, reason: byOptions, ...interrupts }];
    if (pending.has(agent.id)) return [{ agent, reason: 'a step reports it', ...interrupts }];
    if (byEarlier && !told && waiting.has(agent.id)) return [{ agent, reason: byEarlier }];
    return [];
  });
}

/**
 * Of each wave that restarts, what is known to run nowhere but on its agents.
 *
 * @param seen by agent id: what runs there, of agents that were asked
 * @param runsOn by app id: ids of all agents with a task of it, where that is known
 */
export function wholeApps(
  waves: readonly Wave[],
  seen: ReadonlyMap<string, readonly string[]>,
  runsOn: ReadonlyMap<string, readonly string[]> = new Map(),
): { wave: number; agents: PlannedAgent[]; names: string[] }[] {
  const hosts = new Map<string, Set<string>>();
  for (const [agent, names] of seen)
    for (const name of names) hosts.set(name, (hosts.get(name) ?? new Set()).add(agent));
  return waves.flatMap(({ kind, agents }, wave) => {
    if (kind !== 'restart') return [];
    const here = new Set(agents.map(({ id }) => id));
    const names = [...hosts]
      .filter(([name, on]) => [...on, ...(runsOn.get(name) ?? [])].every((id) => here.has(id)))
      .map(([name]) => name)
      .sort();
    return names.length > 0 ? [{ wave, agents, names }] : [];
  });
}
