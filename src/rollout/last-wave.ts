// A job that covers who joined comes at any moment; between a colleague's last wave and the end of his command, too.
import type { Cluster } from '../dcos/cluster.ts';
import type { ClusterStatus } from '../status/model.ts';
import type { Time } from './carry-out.ts';
import { readStatus } from './install.ts';
import { CONFIRMED_WITHIN, lookInterval, pollInterval } from './limits.ts';

/** From the last agent's end to the turn taken away, at most: the poll that sees it, a look at a large group, what a look confirms. */
const ENDED_WITHIN = pollInterval(10_000) + 2 * lookInterval(10_000) + CONFIRMED_WITHIN;

/**
 * The cluster once no wave is just over. Whoever watched it writes the apps down as he left them and takes the turn away in a moment; a
 * change of the apps in between would end his command with an error. A turn that stays is nobody's any more.
 */
export async function afterLastWave(cluster: Cluster, time: Time): Promise<ClusterStatus> {
  const read = () => readStatus(cluster, time);
  let status = await read();
  const since = status.turn?.since;
  const until = time.now() + ENDED_WITHIN;
  while (status.turn && !status.turn.goingOn && status.turn.since === since && time.now() < until) {
    await time.sleep(pollInterval(10_000));
    status = await read();
  }
  return status;
}
