// An install from the plan to the end; src/rollout/prepare.ts has what comes before.
import type { Cluster } from '../dcos/cluster.ts';
import type { ClusterStatus } from '../status/model.ts';
import { StatusReader } from '../status/read.ts';
import { statusSource } from '../status/source.ts';
import { type Carried, carryOut, type Time } from './carry-out.ts';
import type { Listener } from './events.ts';
import type { Prepared } from './prepare.ts';
import { type Summary, summaryOf } from './summary.ts';

export { type InstallRequest, type Preparation, type Prepared, prepareInstall } from './prepare.ts';

export interface CarryRequest {
  time: Time;
  listener: Listener;
  pauseAfterCanary: boolean;
  until?: number;
  signal?: AbortSignal;
}

/** Carries out what was prepared, and looks once more at the end. */
export async function carryInstall(
  cluster: Cluster,
  { read, options, plan }: Prepared,
  request: CarryRequest,
): Promise<{ carried: Carried; status: ClusterStatus; summary: Summary }> {
  const { info, carrier } = read.snapshot;
  const carried = await carryOut({
    plan,
    options,
    cluster,
    marathon: { version: info.version, carrier, frameworkId: info.frameworkId },
    ...request,
  });
  const status = await readStatus(cluster, request.time, request.signal);
  return { carried, status, summary: summaryOf(carried.ending, carried.state, status) };
}

export function readStatus(cluster: Cluster, time: Time, signal?: AbortSignal): Promise<ClusterStatus> {
  const reader = new StatusReader({ ...statusSource(cluster), now: () => time.now() });
  return reader.read(signal ? { signal } : {});
}
