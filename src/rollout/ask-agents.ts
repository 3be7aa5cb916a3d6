// Asks agents what they are like and what the steps would do there: by the app of the preflight, which changes nothing and goes again.
import { type HostFacts, readHostFacts } from '../checks/host-facts.ts';
import type { HostsAnswered } from '../checks/types.ts';
import { atMost } from '../dcos/at-most.ts';
import type { Cluster } from '../dcos/cluster.ts';
import type { MarathonApp, MarathonTask, TaskFailure } from '../dcos/types.ts';
import { UserError } from '../errors.ts';
import type { Options } from '../options/types.ts';
import type { PlannedAgent } from '../plan/waves.ts';
import { PREFLIGHT_APP } from '../steps/preflight/definition.ts';
import { reportedState } from '../steps/state.ts';
import type { Time } from './carry-out.ts';
import type { Snapshot } from './cluster.ts';
import { lookInterval } from './limits.ts';
import { patient } from './patience.ts';
import { preflightTasks, putPreflight, removePreflight } from './preflight-app.ts';
import { whyNoTask } from './why-no-task.ts';

/** Reports that are read: each is one request to an agent, and of a few KB. */
export const READ_AT_MOST = 1000;
const AT_A_TIME = 16;
/** Nobody else reported for so long: a task starts within 9 s, and looks at its host for a few more. */
const STILL_MS = 60_000;
const LONGEST_MS = 10 * 60_000;

export interface AskRequest {
  cluster: Pick<Cluster, 'marathon' | 'files'>;
  snapshot: Snapshot;
  options: Options;
  agents: readonly PlannedAgent[];
  time: Time;
  /** Reports that are read at most; those with something to tell first. */
  readAtMost?: number;
  /** Hears how many agents have answered, of how many. */
  heard?: (answered: number, of: number) => void;
  signal?: AbortSignal;
}

/** Asks the agents. Throws if the app can neither be put nor watched; it is taken away in any case. */
export async function askAgents(request: AskRequest): Promise<HostsAnswered> {
  if (request.agents.length === 0) return { told: [], silent: [], unread: [] };
  let failed: unknown;
  try {
    return await new Asking(request).run();
  } catch (error) {
    failed = error;
    throw error;
  } finally {
    await gone(request, failed);
  }
}

/** An app that stays is said; what went wrong before is worth more. */
async function gone({ cluster, signal, time }: AskRequest, failed: unknown): Promise<void> {
  try {
    await patient(
      () => removePreflight(cluster),
      time,
      () => undefined,
      signal,
    );
  } catch (error) {
    if (failed || !(error instanceof UserError)) return;
    throw new UserError(
      {
        ...error.problem,
        what: 'The app of the preflight could not be taken away',
        remedy: [
          ...(/log/.test(error.problem.code) ? (error.problem.remedy ?? []) : []),
          `dcos marathon app remove ${PREFLIGHT_APP}`,
          'It changes nothing, and the next run takes it away.',
        ],
      },
      { cause: error },
    );
  }
}

class Asking {
  readonly #request: AskRequest;
  readonly #told = new Map<string, HostFacts>();
  /** Agents whose task has looked, as Marathon tells it: with something to read or not. */
  readonly #noted = new Map<string, boolean>();
  #app: MarathonApp | undefined;
  #version = '';
  #puts = 0;

  constructor(request: AskRequest) {
    this.#request = request;
  }

