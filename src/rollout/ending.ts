// Apps that were deleted end their tasks for a while yet.
import type { Carrying } from './carry-out.ts';
import { pollInterval, TURN_ENDING } from './limits.ts';
import type { Ask } from './turn-keeper.ts';

/** Until their last tasks are gone: an app that is put again before that keeps them, at the version that they have (the lab's Marathon, by its source). */
export async function untilEnded(
  { cluster, time, signal }: Pick<Carrying, 'cluster' | 'time' | 'signal'>,
  apps: readonly string[],
  ask: Ask,
): Promise<void> {
  const until = time.now() + TURN_ENDING;
  const going = async () =>
    (await ask(() => cluster.marathon.deployments(signal))).some(({ affectedApps }) =>
      affectedApps.some((id) => apps.includes(id)),
    );
  while ((await going()) && time.now() < until) await time.sleep(pollInterval(0), signal);
}
