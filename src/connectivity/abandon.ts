// A test of the network that is broken off at this moment.
import type { Cluster } from '../dcos/cluster.ts';
import { CONNECTIVITY_GROUP } from '../steps/connectivity/definition.ts';

/** For Ctrl-C: one attempt, not waited for long. Whether it came through. */
export async function abandonConnectivity({ marathon }: Pick<Cluster, 'marathon'>): Promise<boolean> {
  try {
    await marathon.deleteGroup(CONNECTIVITY_GROUP, { force: true, signal: AbortSignal.timeout(3000) });
    return true;
  } catch {
    return false;
  }
}
