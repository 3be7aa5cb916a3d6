import type { LeftOut } from './types.ts';

/** Agents that Calico is not meant for: leaving them out is no shortcoming. */
export const LEFT_ALONE_KINDS: ReadonlySet<LeftOut['kind']> = new Set<LeftOut['kind']>([
  'excluded',
  'windows',
]);
