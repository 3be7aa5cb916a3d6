import type { Leaf } from '../schema-types.ts';

/** `cpu-limit` and `mem-limit` of a section, with what they mean there. */
export function resources(
  cpu: { default: number; description: string },
  mem: { default: number; description: string },
): { 'cpu-limit': Leaf<number>; 'mem-limit': Leaf<number> } {
  return {
    'cpu-limit': {
      type: 'number',
      minimum: 0.01,
      maximum: 64,
      title: 'CPUs',
      'x-allowed': 'a number of CPUs from 0.01 to 64',
      ...cpu,
    },
    'mem-limit': {
      type: 'integer',
      minimum: 32,
      maximum: 65536,
      title: 'Memory (MiB)',
      'x-allowed': 'a whole number of MiB from 32 to 65536',
      ...mem,
    },
  };
}
