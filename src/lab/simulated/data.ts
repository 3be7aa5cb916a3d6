// What an agent finds in etcd: as its faults say, else nothing.
import type { SimulatedFaults } from './model.ts';
import type { Report } from './task.ts';

export function dataReport({ data = {} }: SimulatedFaults): Report {
  const found = { nodes: [], pools: [], networks: [], ...data };
  return { state: 'ready', reason: '', files: { 'data.json': `${JSON.stringify(found)}\n` } };
}
