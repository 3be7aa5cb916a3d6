// What a bundle has besides files and images: the options that point there, and what to type.
import type { Options } from '../../../src/options/types.ts';
import { archiveName, imageName, loadedName } from './registry.ts';

export const FILES = ['etcd', 'calico', 'calico-ipam', 'calicoctl'] as const;

/** Where files and images will be on the cluster's side, as far as that is known when the bundle is made. */
export interface Places {
  /** Base URL of the web server. */
  mirror: string;
  /** `HOST[:PORT]` of the registry. */
  registry: string;
}

/** To be replaced by whoever knows; names that belong to nobody (RFC 2606). */
export const UNKNOWN: Places = {
  mirror: 'http://mirror.example.com:8000',
  registry: 'registry.example.com:5000',
};

export function imagesOf({ node, libnetwork }: Options): string[] {
  return [...new Set([node['override-node-image'], libnetwork['override-libnetwork-image']])];
}

export const fileNameOf = (url: string): string => new URL(url).pathname.split('/').at(-1)!;

/** The image's name in a registry of one's own. */
export function ownName(image: string, registry: string): string {
  const { repository, tag } = imageName(image);
  return `${registry}/${repository}:${tag}`;
}

/** What the options file says: the mirror, the images, and the sums that were measured. @param sums by the artifact's name */
export function bundleOptions(options: Options, places: Places, sums: ReadonlyMap<string, string>) {
  return {
    artifacts: {
      mirrors: [places.mirror],
      ...Object.fromEntries(
        FILES.map((name) => [name, { url: options.artifacts[name].url, sha256: sums.get(name) ?? '' }]),
      ),
    },
    node: { 'override-node-image': ownName(options.node['override-node-image'], places.registry) },
    libnetwork: {
      'override-libnetwork-image': ownName(options.libnetwork['override-libnetwork-image'], places.registry),
    },
  };
}

/** README.txt. */
export function readme(version: string, options: Options, places: Places): string {
  const images = imagesOf(options);
  const load = images.map((image) => `  docker load --input images/${archiveName(image)}`);
  const push = images.flatMap((image) => [
    `  docker tag ${loadedName(image)} ${ownName(image, places.registry)}`,
    `  docker push ${ownName(image, places.registry)}`,
  ]);
  const unknown = places.mirror === UNKNOWN.mirror || places.registry === UNKNOWN.registry;
  return `dcos calico ${version}: everything that agents without internet fetch

  files/     the programs that the steps fetch
  images/    the container images, for docker load
  calico.json    the options that point there, with the SHA-256 of each file as it was measured when this bundle was made
  SHA256SUMS     of everything here

1. Check what you have

  sha256sum --check SHA256SUMS

2. Serve the files, on a machine that every agent reaches

  python3 -m http.server 8000 --directory files

   Any web server does. It is needed for the install, and again whenever an agent joins or is set up anew.

3. Bring the images to the agents, in one of two ways

   With a registry of your own, from a machine with Docker:

${load.join('\n')}
${push.join('\n')}

   Agents must be able to pull from it: its certificate must be known to their Docker. If it wants a login, put Docker's
   config.json on every agent and name its directory in the option registry.config-dir.

   Without a registry, on every agent:

${load.join('\n')}

   Then take "node" and "libnetwork" out of calico.json: an image that is there is not pulled. DC/OS removes images that no
   container uses after a while (dcos-docker-gc), so load them shortly before the install, and again on an agent that joins.

4. ${unknown ? `In calico.json put the address of your web server in the place of ${places.mirror},\n   and your registry's in the place of ${places.registry}` : 'Look at calico.json'}

  dcos calico options validate calico.json
  dcos calico install --options calico.json --dry-run
  dcos calico install --options calico.json
`;
}
