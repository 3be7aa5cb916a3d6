// Reads a cluster for a rehearsal. Every request is a read, and a test holds that.
import type { Answered } from '../checks/types.ts';
import type { Cluster } from '../dcos/cluster.ts';
import type { DockerTask, SrvRecord } from '../dcos/shapes.ts';
import { UserError } from '../errors.ts';
import { readAll } from '../rollout/facts.ts';
import { type Inventory, inventoryOf } from './inventory.ts';

/**
 * @param domains domains whose SRV record of etcd may be asked for in the rehearsal, such as `etcd.mesos`
 * @param now milliseconds since 1970
 * @throws {UserError} where the agents or Marathon cannot be read
 */
export async function readInventory(
  cluster: Cluster,
  domains: readonly string[],
  now: number,
): Promise<Inventory> {
  const all = await readAll(cluster);
  if ('forbidden' in all) throw forbidden(all.forbidden.map(({ what }) => what));
  const installed = all.read.snapshot.installed?.options.etcd['etcd-discovery-url'];
  const names = [...new Set([...domains, ...(installed ? [installed] : [])])].map(
    (domain) => `_etcd-server._tcp.${domain}`,
  );
  const [docker, ...records] = await Promise.all([
    dockerTasks(cluster),
    ...names.map((name) => cluster.dns.srv(name).catch(softly<SrvRecord[]>([]))),
  ]);
  const srv = Object.fromEntries(names.map((name, index) => [name, records[index]!]));
  return inventoryOf({ read: all.read, url: cluster.url, now, srv, docker });
}

/** What can be done without; a login that is over is not such a thing. */
function softly<T>(otherwise: T) {
  return (error: unknown): T => {
    if (!(error instanceof UserError) || /log/.test(error.problem.code)) throw error;
    return otherwise;
  };
}

async function dockerTasks(cluster: Cluster): Promise<Answered<DockerTask[]>> {
  try {
    return { value: await cluster.mesos.dockerTasks() };
  } catch (error) {
    softly(undefined)(error);
    return { unknown: (error as UserError).problem.what };
  }
}

function forbidden(missing: readonly string[]): UserError {
  return new UserError({
    code: 'forbidden',
    what: 'The cluster could not be read',
    why: missing.join('; '),
    remedy: ['dcos calico preflight'],
  });
}
