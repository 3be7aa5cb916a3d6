// An uninstall from the first look to the plan, and from the plan until nothing is owed.
import type { Cluster } from '../dcos/cluster.ts';
import { UserError } from '../errors.ts';
import { GroupTasks } from '../plan/agent-state.ts';
import { concernsUs } from '../plan/deployments.ts';
import type { LeftOut, Refusal } from '../plan/types.ts';
import {
  makeUninstallPlan,
  narrowedGroup,
  type UninstallInput,
  type UninstallPlan,
} from '../plan/uninstall.ts';
import { isRemoval } from '../plan/uninstall-apps.ts';
import { cannotUninstall } from '../plan/uninstall-refusals.ts';
import type { InstalledOptions } from '../steps/options-app.ts';
import { type Carried, carryOut } from './carry-out.ts';
import { type RolloutCluster, readCluster, type Snapshot } from './cluster.ts';
import { changed } from './guard.ts';
import type { CarryRequest } from './install.ts';
import { pollInterval } from './limits.ts';

export interface UninstallRequest {
  restart: boolean;
  who: string;
  command: string;
  message: string;
}

export interface PreparedUninstall {
  snapshot: Snapshot;
  plan: UninstallPlan;
  request: UninstallRequest;
}

export type UninstallPreparation = { prepared: PreparedUninstall } | { nothing: true } | { refusal: Refusal };

/** Looks and plans; changes nothing. */
export async function prepareUninstall(
  cluster: RolloutCluster,
  request: UninstallRequest,
  now: number,
  signal?: AbortSignal,
): Promise<UninstallPreparation> {
  const snapshot = await readCluster(cluster, signal);
  const cannot = cannotUninstall(snapshot.group, snapshot.installed);
  if (cannot === 'nothing') return { nothing: true };
  if (cannot) return { refusal: cannot };
  return { prepared: { snapshot, plan: makeUninstallPlan(inputOf(snapshot, request, now)), request } };
}

function inputOf(snapshot: Snapshot, request: UninstallRequest, now: number): UninstallInput {
  const { info, carrier, agents, group, deployments, installed } = snapshot;
  return {
    installed: installed as InstalledOptions,
    agents,
    group,
    deployments,
    marathon: { version: info.version, carrier },
    now,
    ...request,
  };
}

export interface UninstallEnd {
  carried: Carried;
  /** Addresses from which Calico is still to be taken off; empty: the group is gone. */
  owed: string[];
  /** Of them, those that are out of reach, with why. */
  outOfReach: LeftOut[];
  /** Whether everything is off and the group deleted. */
  gone: boolean;
}

/** Goes through the waves; then deletes the group, or leaves the apps to those that are still owed. */
export async function carryUninstall(
  cluster: Cluster,
  { snapshot, plan, request: asked }: PreparedUninstall,
  request: CarryRequest,
): Promise<UninstallEnd> {
  if (plan.refusal) throw new UserError({ ...plan.refusal });
  const { info, carrier } = snapshot;
  const carried = await carryOut({
    plan,
    options: plan.options,
    cluster,
    marathon: { version: info.version, carrier, frameworkId: info.frameworkId },
    ...request,
  });
  const after = await readCluster(cluster, request.signal);
  if (!after.installed || (plan.kind !== 'drop' && !isRemoval(new GroupTasks(after.group))))
    throw changed('the apps are no longer those that take Calico off');
  const left = makeUninstallPlan(inputOf(after, asked, request.time.now()));
  if (left.refusal) throw new UserError({ ...left.refusal });
  const { owed, outOfReach } = left;
  if (owed.length === 0) {
    await dropGroup(cluster, left.supersedes.length > 0, request);
    return { carried, owed, outOfReach, gone: true };
  }
  if (carried.ending.do === 'finish') {
    const group = narrowedGroup(inputOf(after, asked, request.time.now()), left);
    if (group)
      await cluster.marathon.putGroup(group, {
        force: left.supersedes.length > 0,
        ...(request.signal ? { signal: request.signal } : {}),
      });
  }
  return { carried, owed, outOfReach, gone: false };
}

/** Tasks end within their grace time; Marathon answers 404 for the group meanwhile, and 409 to whoever puts it again. */
const ENDING_MS = 120_000;

/** Deletes `/calico`, and waits until the last of its tasks has ended. */
export async function dropGroup(
  cluster: Pick<Cluster, 'marathon'>,
  force: boolean,
  { time, signal }: Pick<CarryRequest, 'time' | 'signal'>,
): Promise<void> {
  await cluster.marathon.deleteGroup('/calico', { force, ...(signal ? { signal } : {}) });
  const until = time.now() + ENDING_MS;
  while ((await cluster.marathon.deployments(signal)).some(concernsUs) && time.now() < until)
    await time.sleep(pollInterval(0), signal);
}
