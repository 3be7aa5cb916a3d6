// An install from the plan to the end; src/rollout/prepare.ts has what comes before.
import type { Cluster } from '../dcos/cluster.ts';
import type { MarathonGroup } from '../dcos/types.ts';
import { EXIT } from '../errors.ts';
import type { Options } from '../options/types.ts';
import { makePlan } from '../plan/plan.ts';
import type { Plan } from '../plan/types.ts';
import type { ClusterStatus } from '../status/model.ts';
import { StatusReader } from '../status/read.ts';
import { statusSource } from '../status/source.ts';
import { applyBgp, isNetworkChanged } from './bgp.ts';
import { type Carried, carryOut, type Time } from './carry-out.ts';
import { readCluster } from './cluster.ts';
import { beginAgain, forgetResolved } from './control.ts';
import { afterwards } from './cut-off.ts';
import type { Listener } from './events.ts';
import { assertUnchanged } from './guard.ts';
import { removeLeftHelpers } from './preflight-app.ts';
import type { Prepared } from './prepare.ts';
import { type Summary, summaryOf } from './summary.ts';

export { type InstallRequest, type Preparation, type Prepared, prepareInstall } from './prepare.ts';

export interface CarryRequest {
  time: Time;
  listener: Listener;
  pauseAfterCanary: boolean;
  until?: number;
  /** Who carries it on, for whoever looks from elsewhere. */
  who?: string;
  signal?: AbortSignal;
}

/** Carries out what was prepared, and looks once more at the end. */
export async function carryInstall(
  cluster: Cluster,
  { read, options, plan, hosts }: Prepared,
  request: CarryRequest,
): Promise<{ carried: Carried; status: ClusterStatus; summary: Summary }> {
  const { info, carrier } = read.snapshot;
  const marathon = { version: info.version, carrier, frameworkId: info.frameworkId };
  const left = { asked: hosts !== undefined, now: request.time.now(), signal: request.signal };
  await removeLeftHelpers(cluster, read.snapshot.group, left);
  await beginAgain(cluster, read.snapshot, plan.waves, request.signal);
  const { time, signal } = request;
  if (isNetworkChanged(read.snapshot.installed?.options, options))
    await applyBgp({ cluster, snapshot: read.snapshot, options, time, ...(signal ? { signal } : {}) });
  const carrying = { options, cluster, marathon, ...request };
  const carried = await carryOut({ ...carrying, plan });
  const { ending, state } = carried;
  let { versions } = carried;
  return afterwards(state, async () => {
    if (ending.do === 'finish' && (plan.removing?.length ?? 0) > 0) {
      const rest = await restOf(cluster, options, request);
      if (rest.kind === 'drop') ({ versions } = await carryOut({ ...carrying, plan: rest }));
    }
    const { status, group } = await readWithGroup(cluster, time, signal);
    // Whoever says that it is done must have seen it so.
    if (ending.do === 'finish') assertUnchanged(versions, group);
    const summary = summaryOf(ending, state, status);
    await forgetResolved(cluster, status, summary.exit === EXIT.done, info.version, request.signal);
    return { carried, status, summary };
  });
}

/** The plan of what is left to do, from the cluster as it is now. */
async function restOf(cluster: Cluster, options: Options, { time, signal }: CarryRequest): Promise<Plan> {
  const { installed, agents, group, deployments, info, carrier } = await readCluster(cluster, signal);
  return makePlan({
    options,
    installed,
    agents,
    group,
    deployments,
    marathon: { version: info.version, carrier },
    who: '',
    command: '',
    message: '',
    now: time.now(),
  });
}

/** The cluster's state, and the group that it was read from. */
async function readWithGroup(cluster: Cluster, time: Time, signal?: AbortSignal) {
  let group: MarathonGroup | undefined;
  const source = statusSource(cluster);
  const reader = new StatusReader({
    ...source,
    now: () => time.now(),
    group: async (aborted) => {
      group = await source.group(aborted);
      return group;
    },
  });
  const status = await reader.read(signal ? { signal } : {});
  return { status, group };
}

export async function readStatus(cluster: Cluster, time: Time, signal?: AbortSignal): Promise<ClusterStatus> {
  const { status } = await readWithGroup(cluster, time, signal);
  return status;
}
