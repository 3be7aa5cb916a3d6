// Has one agent see or tidy what Calico and Docker keep in etcd: by an app that comes, reports and goes, whatever comes of it.
import type { Cluster } from '../dcos/cluster.ts';
import type { MarathonTask, MesosAgent } from '../dcos/types.ts';
import { UserError } from '../errors.ts';
import type { Options } from '../options/types.ts';
import { isLive } from '../plan/agent-state.ts';
import { eligibility } from '../plan/eligibility.ts';
import { DATA_APP, DATA_NEEDS, type DataTask, dataDefinition } from '../steps/data/definition.ts';
import { type CalicoData, readCalicoData } from '../steps/data/report.ts';
import type { Time } from './carry-out.ts';
import type { Snapshot } from './cluster.ts';
import { lastOneGone } from './last-one-gone.ts';
import { patient } from './patience.ts';

const LOOK_MS = 2000;
/** Marathon places a task within 9 s (measured); it then fetches calicoctl, some 30 MB, where something is to be removed. */
const LONGEST_MS = 300_000;
/** 5,000 nodes are about 1 MB. */
const MOST_BYTES = 16 * 1024 * 1024;

export interface DataAsking {
  cluster: Pick<Cluster, 'marathon' | 'files'>;
  snapshot: Snapshot;
  options: Options;
  task: DataTask;
  time: Time;
  /** Addresses that are asked before others: agents whose steps are ready. */
  prefer?: readonly string[];
  /** Addresses of those that are not to be asked: whoever is asked becomes one of them. */
  asked?: string[];
  signal?: AbortSignal;
}

/**
 * What there is once the task is done.
 *
 * @throws {UserError} `no-agent-to-ask`, `data-not-read`, or `data-not-changed` with the agent's own sentence
 */
export async function askData(asking: DataAsking): Promise<CalicoData> {
  const agent = choose(asking);
  asking.asked?.push(agent.hostname);
  const { cluster, snapshot, options, task, time, signal } = asking;
  const put = dataDefinition({
    agent: agent.hostname,
    options,
    task,
    asked: new Date(time.now()).toISOString(),
    carrier: snapshot.carrier,
    marathonVersion: snapshot.info.version,
  });
  await lastOneGone(cluster, DATA_APP, time, signal);
  try {
    const { version } = await cluster.marathon.putApp(put, { force: true, ...(signal ? { signal } : {}) });
    return await watch(asking, agent, version);
  } finally {
    await patient(
      () => cluster.marathon.deleteApp(DATA_APP, { force: true }),
      time,
      () => undefined,
    );
  }
}

/** How many agents are asked, one after another, until one sees Docker's networks: an engine without the store sees none of them. */
const ASKED_FOR_NETWORKS = 4;

/** The same from an agent whose Docker has the store in which the networks of all are; `networksUnseen`: none was found. */
export async function askAboutNetworks(asking: DataAsking): Promise<CalicoData> {
  const asked: string[] = [];
  let told = await askData({ ...asking, asked });
  while (told.networksUnseen !== undefined && asked.length < ASKED_FOR_NETWORKS) {
    const next = await askData({ ...asking, asked }).catch((error) => {
      if (error instanceof UserError && error.problem.code === 'no-agent-to-ask') return undefined;
      throw error;
    });
    if (!next) break;
    told = next;
  }
  if (told.networksUnseen !== undefined && asking.task.do === 'delete networks')
    throw refused(
      asking.task,
      `no agent that was asked has the store in which they are: ${told.networksUnseen}`,
    );
  return told;
}

/** A private agent with room, one that is known to be well before others. */
function choose({ snapshot, options, prefer = [], asked = [] }: DataAsking): MesosAgent {
  const first = new Set(prefer);
  const fit = snapshot.agents.filter(
    (agent) => !asked.includes(agent.hostname) && eligibility(agent, [DATA_NEEDS], options).eligible,
  );
  const found = fit.find(({ hostname }) => first.has(hostname)) ?? fit[0];
  if (found) return found;
  throw new UserError({
    code: 'no-agent-to-ask',
    what: 'What Calico keeps in etcd cannot be read',
    why: 'it is read from an agent, and none has room for the small task that does it',
    remedy: ['dcos node list', 'dcos calico status'],
  });
}

async function watch(asking: DataAsking, agent: MesosAgent, version: string): Promise<CalicoData> {
  const { cluster, time, signal } = asking;
  const until = time.now() + LONGEST_MS;
  while (time.now() < until) {
    await time.sleep(LOOK_MS, signal);
    const app = await patient(
      () => cluster.marathon.app(DATA_APP, signal),
      time,
      () => undefined,
      signal,
    );
    const task = app?.tasks?.find(
      (one) => isLive(one) && one.version >= version && one.state === 'TASK_RUNNING',
    );
    if (!task) continue;
    const said = await report(asking, agent, task);
    if (said) return said;
  }
  throw new UserError({
    code: 'data-not-read',
    what: 'What Calico keeps in etcd could not be read',
    why: `the task on ${agent.hostname} did not report within ${LONGEST_MS / 1000} s`,
    remedy: [`dcos calico status ${agent.hostname}`, 'dcos marathon deployment list'],
  });
}

/** Undefined: it has not come to an end yet. */
async function report(
  { cluster, snapshot, task: asked, signal }: DataAsking,
  agent: MesosAgent,
  task: MarathonTask,
): Promise<CalicoData | undefined> {
  const of = {
    agentId: agent.id,
    frameworkId: snapshot.info.frameworkId ?? '',
    taskId: task.id,
    mesosVersion: agent.version,
  };
  const status = (await cluster.files.statusJson(of, signal).catch(() => undefined)) as
    | { state?: unknown; reason?: unknown }
    | undefined;
  if (status?.state === 'failed' || status?.state === 'waiting for step')
    throw refused(asked, `${agent.hostname} says: ${String(status.reason)}`);
  if (status?.state !== 'ready') return undefined;
  const path = await cluster.files.sandbox(of, signal);
  const text = path && (await cluster.files.readText(agent.id, path, 'data.json', MOST_BYTES, signal));
  return text ? readCalicoData(text) : undefined;
}

function refused({ do: what }: DataTask, why: string): UserError {
  if (what === 'look')
    return new UserError({
      code: 'data-not-read',
      what: 'What Calico keeps in etcd cannot be read',
      why,
      remedy: ['dcos calico status'],
    });
  return new UserError({
    code: 'data-not-changed',
    what: WHAT[what],
    why,
    remedy: [
      ...(what === 'delete networks'
        ? ['Stop what is attached to them and run the same command again, or leave --delete-networks out.']
        : []),
      'dcos calico status',
    ],
  });
}

const WHAT = {
  prune: 'What Calico keeps of agents that are gone could not be removed',
  'delete networks': "Docker's networks of Calico could not all be removed",
  'delete data': "Calico's data could not be removed from etcd",
};
