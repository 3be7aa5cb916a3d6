// A step that is off has its app until it was verified off everywhere. An agent that had Calico and is gone for good would keep it for ever.
import type { MesosAgent } from '../dcos/types.ts';
import type { InstalledOptions } from '../steps/options-app.ts';
import type { StepName } from '../steps/state.ts';
import type { GroupTasks } from './agent-state.ts';
import { goneHosts } from './covered.ts';

export interface KeptForGone {
  /** Off wherever they can be. */
  steps: StepName[];
  /** Addresses of the agents that are gone. */
  hosts: string[];
}

/** @param removing steps whose app is there to take them off; undefined: nothing is kept for anybody who is gone */
export function keptForGone(
  removing: readonly StepName[],
  installed: Pick<InstalledOptions, 'covered'> | undefined,
  agents: readonly MesosAgent[],
  tasks: GroupTasks,
): KeptForGone | undefined {
  if (removing.length === 0 || !installed) return undefined;
  const hosts = goneHosts(installed, agents, tasks);
  return hosts.length > 0 ? { steps: [...removing], hosts } : undefined;
}

/** What ends it, where they will not be back; then the apps go with the next install. */
export const GIVE_UP = 'dcos calico prune --forget-agents';

/** With its full stop. */
export function keptSentence({ steps, hosts }: KeptForGone): string {
  const many = hosts.length > 1;
  const [is, they] = many ? ['are', 'they'] : ['is', 'it'];
  const who = hosts.length > 3 ? `${hosts.length} agents` : hosts.join(', ');
  const apps = steps.length > 1 ? 'apps' : 'app';
  return `The ${apps} of ${steps.join(', ')}, off by the options, ${steps.length > 1 ? 'stay' : 'stays'} until ${who} ${is} back: ${they} had Calico and ${is} gone from the cluster. If ${they} will not be back: ${GIVE_UP}, then install again.`;
}
