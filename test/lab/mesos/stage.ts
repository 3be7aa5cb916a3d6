// A master on a virtual clock, with tasks whose commands give what a test wants.
import { VirtualClock } from '../../../src/lab/clock.ts';
import { MesosMaster } from '../../../src/lab/mesos/master.ts';
import { SeededRandom } from '../../../src/lab/random.ts';
import type { AgentSpec, RunningTask, TaskInfo, TaskRunner, TaskUpdate } from '../../../src/lab/types.ts';
import { VERSIONS } from '../../../src/lab/versions.ts';

type Exited = (status: { code: number | null; signal: string | null }) => void;

export class ScriptedRunner implements TaskRunner {
  /** What a command gives now; a missing one gives 0. */
  results: Record<string, number | null> = {};
  /** Commands as they were run, with the time. */
  runs: { command: string; at: number }[] = [];
  kills: { id: string; grace: number }[] = [];
  killTakesMs = 100;
  added: string[] = [];
  removed: string[] = [];
  readonly #exits = new Map<string, Exited>();
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  async addAgent(agent: AgentSpec & { id: string }): Promise<void> {
    this.added.push(agent.host);
  }
  async removeAgent(id: string): Promise<void> {
    this.removed.push(id);
  }
  async stop(): Promise<void> {}

  start(task: TaskInfo, exited: Exited): RunningTask {
    this.#exits.set(task.id, exited);
    return {
      kill: (grace) => {
        this.kills.push({ id: task.id, grace });
        this.#clock.after(this.killTakesMs, () => exited({ code: null, signal: 'SIGTERM' }));
      },
      run: async (command) => {
        this.runs.push({ command, at: this.#clock.now() });
        const result = this.results[command];
        return result === undefined ? 0 : result;
      },
      read: async () => undefined,
      list: async () => undefined,
    };
  }

  exit(id: string, code: number | null, signal: string | null = null): void {
    this.#exits.get(id)!({ code, signal });
  }
}

export interface Stage {
  clock: VirtualClock;
  master: MesosMaster;
  runner: ScriptedRunner;
  updates: TaskUpdate[];
  /** Launches a task on the agent at this address and returns its id. */
  launch(host: string, more?: Partial<TaskInfo>): string;
  /** Lets time pass, a second at a time, so that commands end in between. */
  pass(seconds: number): Promise<void>;
  /** States of a task's updates, in their order, each run of equal ones once. */
  states(id: string): string[];
}

export async function stage(agents: AgentSpec[] = [{ host: '10.0.1.11', public: false }]): Promise<Stage> {
  const clock = new VirtualClock(Date.parse('2026-11-24T00:00:00Z'));
  const runner = new ScriptedRunner(clock);
  const versions = VERSIONS['2.2'];
  const master = new MesosMaster({ clock, runner, versions, random: new SeededRandom(7) });
  for (const agent of agents) await master.addAgent(agent);
  const updates: TaskUpdate[] = [];
  master.onUpdate((update) => updates.push(update));
  let count = 0;
  return {
    clock,
    master,
    runner,
    updates,
    launch(host, more = {}) {
      const offer = master.offers().find((one) => one.host === host)!;
      const info = {
        ...task(`task-${++count}`),
        agentId: offer.agentId,
        frameworkId: master.frameworkId,
        ...more,
      };
      master.launch(offer, info);
      return info.id;
    },
    async pass(seconds) {
      for (let i = 0; i < seconds; i++) {
        clock.advance(1000);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
    states(id) {
      const all = updates.filter(({ taskId }) => taskId === id).map(({ state }) => state);
      return all.filter((state, i) => state !== all[i - 1]);
    },
  };
}

export function task(id: string): TaskInfo {
  return {
    id,
    appId: '/app',
    frameworkId: '',
    agentId: '',
    cmd: 'sleep 1000',
    env: {},
    user: 'root',
    role: 'slave_public',
    cpus: 0.1,
    mem: 32,
    disk: 0,
    ports: [],
    killGraceSeconds: 3,
  };
}

export const HEALTH = {
  command: 'health',
  gracePeriodSeconds: 0,
  intervalSeconds: 1,
  timeoutSeconds: 5,
  delaySeconds: 0,
  maxConsecutiveFailures: 3,
};
export const CHECK = { command: 'check', intervalSeconds: 5, timeoutSeconds: 10, delaySeconds: 0 };
