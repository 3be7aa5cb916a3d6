// A Marathon on the lab's Mesos for tests: time moves only when told to, tasks do what a test says.
import { VirtualClock } from '../../../src/lab/clock.ts';
import { Marathon } from '../../../src/lab/marathon/marathon.ts';
import { MesosMaster } from '../../../src/lab/mesos/master.ts';
import { SeededRandom } from '../../../src/lab/random.ts';
import type { AgentSpec, DcosVersion, RunningTask, TaskInfo } from '../../../src/lab/types.ts';
import { VERSIONS } from '../../../src/lab/versions.ts';

type Exited = (status: { code: number | null; signal: string | null }) => void;

export const START = Date.parse('2026-11-24T03:00:00Z');

/** What a task does; read anew at each check. */
export interface Behaviour {
  /** Exit code of the check. */
  check?: number;
  /** Result of the health check, default true. */
  healthy?: boolean;
  /** Ends by itself after so many seconds, with this code. */
  ends?: { after: number; code: number };
}

export class ModelTask implements RunningTask {
  readonly info: TaskInfo;
  readonly #cluster: Cluster;
  readonly #exited: Exited;
  #changed = () => {};
  #over = false;

  constructor(cluster: Cluster, info: TaskInfo, exited: Exited) {
    this.info = info;
    this.#cluster = cluster;
    this.#exited = exited;
    const { ends } = this.#behaviour;
    if (ends) cluster.clock.after(ends.after * 1000, () => this.end(ends.code));
  }

  get #behaviour(): Behaviour {
    return this.#cluster.behaviour(this.info);
  }

  end(code: number | null, signal: string | null = null): void {
    if (this.#over) return;
    this.#over = true;
    this.#cluster.running.delete(this);
    this.#exited({ code, signal });
  }

  kill(): void {
    this.#cluster.clock.after(100, () => this.end(null, 'SIGTERM'));
  }

  result(command: string): number {
    const { check = 0, healthy = true } = this.#behaviour;
    return command === 'true' ? (healthy ? 0 : 1) : check;
  }

  async run(): Promise<number> {
    throw new Error('Only modelled: results are asked for at once');
  }

  watch(changed: () => void): void {
    this.#changed = changed;
  }

  look(): void {
    if (!this.#over) this.#changed();
  }

  async read(): Promise<undefined> {}

  async list(): Promise<undefined> {}
}

export interface Answer {
  status: number;
  headers: Record<string, string>;
  // The shape of what is asked for is the test's business.
  // biome-ignore lint/suspicious/noExplicitAny: answers of all kinds
  body: any;
}

const DCOS: Record<string, DcosVersion> = {
  '1.4': '1.9',
  '1.5': '1.10',
  '1.6': '1.11',
  '1.7': '1.12',
  '1.8': '1.13',
  '1.9': '2.0',
  '1.10': '2.1',
  '1.11': '2.2',
};

export class Cluster {
  readonly clock = new VirtualClock(START);
  readonly mesos: MesosMaster;
  readonly marathon: Marathon;
  readonly running = new Set<ModelTask>();
  behaviour: (task: TaskInfo) => Behaviour = () => ({});

  private constructor(version: string, seed: number) {
    this.mesos = new MesosMaster({
      clock: this.clock,
      random: new SeededRandom(seed),
      runner: {
        addAgent: async () => {},
        removeAgent: async () => {},
        start: (info, exited) => {
          const task = new ModelTask(this, info, exited);
          this.running.add(task);
          return task;
        },
        stop: async () => {},
      },
      versions: VERSIONS[DCOS[version.split('.').slice(0, 2).join('.')]!],
      maxPingTimeouts: 5,
    });
    this.marathon = new Marathon({ mesos: this.mesos, version });
  }

  /** `agents`: so many private ones, 10.0.1.1 and on, or what each is. */
  static async of(version: string, agents: number | AgentSpec[], seed = 1): Promise<Cluster> {
    const cluster = new Cluster(version, seed);
    const specs =
      typeof agents === 'number'
        ? Array.from({ length: agents }, (_, i) => ({
            host: `10.0.${1 + Math.floor(i / 250)}.${1 + (i % 250)}`,
            public: false,
          }))
        : agents;
    for (const spec of specs) await cluster.mesos.addAgent(spec);
    return cluster;
  }

  async ask(method: string, path: string, body?: unknown): Promise<Answer> {
    const url = new URL(path, 'http://lab');
    const response = await this.marathon.handle({
      method,
      path: url.pathname,
      query: url.searchParams,
      headers: {},
      body: body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body),
    });
    const text = String(response.body);
    const isJson = text !== '' && response.headers['Content-Type'] === 'application/json';
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  async app(id: string): Promise<Answer['body']> {
    return (await this.ask('GET', `/v2/apps${id}?embed=app.taskStats`)).body.app;
  }

  async deployments(): Promise<Answer['body']> {
    return (await this.ask('GET', '/v2/deployments')).body;
  }

  /** Tasks of an app by their hosts. */
  async hosts(id: string): Promise<string[]> {
    return (await this.app(id)).tasks.map(({ host }: { host: string }) => host).sort();
  }

  pass(seconds: number): void {
    this.clock.advance(seconds * 1000);
  }

  /** What the tasks do may have changed. */
  look(): void {
    for (const task of this.running) task.look();
  }
}

/** An app that does nothing, on every agent once. */
export function app(more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    cmd: 'sleep 1000',
    instances: 3,
    cpus: 0.1,
    mem: 32,
    portDefinitions: [],
    constraints: [['hostname', 'UNIQUE']],
    upgradeStrategy: { minimumHealthCapacity: 0, maximumOverCapacity: 0 },
    unreachableStrategy: { inactiveAfterSeconds: 1800, expungeAfterSeconds: 3600 },
    ...more,
  };
}

export const HEALTH_CHECK = {
  protocol: 'COMMAND',
  command: { value: 'true' },
  gracePeriodSeconds: 0,
  intervalSeconds: 5,
  delaySeconds: 0,
  maxConsecutiveFailures: 2147483647,
};
export const CHECK = {
  exec: { command: { shell: 'sh ./health' } },
  intervalSeconds: 5,
  timeoutSeconds: 10,
  delaySeconds: 0,
};
