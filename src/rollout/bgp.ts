// Has one agent say to Calico what holds for all nodes together, BGP and the pool, before any agent has its turn.
import type { Cluster } from '../dcos/cluster.ts';
import type { MarathonTask, MesosAgent } from '../dcos/types.ts';
import { UserError } from '../errors.ts';
import { defaultOptions } from '../options/defaults.ts';
import type { NodeOptions, Options } from '../options/types.ts';
import { isLive } from '../plan/agent-state.ts';
import { eligibility } from '../plan/eligibility.ts';
import { BGP_APP, BGP_NEEDS, bgpDefinition } from '../steps/bgp/definition.ts';
import { hasRoles } from '../steps/frame.ts';
import type { StepStatus } from '../steps/state.ts';
import type { Time } from './carry-out.ts';
import type { Snapshot } from './cluster.ts';
import { changed } from './guard.ts';
import { lastOneGone } from './last-one-gone.ts';
import { patient } from './patience.ts';
import { whyNoTask } from './why-no-task.ts';

const OF_THE_CLUSTER = ['as-number', 'node-to-node-mesh', 'bgp-peers'] as const;
const LOOK_MS = 2000;
/** A download of 30 MB over a slow line, and another laptop that is at it. */
const LONGEST_MS = 15 * 60_000;
/** A task is replaced within its grace time and a launch. */
const KEPT_MS = 45_000;

/** Of a pool that is there; calico/node makes the first one as its options have it, and an adopted one stays as it is. */
const OF_THE_POOL = ['ipip', 'nat-outgoing'] as const;

/**
 * Whether what is installed (undefined: nothing, Calico has its defaults) has another BGP, or another use of its pool, than what is
 * wanted.
 */
export function isNetworkChanged(installed: Options | undefined, wanted: Options): boolean {
  if (!wanted.node.enable) return false;
  if (installed?.node.enable && OF_THE_POOL.some((name) => installed.node[name] !== wanted.node[name]))
    return true;
  if (wanted.node['networking-backend'] === 'none') return false;
  const before: NodeOptions = installed?.node.enable ? installed.node : defaultOptions().node;
  return OF_THE_CLUSTER.some((name) => JSON.stringify(before[name]) !== JSON.stringify(wanted.node[name]));
}

export interface BgpAsking {
  cluster: Pick<Cluster, 'marathon' | 'files'>;
  snapshot: Snapshot;
  options: Options;
  time: Time;
  signal?: AbortSignal;
}

/**
 * Applies the options' BGP and use of the pool from one agent, and waits until it is so. Returns a sentence for each change; none: it was so.
 *
 * @throws {UserError} `bgp-not-applied` with the agent's own sentence
 */
export async function applyBgp(asking: BgpAsking): Promise<string[]> {
  const { cluster, snapshot, options, time, signal } = asking;
  const agent = snapshot.agents.find((one) => eligibility(one, [BGP_NEEDS], options).eligible);
  if (!agent) throw notApplied('none of the agents has room for the small task that does it');
  const put = bgpDefinition({
    agent: agent.hostname,
    options,
    do: 'apply',
    asked: new Date(time.now()).toISOString(),
    carrier: snapshot.carrier,
    marathonVersion: snapshot.info.version,
  });
  await lastOneGone(cluster, BGP_APP, time, signal);
  let ours = true;
  try {
    // As the preflight does, which has not been there with --api-only.
    if (hasRoles(snapshot.info.version) && !snapshot.group?.apps.length)
      await cluster.marathon.putGroup({ id: '/calico', enforceRole: false }, signal ? { signal } : {});
    const { version } = await cluster.marathon
      .putApp(put, { force: true, ...(signal ? { signal } : {}) })
      .catch((error: unknown) => unlessGone(asking, error));
    return await watch(asking, agent, version);
  } catch (error) {
    ours = !(error instanceof UserError && error.problem.code === 'changed-meanwhile');
    throw error;
  } finally {
    if (ours)
      await patient(
        () => cluster.marathon.deleteApp(BGP_APP, { force: true }),
        time,
        () => undefined,
      );
  }
}

/** A group that another command has just taken away would be made anew by the app, with a role of its own, and refuse it. */
async function unlessGone({ cluster, snapshot }: BgpAsking, error: unknown): Promise<never> {
  if (error instanceof UserError && error.problem.code === 'marathon-rejected' && snapshot.installed) {
    const group = await cluster.marathon.group('/calico');
    if (!group?.apps.length) throw changed('the group /calico is gone');
  }
  throw error;
}

async function watch(asking: BgpAsking, agent: MesosAgent, put: string): Promise<string[]> {
  const { cluster, time, signal } = asking;
  const until = time.now() + LONGEST_MS;
  const kept = time.now() + KEPT_MS;
  let version = put;
  while (time.now() < until) {
    await time.sleep(LOOK_MS, signal);
    const app = await patient(
      () => cluster.marathon.app(BGP_APP, signal),
      time,
      () => undefined,
      signal,
    );
    // What another command has applied is not what this one wants, and the one that it waits for must stay.
    if (app?.version !== version)
      throw changed('another command sets what BGP and the pool are at the same time');
    const task = app.tasks?.find(
      (one) => isLive(one) && one.version >= version && one.state === 'TASK_RUNNING',
    );
    // Put just as another command took it away, the app keeps the task of that one, which says nothing of ours.
    if (!task && version === put && time.now() > kept && app.tasks?.some(isLive))
      ({ version } = await cluster.marathon.restartApp(BGP_APP, {
        force: true,
        ...(signal ? { signal } : {}),
      }));
    const said = task && (await reported(asking, agent, task));
    if (said?.state === 'failed' || said?.state === 'waiting for step')
      throw notApplied(`${agent.hostname} says: ${said.reason}`);
    if (said?.state === 'ready') return Array.isArray(said.detail?.did) ? said.detail.did.map(String) : [];
  }
  const queue = await cluster.marathon.queue(signal).catch(() => []);
  throw notApplied(
    `the task on ${agent.hostname} did not report within ${LONGEST_MS / 60_000} minutes: ${whyNoTask(queue, BGP_APP, agent.hostname)}`,
  );
}

function reported(
  { cluster, snapshot, signal }: BgpAsking,
  agent: MesosAgent,
  task: MarathonTask,
): Promise<StepStatus | undefined> {
  const of = {
    agentId: agent.id,
    frameworkId: snapshot.info.frameworkId ?? '',
    taskId: task.id,
    mesosVersion: agent.version,
  };
  return cluster.files.statusJson(of, signal).catch(() => undefined) as Promise<StepStatus | undefined>;
}

function notApplied(why: string): UserError {
  return new UserError({
    code: 'bgp-not-applied',
    what: 'What the options say of BGP and of the pool could not be applied; no agent was changed',
    why,
    remedy: ['dcos calico status', 'The same command again goes on from here.'],
  });
}
