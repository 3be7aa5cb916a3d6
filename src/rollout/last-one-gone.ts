// An app that comes and goes, put again at once.
import type { Cluster } from '../dcos/cluster.ts';
import type { Time } from './carry-out.ts';

const LOOK_MS = 2000;
/** A task ends within its grace time of 10 s. */
const ENDING_MS = 30_000;

/**
 * Waits until an app that was just taken away is gone: its task is still being ended. Put again meanwhile, it is given none, and Marathon
 * counts anew only after up to 300 s.
 */
export async function lastOneGone(
  { marathon }: Pick<Cluster, 'marathon'>,
  app: string,
  time: Time,
  signal?: AbortSignal,
): Promise<void> {
  const until = time.now() + ENDING_MS;
  const going = async () =>
    (await marathon.deployments(signal)).some(({ affectedApps }) => affectedApps.includes(app));
  while ((await going()) && time.now() < until) await time.sleep(LOOK_MS, signal);
}
