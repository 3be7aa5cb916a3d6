// Docker's cluster store, as the options have it.
import type { Options } from '../../options/types.ts';

/** `etcd://HOST:PORT,HOST:PORT` of etcd's client URLs, or what overrides it. */
export function clusterStore({ docker, etcd }: Options): string {
  if (docker['override-docker-cluster-store'] !== '') return docker['override-docker-cluster-store'];
  const hosts = etcd['etcd-endpoints']
    .split(',')
    .map((url) =>
      url
        .trim()
        .replace(/^https?:\/\//, '')
        .replace(/\/+$/, ''),
    )
    .filter(Boolean);
  return `etcd://${hosts.join(',')}`;
}
