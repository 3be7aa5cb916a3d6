// Where apps run that a wave of restarts might take down as a whole: agents that need no restart were not asked, Marathon knows.
import type { Cluster } from '../dcos/cluster.ts';
import { isLive } from '../plan/agent-state.ts';
import { type RestartNeed, wholeApps } from '../plan/restarts.ts';
import type { Wave } from '../plan/waves.ts';

/** Apps that are looked up, a small request each: beyond that the warning says what it rests on. */
const MOST = 50;

/** By app id: ids of the agents with a task of it. Apps of another Marathon are not among them. */
export async function runsOn(
  { marathon }: Pick<Cluster, 'marathon'>,
  waves: readonly Wave[],
  restarts: ReadonlyMap<string, RestartNeed>,
  signal?: AbortSignal,
): Promise<Map<string, string[]>> {
  const seen = new Map([...restarts].map(([id, need]) => [id, need.interrupts ?? []] as const));
  const names = new Set(wholeApps(waves, seen).flatMap((whole) => whole.names));
  const ids = [...names].filter((name) => name.startsWith('/')).slice(0, MOST);
  const found = await Promise.all(
    ids.map(async (id) => {
      // Where it cannot be read the warning stands as it is.
      const app = await marathon.app(id, signal).catch(() => undefined);
      const agents = (app?.tasks ?? []).filter(isLive).flatMap(({ slaveId }) => slaveId ?? []);
      return app ? ([[id, agents]] as const) : [];
    }),
  );
  return new Map(found.flat());
}
