// Which agents need Docker restarted to let go of a store.
import { clusterStore } from '../steps/docker/cluster-store.ts';
import type { Classified } from './classify.ts';
import type { PlannedRestart } from './restarts.ts';
import type { Known } from './uninstall.ts';

/** Docker keeps a store until it is restarted, whatever its file says: all that have the step, but for those known to have none. */
export function restartsFor(
  { input, options, steps }: Pick<Known, 'input' | 'options' | 'steps'>,
  { targets, restartPending }: Classified,
): PlannedRestart[] {
  if (!input.restart || !steps.some(({ name }) => name === 'docker')) return [];
  const usual = `Docker keeps the store ${clusterStore(options)} until it is restarted`;
  return targets.flatMap((agent) => {
    const told = input.restarts?.get(agent.id);
    if (told?.reason === '' && !restartPending.has(agent.id)) return [];
    return [{ agent, ...told, reason: told?.reason || usual }];
  });
}
