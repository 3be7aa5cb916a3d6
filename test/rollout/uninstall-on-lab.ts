// Uninstalls on a lab, as test/rollout/on-lab.ts does installs.
import type { Lab } from '../../src/lab/lab.ts';
import type { RolloutEvent } from '../../src/rollout/events.ts';
import type { CarryRequest } from '../../src/rollout/install.ts';
import type { RolloutState } from '../../src/rollout/state.ts';
import { prepareUninstall } from '../../src/rollout/uninstall.ts';
import { carryUninstall } from '../../src/rollout/uninstall-carry.ts';
import { clusterOf, timeOf } from './on-lab.ts';

export const REQUEST = { restart: true, who: 'bob@desk', command: 'dcos calico uninstall', message: '' };

export async function prepareOff(lab: Lab, request: Partial<typeof REQUEST> = {}) {
  const found = await prepareUninstall(clusterOf(lab), { ...REQUEST, ...request }, lab.clock.now());
  if (!('prepared' in found)) throw new Error(JSON.stringify(found));
  return found.prepared;
}

export interface Uninstalling extends Partial<CarryRequest> {
  restart?: boolean;
  watch?: (event: RolloutEvent, state: RolloutState) => void;
}

/** One `uninstall --yes`, from the first request to the last. */
export async function uninstall(lab: Lab, { watch, restart = true, ...request }: Uninstalling = {}) {
  const prepared = await prepareOff(lab, { restart });
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
