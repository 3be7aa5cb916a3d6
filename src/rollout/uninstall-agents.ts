// Takes Calico off the agents that are named: they are excluded first, then their own apps go through their waves.
import type { Cluster } from '../dcos/cluster.ts';
import { versionsOf } from '../plan/plan.ts';
import { type AgentsPlan, REMOVAL } from '../plan/uninstall-agents.ts';
import { carryOut } from './carry-out.ts';
import { readCluster } from './cluster.ts';
import { assertUnchanged } from './guard.ts';
import { type PreparedUninstall, planFor, uninstallInput } from './uninstall.ts';
import type { UninstallCarry, UninstallEnd } from './uninstall-carry.ts';

export async function carryAgents(
  cluster: Cluster,
  { snapshot, plan: made, request: asked }: PreparedUninstall,
  request: UninstallCarry,
): Promise<UninstallEnd> {
  const plan = made as AgentsPlan;
  const { info, carrier } = snapshot;
  const { time, signal } = request;
  const abort = signal ? { signal } : {};
  const { marathon } = cluster;
  assertUnchanged(plan.versions, await marathon.group('/calico', signal));
  if (plan.exclude) await marathon.putGroup(plan.exclude, { force: plan.force, ...abort });
  else await putOwed(cluster, plan, plan.named, request);
  const carried = await carryOut({
    plan: { ...plan, versions: versionsOf(await marathon.group('/calico', signal)) },
    options: plan.options,
    cluster,
    marathon: { version: info.version, carrier, frameworkId: info.frameworkId },
    stepsIn: REMOVAL,
    ...request,
  });
  const after = await readCluster(cluster, signal);
  const left = planFor(uninstallInput(after, { ...asked, agents: plan.named }, time.now()), {
    ...asked,
    agents: plan.named,
  }) as AgentsPlan;
  const { owed, outOfReach } = left;
  const gone = owed.length === 0 || (request.forgetAgents === true && carried.ending.do === 'finish');
  if (gone) await marathon.deleteGroup(REMOVAL, { force: true, ...abort });
  await putOwed(cluster, left, gone ? [] : owed, request);
  return { carried, owed, outOfReach, gone };
}

async function putOwed(
  { marathon }: Pick<Cluster, 'marathon'>,
  plan: AgentsPlan,
  owed: readonly string[],
  { signal }: UninstallCarry,
): Promise<void> {
  const app = { ...plan.optionsApp(owed), id: '/calico/options' };
  // It runs nothing: no deployment of it is worth waiting for.
  await marathon.putApp(app, { force: true, ...(signal ? { signal } : {}) });
}
