// Who has Calico as far as anybody was told: the record that outlives Mesos' list and Marathon's tasks.
import type { MesosAgent } from '../dcos/types.ts';
import type { InstalledOptions } from '../steps/options-app.ts';
import type { GroupTasks } from './agent-state.ts';
import { compareHosts } from './agent-type.ts';
import type { Classified } from './classify.ts';
import type { LeftOut } from './types.ts';

/**
 * The record with those that get a turn now: an agent is in it before anything is changed there.
 *
 * @param writes whether `/calico/options` is written anyway. Only then is a record begun that an earlier version did not keep, and are
 *   those taken into it that were found as wanted
 */
export function coveredBy(
  { covered }: Pick<InstalledOptions, 'covered'>,
  { targets, ready }: Pick<Classified, 'targets' | 'ready'>,
  tasks: GroupTasks,
  writes: boolean,
): string[] | undefined {
  if (!covered && !writes) return undefined;
  const before = covered ?? tasks.all.flatMap(({ host }) => (host ? [host] : []));
  const hosts = new Set([...before, ...targets.map(({ host }) => host)]);
  if (writes) for (const { host } of ready) hosts.add(host);
  return hosts.size === new Set(before).size && covered ? covered : [...hosts].sort(compareHosts);
}

/** Agents that have Calico, and that neither Mesos nor Marathon knows any more. */
export function goneHosts(
  { covered = [] }: Pick<InstalledOptions, 'covered'>,
  agents: readonly Pick<MesosAgent, 'hostname'>[],
  tasks: GroupTasks,
): string[] {
  if (covered.length === 0) return [];
  const listed = new Set(agents.map(({ hostname }) => hostname));
  const unlisted = covered.filter((host) => !listed.has(host));
  if (unlisted.length === 0) return [];
  const withTasks = new Set(tasks.all.map(({ host }) => host));
  return unlisted.filter((host) => !withTasks.has(host));
}

/** The same as agents that nothing can be done on now. */
export function goneAgents(
  installed: Pick<InstalledOptions, 'covered'>,
  agents: readonly Pick<MesosAgent, 'hostname'>[],
  tasks: GroupTasks,
): LeftOut[] {
  return goneHosts(installed, agents, tasks).map((host) => ({
    agent: { id: host, host, type: 'private' },
    kind: 'unreachable',
    reason: 'gone: Mesos does not list it, and Marathon has forgotten its tasks',
  }));
}
