// Clusters as the wizard finds them.
import type { Base, Found } from '../../src/wizard/types.ts';
import { privateAgents, publicAgent } from '../plan/cluster.ts';

export const MEMBERS = [1, 2, 3].map((n) => ({ host: `etcd-server-${n}.etcd.slave.mesos.`, port: 2380 }));

/** Five private agents and a public one, and an etcd with its record: no surprises. */
export function found(change: Partial<Found> = {}): Found {
  return {
    dcosVersion: '2.0.6',
    marathonVersion: '1.9.136',
    agents: [...privateAgents(5), publicAgent('10.1.2.20')],
    unfit: [],
    packages: { value: [] },
    record: { domain: 'etcd.mesos', members: { value: MEMBERS } },
    testFrom: '10.0.1.11',
    ...change,
  };
}

export const NO_RECORD: Found['record'] = { domain: 'etcd.mesos', members: { value: [] } };

export function base(change: Partial<Base> = {}): Base {
  return { flags: {}, file: {}, fileName: 'calico.json', installed: undefined, ...change };
}
