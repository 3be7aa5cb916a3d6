// What `plan status`, `pause`, `skip` and `undo` ask of a cluster, and what they write.
import type { Cluster } from '../dcos/cluster.ts';
import { EXIT, UserError } from '../errors.ts';
import { GroupTasks } from '../plan/agent-state.ts';
import { makePlan } from '../plan/plan.ts';
import { turnApp } from '../plan/turn-app.ts';
import { type AgentLook, type UnderWay, underWay } from '../plan/under-way.ts';
import { makeUninstallPlan } from '../plan/uninstall.ts';
import { isRemoval } from '../plan/uninstall-apps.ts';
import type { ClusterStatus } from '../status/model.ts';
import { type Control, controlIn, type Skip } from '../steps/control-app.ts';
import type { EarlierOptions, InstalledOptions } from '../steps/options-app.ts';
import type { Time } from './carry-out.ts';
import { readCluster, type Snapshot } from './cluster.ts';
import { keepControl, skippedIn } from './control.ts';
import { readStatus } from './install.ts';

export interface Looked {
  snapshot: Snapshot;
  installed: InstalledOptions;
  control: Control;
  status: ClusterStatus;
  plan: UnderWay;
}

/** Undefined: Calico is not installed, so that nothing is under way. */
export async function lookUnderWay(cluster: Cluster, time: Time): Promise<Looked | undefined> {
  const [snapshot, status] = await Promise.all([readCluster(cluster), readStatus(cluster, time)]);
  const { installed } = snapshot;
  if (!installed) return undefined;
  const control = controlIn(snapshot.group);
  const removal = isRemoval(new GroupTasks(snapshot.group));
  const plan = underWay({
    plan: planOf(snapshot, installed, status, time.now(), removal),
    name: removal ? 'uninstall' : 'deploy',
    installed,
    agents: status.agents.map(look),
    turn: turnLook(snapshot, status),
    control,
  });
  return { snapshot, installed, control, status, plan };
}

function planOf(
  snapshot: Snapshot,
  installed: InstalledOptions,
  { agents }: ClusterStatus,
  now: number,
  removal: boolean,
) {
  const { group, deployments, info, carrier } = snapshot;
  const input = {
    installed,
    agents: snapshot.agents,
    group,
    deployments,
    marathon: { version: info.version, carrier },
    skipped: skippedIn(group),
    failed: new Set(
      agents.filter(({ cells }) => cells.some(({ state }) => state === 'failed')).map(({ id }) => id),
    ),
    restarts: new Map(
      agents.filter(({ state }) => state === 'restart pending').map(({ id, reason }) => [id, { reason }]),
    ),
    who: '',
    command: '',
    message: '',
    now,
  };
  return removal
    ? makeUninstallPlan({ ...input, restart: false })
    : makePlan({ ...input, options: installed.options });
}

function look({ id, address, state, reason, cells }: ClusterStatus['agents'][number]): AgentLook {
  const step = cells.find((cell) => cell.state === 'failed')?.step;
  return { id, host: address, state, reason, ...(step ? { step } : {}) };
}

function turnLook({ group }: Snapshot, { turn }: ClusterStatus) {
  if (!turn) return undefined;
  const env = turnApp(group)?.env ?? {};
  return {
    agents: turn.agents,
    goingOn: turn.goingOn,
    since: turn.since,
    wave: env.DCOS_CALICO_TURN_WAVE ?? '',
    who: env.DCOS_CALICO_TURN_WHO ?? '',
  };
}

function notInstalled(what: string): UserError {
  return new UserError({
    code: 'not-installed',
    what,
    why: 'Calico is not installed on this cluster',
    remedy: ['dcos calico install'],
  });
}

interface Saying {
  who: string;
  why: string;
}

/** Records the pause, reads it back, and says how the rollout is. Throws if it did not take effect. */
export async function pausePlan(cluster: Cluster, { who, why }: Saying, time: Time): Promise<Looked> {
  const looked = await lookUnderWay(cluster, time);
  if (!looked) throw notInstalled('There is nothing to pause');
  if (looked.plan.status === 'COMPLETE' || looked.control.paused) return looked;
  const paused = { who, when: new Date(time.now()).toISOString(), why };
  await keepControl(cluster, { ...looked.control, paused }, looked.snapshot.info.version);
  const after = await lookUnderWay(cluster, time);
  if (after?.control.paused?.when !== paused.when)
    throw new UserError({
      code: 'not-paused',
      what: 'The pause did not take effect',
      why: 'it is not there when it is read again: somebody else has gone on at the same moment',
      remedy: ['dcos calico plan status'],
    });
  return after;
}

/** Records that the rollout goes on without the agent. Throws for one that there is not, or that is ready. */
export async function skipAgent(
  cluster: Cluster,
  agent: string,
  { who, why }: Saying,
  time: Time,
): Promise<Looked> {
  const looked = await lookUnderWay(cluster, time);
  if (!looked) throw notInstalled(`${agent} cannot be skipped`);
  const row = looked.status.agents.find(({ address, id }) => address === agent || id === agent);
  if (!row)
    throw new UserError({
      code: 'unknown-agent',
      what: `The cluster has no agent ${agent}`,
      why: 'agents are named by their address or their Mesos id',
      remedy: ['dcos calico status --all'],
      exit: EXIT.usage,
    });
  if (row.state === 'ready')
    throw new UserError({
      code: 'agent-ready',
      what: `${row.address} cannot be skipped`,
      why: 'Calico is ready on it',
      remedy: ['dcos calico plan status'],
    });
  const skip: Skip = { id: row.id, host: row.address, who, when: new Date(time.now()).toISOString(), why };
  const others = unresolved(looked).filter(({ id }) => id !== row.id);
  await keepControl(cluster, { ...looked.control, skipped: [...others, skip] }, looked.snapshot.info.version);
  return (await lookUnderWay(cluster, time))!;
}

/** Skips of agents that are ready by now, or gone, say nothing any more. */
function unresolved({ control, status }: Looked): Skip[] {
  return control.skipped.filter(({ id }) =>
    status.agents.some((row) => row.id === id && row.state !== 'ready'),
  );
}

/** The options before those in force. Throws where there are none. */
export async function optionsBefore(cluster: Cluster): Promise<EarlierOptions> {
  const { installed } = await readCluster(cluster);
  if (!installed) throw notInstalled('There is nothing to go back from');
  const before = installed.previous?.[0];
  if (before) return before;
  throw new UserError({
    code: 'nothing-to-undo',
    what: 'There is nothing to go back to',
    why: `the options in force are the first ones (${installed.who}, ${installed.when})`,
    remedy: ['dcos calico uninstall     takes Calico off every agent'],
  });
}
