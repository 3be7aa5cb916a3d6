// All questions, in their order. Whether one is open depends on those before it alone.
import type { Question } from '../types.ts';
import { containers } from './containers.ts';
import { downloads, mirror, registry } from './downloads.ts';
import { caFile, clientFiles, endpoints, test, unreachable } from './endpoints.ts';
import { etcd } from './etcd.ts';
import { ipip, peers, pool, topology } from './network.ts';
import { canary, pace } from './pace.ts';

export const QUESTIONS: readonly Question[] = [
  containers,
  etcd,
  endpoints,
  caFile,
  clientFiles,
  test,
  unreachable,
  pool,
  ipip,
  topology,
  peers,
  downloads,
  mirror,
  registry,
  pace,
  canary,
];
