// Whether an agent can have the tasks of our apps, and if not, why: for the plan and for the table of `status` alike.
import type { MarathonTask, MesosAgent } from '../dcos/types.ts';
import type { Options } from '../options/types.ts';
import { isWindows } from './agent-type.ts';
import { isReservedToOthers, type Shortage, shortages, type TaskNeeds } from './room.ts';

export type LeftOutKind =
  | 'excluded'
  | 'windows'
  | 'deactivated'
  | 'draining'
  | 'inactive'
  | 'reserved'
  | 'no room';

export interface Eligibility {
  eligible: boolean;
  /** Why not; undefined when eligible. */
  kind?: LeftOutKind;
  /** The same for people, without a full stop: "no room: CPU 0.05 free, 0.12 needed". */
  reason?: string;
  shortages?: Shortage[];
}

/** Two decimals at most, no trailing zeroes. */
const figure = (value: number) => String(Math.round(value * 100) / 100);

function shortageText(shortage: Shortage): string {
  switch (shortage.resource) {
    case 'cpus':
      return `${figure(shortage.needs)} CPU needed, ${figure(shortage.free)} free`;
    case 'mem':
      return `${figure(shortage.needs)} MiB of memory needed, ${figure(shortage.free)} free`;
    case 'disk':
      return `${figure(shortage.needs)} MiB of disk needed, ${figure(shortage.free)} free`;
    case 'ports':
      return `port ${shortage.port} is not free`;
  }
}

function no(kind: LeftOutKind, reason: string, more: Partial<Eligibility> = {}): Eligibility {
  return { eligible: false, kind, reason, ...more };
}

/**
 * Whether Marathon can bring every app's task to the agent.
 *
 * @param apps what each app's task takes: definitions or apps as read, the turn's included if the agent needs one
 * @param options the options in force; only `rollout.exclude` counts
 * @param tasks our tasks on this very agent: what they hold is not asked for again
 */
export function eligibility(
  agent: MesosAgent,
  apps: readonly TaskNeeds[],
  options: Pick<Options, 'rollout'>,
  tasks: readonly MarathonTask[] = [],
): Eligibility {
  if (options.rollout.exclude.includes(agent.hostname)) return no('excluded', 'excluded by the options');
  if (isWindows(agent)) return no('windows', 'a Windows agent');
  const drain = agent.drain_info?.state;
  if (drain === 'DRAINING') return no('draining', 'draining');
  if (drain === 'DRAINED') return no('deactivated', 'drained, and not reactivated');
  if (agent.deactivated) return no('deactivated', 'deactivated');
  if (!agent.active) return no('inactive', 'inactive: its Mesos agent does not answer');
  if (isReservedToOthers(agent)) return no('reserved', reservedText(agent));
  const lacking = shortages(
    agent,
    tasks.length === 0 ? apps : apps.filter(({ id }) => !tasks.some(({ appId }) => isSameApp(id, appId))),
  );
  if (lacking.length > 0)
    return no('no room', `no room: ${lacking.map(shortageText).join('; ')}`, { shortages: lacking });
  return { eligible: true };
}

/** Definitions in a group name their app by its last part alone. */
function isSameApp(a: string, b: string): boolean {
  return a === b || (!(a.startsWith('/') && b.startsWith('/')) && lastPart(a) === lastPart(b));
}

const lastPart = (id: string) => id.slice(id.lastIndexOf('/') + 1);

function reservedText(agent: MesosAgent): string {
  const roles = Object.keys(agent.reserved_resources)
    .filter((role) => role !== 'slave_public')
    .sort();
  return `all its resources are reserved to the role ${roles.join(', ') || 'of another service'}`;
}