  async run(): Promise<HostsAnswered> {
    const { time, agents } = this.#request;
    await this.#put();
    const begun = time.now();
    let last = begun;
    for (;;) {
      await time.sleep(lookInterval(agents.length), this.#request.signal);
      if (await this.#look()) last = time.now();
      if (this.#answered() === agents.length) break;
      if (time.now() - last > STILL_MS || time.now() - begun > LONGEST_MS) break;
    }
    await this.#read(([, noted]) => !noted);
    return this.#result();
  }

  #answered(): number {
    return new Set([...this.#noted.keys(), ...this.#told.keys()]).size;
  }

  #ask<T>(ask: () => Promise<T>): Promise<T> {
    const { time, signal } = this.#request;
    return patient(ask, time, () => undefined, signal);
  }

  async #put(): Promise<void> {
    const { cluster, snapshot, options, agents, time, signal } = this.#request;
    const asked = new Set(agents.map(({ host }) => host));
    this.#puts++;
    this.#version = await putPreflight(
      cluster,
      {
        options,
        hosts: [...asked],
        others: snapshot.agents.map(({ hostname }) => hostname).filter((host) => !asked.has(host)),
        asked: new Date(time.now()).toISOString(),
        carrier: snapshot.carrier,
        marathonVersion: snapshot.info.version,
      },
      time,
      signal,
    );
  }

  /** One look at the app; whether an agent answered that had not before. */
  async #look(): Promise<boolean> {
    const { cluster, snapshot, agents, heard, signal } = this.#request;
    this.#app = await this.#ask(() => cluster.marathon.app(PREFLIGHT_APP, signal));
    if (!this.#app) {
      // Somebody else's preflight ended, and took away the app that both have.
      if (this.#puts < 3) await this.#put();
      return false;
    }
    const before = this.#answered();
    const tasks = this.#tasks();
    for (const { id } of agents) {
      const task = tasks.get(id);
      const state = task && reportedState(task, snapshot.carrier);
      // Marathon < 1.8 says nothing of a task that found something: its report is read anyway.
      if (snapshot.carrier === 'check' && state !== undefined && state !== 'no report')
        this.#noted.set(id, state !== 'ready');
      else if (snapshot.carrier === 'health' && state === 'ready') this.#noted.set(id, false);
    }
    await (snapshot.carrier === 'check' ? this.#read(([, noted]) => noted) : this.#readRunning(tasks));
    heard?.(this.#answered(), agents.length);
    return this.#answered() > before;
  }

  #tasks(): Map<string, MarathonTask> {
    return this.#app ? preflightTasks(this.#app, this.#version) : new Map();
  }

  /** Reads reports of agents that have looked. */
  async #read(which: (entry: [string, boolean]) => boolean): Promise<void> {
    const ids = [...this.#noted].filter(which).map(([id]) => id);
    await this.#readOf(ids, this.#tasks());
  }

  async #readRunning(tasks: Map<string, MarathonTask>): Promise<void> {
    const running = [...tasks].filter(([, { state }]) => state === 'TASK_RUNNING').map(([id]) => id);
    await this.#readOf(running, tasks);
  }

  async #readOf(ids: readonly string[], tasks: Map<string, MarathonTask>): Promise<void> {
    const { cluster, snapshot, agents, readAtMost = READ_AT_MOST, signal } = this.#request;
    const byId = new Map(agents.map((agent) => [agent.id, agent]));
    const versions = new Map(snapshot.agents.map(({ id, version }) => [id, version]));
    const open = ids.filter((id) => byId.has(id) && tasks.has(id) && !this.#told.has(id));
    const room = Math.max(0, readAtMost - this.#told.size);
    await atMost(AT_A_TIME, open.slice(0, room), async (id) => {
      const mesosVersion = versions.get(id);
      const report = await cluster.files
        .statusJson(
          {
            agentId: id,
            frameworkId: snapshot.info.frameworkId ?? '',
            taskId: tasks.get(id)!.id,
            ...(mesosVersion ? { mesosVersion } : {}),
          },
          signal,
        )
        .catch((error: unknown) => {
          if (signal?.aborted || (error instanceof UserError && /log|forbidden/.test(error.problem.code)))
            throw error;
          return undefined;
        });
      const facts = readHostFacts(byId.get(id)!.host, report);
      if (facts) this.#told.set(id, facts);
    });
  }

  async #result(): Promise<HostsAnswered> {
    const { cluster, agents, signal } = this.#request;
    const told = agents.flatMap(({ id }) => this.#told.get(id) ?? []);
    const others = agents.filter(({ id }) => !this.#told.has(id));
    const unread = others.flatMap(({ id, host }) => {
      const noted = this.#noted.get(id);
      return noted === undefined ? [] : [{ host, noted }];
    });
    const quiet = others.filter(({ id }) => !this.#noted.has(id));
    if (quiet.length === 0) return { told, silent: [], unread };
    const tasks = this.#tasks();
    const queue = await this.#ask(() => cluster.marathon.queue(signal)).catch(() => []);
    const failure = this.#app?.lastTaskFailure;
    const silent = quiet.map(({ id, host }) => ({
      host,
      reason: tasks.has(id)
        ? 'its task runs, and has not reported'
        : (endedText(failure, host) ?? whyNoTask(queue, PREFLIGHT_APP, host, 'the task of the preflight')),
    }));
    return { told, silent, unread };
  }
}

/** Marathon keeps one failure of an app: where all fail for the same reason it stands for all. */
function endedText(failure: TaskFailure | undefined, host: string): string | undefined {
  if (!failure?.message) return undefined;
  const where = failure.host === host ? '' : `, on ${failure.host}`;
  return `Marathon's last task of the preflight ended${where}: ${failure.message}`;
}
