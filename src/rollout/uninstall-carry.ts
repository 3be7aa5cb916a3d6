// An uninstall from its plan until nothing is owed: the waves, then the group.
import type { Cluster } from '../dcos/cluster.ts';
import type { Accepted } from '../dcos/shapes.ts';
import { UserError } from '../errors.ts';
import { GroupTasks } from '../plan/agent-state.ts';
import { concernsUs } from '../plan/deployments.ts';
import { versionsOf } from '../plan/plan.ts';
import type { LeftOut } from '../plan/types.ts';
import { makeUninstallPlan, narrowedGroup, type UninstallPlan } from '../plan/uninstall.ts';
import { REMOVAL, subgroup } from '../plan/uninstall-agents.ts';
import { isRemoval } from '../plan/uninstall-apps.ts';
import { type Carried, carryOut } from './carry-out.ts';
import { readCluster } from './cluster.ts';
import { afterwards } from './cut-off.ts';
import { assertUnchanged, changed } from './guard.ts';
import type { CarryRequest } from './install.ts';
import { pollInterval } from './limits.ts';
import { type PreparedUninstall, uninstallInput } from './uninstall.ts';
import { carryAgents } from './uninstall-agents.ts';
import { assertNoneWrittenOver, type Written } from './written-over.ts';

export interface UninstallCarry extends CarryRequest {
  /** Once all are clean, before the group goes. */
  beforeDrop?: () => Promise<void>;
  /** Agents that are still owed are given up: the group goes all the same. */
  forgetAgents?: boolean;
}

export interface UninstallEnd {
  carried: Carried;
  /** Addresses from which Calico is still to be taken off; empty: the group is gone. */
  owed: string[];
  /** Of them, those that are out of reach, with why. */
  outOfReach: LeftOut[];
  /** Whether the group is deleted. */
  gone: boolean;
}

/** Goes through the waves; then deletes the group, or leaves the apps to those that are still owed. */
export async function carryUninstall(
  cluster: Cluster,
  prepared: PreparedUninstall,
  request: UninstallCarry,
): Promise<UninstallEnd> {
  const { plan } = prepared;
  if (plan.refusal) throw new UserError({ ...plan.refusal });
  try {
    return await ('named' in plan ? carryAgents : carried)(cluster, prepared, request);
  } catch (error) {
    throw error instanceof UserError ? ofUninstall(error) : error;
  }
}

async function carried(
  cluster: Cluster,
  prepared: PreparedUninstall,
  request: UninstallCarry,
): Promise<UninstallEnd> {
  const { snapshot, plan } = prepared;
  const { info, carrier } = snapshot;
  const { signal } = request;
  // Agents that were to be cleaned by themselves are cleaned with all others now.
  if (subgroup(snapshot.group, REMOVAL))
    await cluster.marathon.deleteGroup(REMOVAL, { force: true, ...(signal ? { signal } : {}) });
  const carried = await carryOut({
    plan,
    options: plan.options,
    cluster,
    marathon: { version: info.version, carrier, frameworkId: info.frameworkId },
    ...request,
  });
  return afterwards(carried.state, () => finished(cluster, prepared, request, carried));
}

/** Once the agents had their turns: the group goes, or is left to those that are still owed. */
async function finished(
  cluster: Cluster,
  { plan, request: asked }: PreparedUninstall,
  request: UninstallCarry,
  carried: Carried,
): Promise<UninstallEnd> {
  const { time, signal } = request;
  const since = await cluster.marathon.version(signal);
  const after = await readCluster(cluster, signal);
  const removal = after.installed && isRemoval(new GroupTasks(after.group));
  if (!removal && plan.kind !== 'drop') throw changed('the apps are no longer those that take Calico off');
  const input = uninstallInput(after, asked, time.now());
  const left = removal ? makeUninstallPlan(input) : plan;
  if (left.refusal) throw new UserError({ ...left.refusal });
  const { owed, outOfReach } = left;
  const done = owed.length === 0;
  if (done || (request.forgetAgents && carried.ending.do === 'finish')) {
    if (done) await request.beforeDrop?.();
    await dropUnchanged(cluster, request, { since, expected: versionsOf(after.group) });
    return { carried, owed, outOfReach, gone: true };
  }
  // Where it was stopped everything stays as it is: what failed is evidence.
  const group = carried.ending.do === 'finish' ? narrowedGroup(input, left) : undefined;
  if (group) {
    await cluster.marathon.putGroup(group, forced(left, signal));
    // All that there was: what of it Marathon would keep could be in the way of the new ones (`doneWith` of the plan).
    const before = new GroupTasks(after.group).all.map(({ id }) => id);
    if (before.length > 0) await cluster.marathon.wipeTasks(before, signal);
  }
  return { carried, owed, outOfReach, gone: false };
}

const forced = ({ supersedes }: UninstallPlan, signal: AbortSignal | undefined) => ({
  force: supersedes.length > 0,
  ...(signal ? { signal } : {}),
});

/** Tasks end within their grace time; Marathon answers 404 for the group meanwhile, and 409 to whoever puts it again. */
const ENDING_MS = 120_000;

/** Deletes the group as it was seen to be clean. @throws {UserError} `changed-meanwhile` if it is not that any more */
async function dropUnchanged(
  cluster: Cluster,
  request: UninstallCarry,
  seen: Omit<Written, 'accepted'>,
): Promise<void> {
  const { signal } = request;
  // What came before may have taken long.
  assertUnchanged(seen.expected, await cluster.marathon.definitions('/calico', signal));
  const accepted = await dropGroup(cluster, request);
  if (accepted)
    await assertNoneWrittenOver(cluster, { ...seen, accepted: accepted.version, gone: true }, signal);
  // What is said to be gone was seen to be.
  if (await cluster.marathon.definitions('/calico', signal))
    throw changed('/calico is there again: its deletion was rolled back, or it was set up anew');
}

/** Deletes `/calico`, and waits until the last of its tasks has ended. */
export async function dropGroup(
  cluster: Pick<Cluster, 'marathon'>,
  { time, signal }: Pick<CarryRequest, 'time' | 'signal'>,
): Promise<Accepted | undefined> {
  const abort = signal ? { signal } : {};
  // Nothing of Calico's is wanted any more: whatever is still open below the group is superseded.
  const accepted = await cluster.marathon.deleteGroup('/calico', { force: true, ...abort });
  const until = time.now() + ENDING_MS;
  while ((await cluster.marathon.deployments(signal)).some(concernsUs) && time.now() < until)
    await time.sleep(pollInterval(0), signal);
  return accepted;
}

/** A rollout's errors name the command that takes it up again. */
function ofUninstall(error: UserError): UserError {
  const remedy = (error.problem.remedy ?? []).map((line) =>
    line.replace(/dcos calico install {2}/g, 'dcos calico uninstall'),
  );
  return new UserError({ ...error.problem, remedy }, { cause: error });
}
