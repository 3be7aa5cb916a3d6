// Shows a prune as it goes.
import type { Cluster } from '../dcos/cluster.ts';
import { EXIT } from '../errors.ts';
import type { Time } from '../rollout/carry-out.ts';
import { carryPrune, preparePrune } from '../rollout/prune.ts';
import { NOTHING_CHANGED } from './asking.ts';
import type { Ended, InstallView } from './install-run.ts';
import { pruneDocument, pruneText } from './prune.ts';
import { nextLines } from './status.ts';

export interface PruneFlags {
  dryRun: boolean;
  yes: boolean;
  /** ms. */
  olderThan: number;
  /** Whoever is gone from the cluster is taken off the record of who has Calico. */
  forget: boolean;
}

type View = Pick<InstallView, 'out' | 'print' | 'say' | 'confirm' | 'onInterrupt'>;

export async function runPrune(cluster: Cluster, flags: PruneFlags, time: Time, view: View): Promise<Ended> {
  view.onInterrupt(
    () => `${NOTHING_CHANGED}; the app /calico/ops/data may still be there, and the next run takes it away`,
  );
  view.say('Asking one agent what Calico keeps in etcd: a short task looks and is taken away again');
  const prepared = await preparePrune(cluster, flags.olderThan, time);
  const { plan } = prepared;
  view.print(pruneText(plan, view.out));
  const unlisted = flags.forget ? plan.unlisted : [];
  if (plan.gone.length === 0 && unlisted.length === 0)
    return { exit: EXIT.done, document: pruneDocument(plan) };
  if (flags.dryRun) {
    view.say('Nothing was changed (--dry-run)');
    for (const line of nextLines([`dcos calico prune${flags.forget ? ' --forget-agents' : ''}`]))
      view.say(line);
    return { exit: EXIT.changesPending, document: pruneDocument(plan) };
  }
  if (!flags.yes && !(await view.confirm(plan.gone.length > 0 ? 'Remove them?' : 'Forget them?'))) {
    view.say('Nothing was changed');
    return { exit: EXIT.failed, document: pruneDocument(plan) };
  }
  view.onInterrupt(
    () => 'Interrupted: the task on the agent may finish; the same command shows what is left',
  );
  const { removed, forgotten } = await carryPrune(cluster, prepared, time, { forget: flags.forget });
  if (plan.gone.length > 0)
    view.print(`Removed what Calico kept of ${removed.length} of ${plan.gone.length} nodes`);
  const off = unlisted.filter((host) => forgotten.includes(host)).length;
  if (off > 0)
    view.print(`${off} ${off === 1 ? 'agent is' : 'agents are'} no longer counted as having Calico`);
  if (off < unlisted.length)
    view.say(
      `The record still has ${unlisted.length - off} of those that are gone: nothing is written while a rollout is under way or waits to go on (dcos calico plan status)`,
    );
  // What a step that is off was kept for may be over now.
  const removing = prepared.snapshot.group?.apps.some(({ env }) => env.DCOS_CALICO_MODE === 'absent');
  const next = off > 0 && removing ? ['dcos calico install     drops the apps of steps that are off'] : [];
  for (const line of nextLines([...next, 'dcos calico prune --dry-run'])) view.say(line);
  return {
    exit: removed.length === plan.gone.length && off === unlisted.length ? EXIT.done : EXIT.failed,
    document: pruneDocument(plan, removed),
  };
}
