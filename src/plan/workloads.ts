// What is still on Calico's networks: it loses its network when Calico goes.
import type { Networked } from '../dcos/shapes.ts';
import type { CalicoData } from '../steps/data/report.ts';

export interface Workloads {
  /** Apps and pods of Marathon that name a network of Calico's and have instances. */
  apps: (Omit<Networked, 'networks'> & { network: string })[];
  /** Docker's networks with Calico's driver. */
  networks: string[];
  /** Endpoints that Calico has, by node: whoever made them, Marathon or not. */
  endpoints: { host: string; count: number }[];
  /** What could not be looked at, with why. */
  unknown: string[];
}

/**
 * @param cniNetwork the name that tasks of the Universal Container Runtime use
 * @param data undefined: it could not be read
 */
export function workloadsOf(
  networked: readonly Networked[],
  cniNetwork: string,
  data: CalicoData | undefined,
  unknown: readonly string[] = [],
): Workloads {
  const ours = new Set([cniNetwork, ...(data?.networks ?? []).map(({ name }) => name)]);
  return {
    apps: networked.flatMap(({ networks, ...app }) => {
      const network = networks.find((name) => ours.has(name));
      return network && app.instances > 0 ? [{ ...app, network }] : [];
    }),
    networks: (data?.networks ?? []).map(({ name }) => name).sort(),
    endpoints: (data?.nodes ?? []).flatMap(({ name, endpoints }) => {
      const count = Object.values(endpoints).reduce((sum, of) => sum + of, 0);
      return count > 0 ? [{ host: name, count }] : [];
    }),
    unknown: [...unknown],
  };
}

/** Whether anything would lose its network. A Docker network that nothing is attached to loses nothing. */
export function isInUse({ apps, endpoints }: Workloads): boolean {
  return apps.length > 0 || endpoints.length > 0;
}
