// Inventories written out.
import { INVENTORY_FORMAT, type Inventory } from '../../src/rehearsal/inventory.ts';

/** So many private agents, from 10.0.1.11 on. */
export function inventory(count: number): Inventory {
  return {
    format: INVENTORY_FORMAT,
    read: '2026-11-24T03:00:00.000Z',
    url: 'https://dcos.example.com',
    dcos: '2.0.6',
    marathon: '1.9.136',
    dockerKnown: true,
    srv: {},
    packages: [],
    notes: [],
    agents: Array.from({ length: count }, (_, index) => ({
      host: `10.0.1.${11 + index}`,
      type: 'private',
      cpus: 4,
      mem: 4096,
      disk: 1000,
      ports: '[1025-32000]',
      used: { cpus: 1, mem: 0, disk: 0, ports: '' },
      attributes: {},
      state: 'active',
    })),
  };
}
