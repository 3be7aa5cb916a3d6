// The hosts of the recordings, modelled: the stand-ins of the steps and of the turn as their recorded commands say, on the lab's
// Mesos and a clock that moves only when told to.
import { VirtualClock } from '../../src/lab/clock.ts';
import { Marathon } from '../../src/lab/marathon/marathon.ts';
import { MesosMaster } from '../../src/lab/mesos/master.ts';
import { SeededRandom } from '../../src/lab/random.ts';
import type { DcosVersion, RunningTask, TaskInfo, TaskRunner } from '../../src/lab/types.ts';
import { VERSIONS } from '../../src/lab/versions.ts';

type Exited = (status: { code: number | null; signal: string | null }) => void;

/** From its start to the file that its check executes; the recorded checks found none at first. */
const WRITTEN_MS = 400;

class StandIn implements RunningTask {
  readonly #world: MarathonWorld;
  readonly #task: TaskInfo;
  readonly #exited: Exited;
  #changed = () => {};
  #written = false;
  #over = false;

  constructor(world: MarathonWorld, task: TaskInfo, exited: Exited) {
    this.#world = world;
    this.#task = task;
    this.#exited = exited;
    const status = /exit (\d+)$/.exec(task.cmd);
    if (status) world.clock.after(300, () => this.#end(Number(status[1]), null));
    world.clock.after(WRITTEN_MS, () => {
      this.#written = true;
      if (this.#isTurn) world.put(`${this.#host}.turn`);
      this.look();
    });
  }

  get #isTurn(): boolean {
    return this.#task.appId === '/calico/ops/turn';
  }

  get #host(): string {
    return this.#task.env.HOST!;
  }

  look(): void {
    if (!this.#over) this.#changed();
  }

  kill(): void {
    this.#world.clock.after(300, () => this.#end(null, 'SIGTERM'));
  }

  result(command: string): number {
    if (command === 'true') return 0;
    if (!this.#written) return 2;
    const { files } = this.#world;
    if (this.#isTurn) return [...files].some((file) => file.startsWith(`${this.#host}.fail`)) ? 20 : 0;
    const step = this.#task.appId.split('/').at(-1)!;
    const done = `${this.#host}.done.${step}.${this.#task.env.GEN}`;
    if (files.has(`${this.#host}.fail.${step}`)) return 20;
    if (!files.has(`${this.#host}.turn`) && !files.has(done)) return 11;
    files.add(done);
    return 0;
  }

  async run(): Promise<number> {
    throw new Error('Only modelled: results are asked for at once');
  }

  watch(changed: () => void): void {
    this.#changed = changed;
  }

  async read(): Promise<undefined> {}

  async list(): Promise<undefined> {}

  #end(code: number | null, signal: string | null): void {
    if (this.#over) return;
    this.#over = true;
    if (this.#isTurn) this.#world.remove(`${this.#host}.turn`);
    this.#world.tasks.delete(this);
    this.#exited({ code, signal });
  }
}

export class MarathonWorld {
  readonly clock: VirtualClock;
  readonly mesos: MesosMaster;
  readonly marathon: Marathon;
  /** What lies below /run/cal of the recordings: all hosts share it. */
  readonly files = new Set<string>();
  readonly tasks = new Set<StandIn>();

  constructor(start: number, dcos: DcosVersion, version: string, leader: string) {
    this.clock = new VirtualClock(start);
    const runner: TaskRunner = {
      addAgent: async () => {},
      removeAgent: async () => {},
      start: (task, exited) => {
        const standIn = new StandIn(this, task, exited);
        this.tasks.add(standIn);
        return standIn;
      },
      stop: async () => {},
    };
    this.mesos = new MesosMaster({
      clock: this.clock,
      random: new SeededRandom(7),
      runner,
      versions: VERSIONS[dcos],
      // The recorded master had Mesos' own time-outs, not DC/OS'.
      maxPingTimeouts: 5,
    });
    this.marathon = new Marathon({ mesos: this.mesos, version, leader });
  }

  async addAgents(): Promise<void> {
    for (const [host, isPublic] of [
      ['10.0.1.11', false],
      ['10.0.1.12', false],
      ['10.0.2.20', true],
    ] as const) {
      await this.mesos.addAgent({ host, public: isPublic, cpus: 4, mem: 4096 });
    }
  }

  async get(path: string): Promise<unknown> {
    const { pathname, searchParams } = new URL(path, 'http://lab');
    const request = { method: 'GET', path: pathname, query: searchParams, headers: {}, body: '' };
    return JSON.parse(String((await this.marathon.handle(request)).body));
  }

  /** Lets time pass until what is read there is as wanted. */
  async until(path: string, isSo: (answer: never) => boolean, limitSeconds = 120): Promise<void> {
    const end = this.clock.now() + limitSeconds * 1000;
    while (!isSo((await this.get(path)) as never)) {
      if (this.clock.now() > end) throw new Error(`Not so within ${limitSeconds} s: ${path}`);
      this.clock.advance(100);
    }
  }

  put(file: string): void {
    this.files.add(file);
    this.#look();
  }

  remove(file: string): void {
    this.files.delete(file);
    this.#look();
  }

  /** The stand-ins look every second. */
  #look(): void {
    this.clock.after(1000, () => {
      for (const task of this.tasks) task.look();
    });
  }
}
