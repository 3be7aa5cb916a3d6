// Why Calico is not taken off, each with its way out.
import type { MarathonGroup } from '../dcos/types.ts';
import { EXIT } from '../errors.ts';
import type { InstalledOptions } from '../steps/options-app.ts';
import { STEP_NAMES } from '../steps/state.ts';
import { stepOf } from './agent-state.ts';
import * as refusal from './refusals.ts';
import type { Refusal } from './types.ts';

/** What keeps a plan from being made at all; `nothing`: Calico is not installed. */
export function cannotUninstall(
  group: MarathonGroup | undefined,
  installed: InstalledOptions | undefined,
): Refusal | 'nothing' | undefined {
  const apps = group?.apps ?? [];
  if (apps.length === 0) return 'nothing';
  if (installed) return undefined;
  const ours = apps.some(({ id }) => ['options', ...STEP_NAMES].includes(stepOf(id)));
  return ours ? refusal.optionsLost() : refusal.foreignGroup(apps);
}

export function unknownAgents(hosts: readonly string[]): Refusal {
  return {
    code: 'unknown-agent',
    what: `The cluster does not have the ${hosts.length === 1 ? 'agent' : 'agents'} ${hosts.join(', ')}`,
    why: 'agents are named by their address, as Mesos lists them',
    remedy: ['dcos node list'],
    exit: EXIT.usage,
  };
}

export function beingRemoved(): Refusal {
  return {
    code: 'being-removed',
    what: 'Calico is being taken off every agent',
    why: 'an uninstall of the whole cluster was begun and is not over',
    remedy: ['dcos calico uninstall     goes on with it', 'dcos calico status'],
    exit: EXIT.failed,
  };
}

export function notInstalled(): Refusal {
  return {
    code: 'not-installed',
    what: 'Calico is not installed on this cluster',
    why: 'there is no /calico/options, which an install keeps its options in',
    remedy: ['dcos calico install', 'dcos calico status'],
    exit: EXIT.failed,
  };
}
