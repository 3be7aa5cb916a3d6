// Uninstalls on a lab, as test/rollout/on-lab.ts does installs.
import type { Lab } from '../../src/lab/lab.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import type { RolloutState } from '../../src/rollout/state.ts';
import { prepareUninstall, type UninstallRequest } from '../../src/rollout/uninstall.ts';
import { carryUninstall, type UninstallCarry } from '../../src/rollout/uninstall-carry.ts';
import { clusterOf, timeOf } from './on-lab.ts';

export const REQUEST: UninstallRequest = {
  restart: true,
  who: 'bob@desk',
  command: 'dcos calico uninstall',
  message: '',
};

export async function prepareOff(lab: Lab, request: Partial<UninstallRequest> = {}) {
  const found = await prepareUninstall(clusterOf(lab), { ...REQUEST, ...request }, lab.clock.now());
  if (!('prepared' in found)) throw new Error(JSON.stringify(found));
  return found.prepared;
}

export interface Uninstalling extends Partial<UninstallCarry> {
  restart?: boolean;
  agents?: string[];
  watch?: (event: RolloutEvent, state: RolloutState) => void;
}

/** One `uninstall --yes`, from the first request to the last. */
export async function uninstall(lab: Lab, { watch, restart = true, agents, ...request }: Uninstalling = {}) {
  const prepared = await prepareOff(lab, { restart, ...(agents ? { agents } : {}) });
  const events: RolloutEvent[] = [];
  const ended = await carryUninstall(clusterOf(lab), prepared, {
    time: timeOf(lab),
    listener: (event, state) => {
      events.push(event);
      watch?.(event, state);
    },
    pauseAfterCanary: false,
    ...request,
  });
  return { prepared, events, ...ended };
}
