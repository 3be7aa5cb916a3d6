// Asks etcd from one agent: a task that comes, reports and goes, whatever comes of it.
import type { Cluster } from '../dcos/cluster.ts';
import type { MarathonApp } from '../dcos/types.ts';
import { UserError } from '../errors.ts';
import type { Options } from '../options/types.ts';
import type { Read } from '../rollout/facts.ts';
import { removeEmptyGroups } from '../rollout/preflight-app.ts';
import { ENDPOINTS_APP, endpointsDefinition } from '../steps/endpoints/definition.ts';
import { reportedState } from '../steps/state.ts';
import { endpointsOf } from '../wizard/questions/endpoints.ts';
import type { EndpointTest } from '../wizard/types.ts';

export interface Time {
  now(): number;
  sleep(ms: number): Promise<void>;
}

const LOOK_MS = 1000;
/** Marathon places a task within 9 s (measured), the script starts at once. */
const PLACING_MS = 60_000;
/** curl gives up after so long. */
const ONE_URL_MS = 11_000;

type Asking = Pick<Cluster, 'marathon' | 'files'>;

/** Never throws for what Marathon or the agent does: then nothing can be said, and the result has the reason. */
export async function testEndpoints(
  cluster: Asking,
  { read, agent, options }: { read: Read; agent: string; options: Options },
  time: Time,
): Promise<EndpointTest> {
  const urls = endpointsOf(options);
  const { info, carrier, agents } = read.snapshot;
  const nothing = (failed: string): EndpointTest => ({ agent, endpoints: [], failed });
  const definition = endpointsDefinition({
    agent,
    urls,
    tls: options.etcd,
    carrier,
    marathonVersion: info.version,
  });
  try {
    await cluster.marathon.putApp(definition, { force: true });
    const until = time.now() + PLACING_MS + urls.length * ONE_URL_MS;
    while (time.now() < until) {
      await time.sleep(LOOK_MS);
      const app = await cluster.marathon.app(ENDPOINTS_APP);
      const task = runningTask(app);
      // Marathon that has checks tells when there is something to read.
      if (!task || (carrier === 'check' && reportedState(task, carrier) === 'no report')) continue;
      const { slaveId, id } = task;
      const mesosVersion = agents.find((one) => one.id === slaveId)?.version;
      const report = await cluster.files.statusJson({
        agentId: slaveId!,
        frameworkId: info.frameworkId ?? '',
        taskId: id,
        ...(mesosVersion ? { mesosVersion } : {}),
      });
      const result = readReport(report, agent);
      if (result) return result;
    }
    return nothing('the task did not report within a minute');
  } catch (error) {
    if (!(error instanceof UserError) || /log/.test(error.problem.code)) throw error;
    return nothing(error.problem.what);
  }
}

function runningTask(app: MarathonApp | undefined) {
  return app?.tasks?.find(({ state, slaveId }) => state === 'TASK_RUNNING' && slaveId);
}

/** The report of the task, from an agent that may say anything. */
function readReport(report: unknown, agent: string): EndpointTest | undefined {
  const { state, reason, found } = (report ?? {}) as Record<string, unknown>;
  if (state !== 'ready' && state !== 'failed') return undefined;
  const said = (found as { endpoints?: unknown } | undefined)?.endpoints;
  if (!Array.isArray(said))
    return { agent, endpoints: [], failed: String(reason ?? 'its report holds nothing') };
  return {
    agent,
    endpoints: said.map((one: { url?: unknown; answers?: unknown; what?: unknown } | null) => ({
      url: String(one?.url ?? ''),
      answers: one?.answers === true,
      what: String(one?.what ?? ''),
    })),
  };
}

/**
 * Takes the app away, and the groups that came into being with it.
 * @param before whether the group /calico was there before the app
 */
export async function removeTest(cluster: Asking, before: boolean, time: Time): Promise<void> {
  await cluster.marathon.deleteApp(ENDPOINTS_APP, { force: true });
  if (!before) await removeEmptyGroups(cluster, time, undefined, ENDPOINTS_APP);
}
