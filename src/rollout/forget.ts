// Agents that are gone for good are taken off the record of who has Calico.
import type { Cluster } from '../dcos/cluster.ts';
import { optionsDefinition, readOptionsApp } from '../steps/app-definition.ts';
import { TURN_APP } from '../steps/turn/definition.ts';

const OPTIONS_APP = '/calico/options';

/**
 * Nothing else of the options is written, and they are read just before. Returns the addresses that were on the record: none while
 * agents have their turn, as whoever gives it would take that for a change of the options, and stop.
 */
export async function forgetCovered(
  { marathon }: Pick<Cluster, 'marathon'>,
  hosts: readonly string[],
  signal?: AbortSignal,
): Promise<string[]> {
  if (await marathon.app(TURN_APP, signal)) return [];
  const { version } = await marathon.info(signal);
  const app = await marathon.app(OPTIONS_APP, signal);
  const installed = app && readOptionsApp(app);
  const going = new Set(hosts);
  const struck = (installed?.covered ?? []).filter((host) => going.has(host));
  if (!installed?.covered || struck.length === 0) return [];
  const covered = installed.covered.filter((host) => !going.has(host));
  await marathon.putApp(
    { ...optionsDefinition({ ...installed, covered, marathonVersion: version }), id: OPTIONS_APP },
    // It runs nothing: no deployment of it is worth waiting for.
    { force: true, ...(signal ? { signal } : {}) },
  );
  return struck;
}
