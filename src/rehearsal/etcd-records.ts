// The SRV record that the proxy would look for, where the inventory does not say whether it is there.
import type { Options } from '../options/types.ts';
import type { Inventory } from './inventory.ts';

/** A record that was never asked for is taken to be there, and that is said. */
export function withEtcdRecord(
  inventory: Inventory,
  options: Pick<Options, 'etcd'>,
): { inventory: Inventory; notes: string[] } {
  const { 'run-proxy': proxy, 'proxy-endpoints': endpoints, 'etcd-discovery-url': domain } = options.etcd;
  const name = `_etcd-server._tcp.${domain}`;
  if (!proxy || endpoints.length > 0 || name in inventory.srv) return { inventory, notes: [] };
  const members = [1, 2, 3].map((n) => ({
    host: `etcd-server-${n}.${domain}`,
    ip: `192.0.2.${n}`,
    port: 2380,
  }));
  return {
    inventory: { ...inventory, srv: { ...inventory.srv, [name]: members } },
    notes: [`The inventory does not say whether there is a record ${name}: it is taken to be there`],
  };
}
