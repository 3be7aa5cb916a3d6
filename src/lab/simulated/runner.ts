// The simulated grade: thousands of hosts without a process, whose steps take modelled times on the lab's clock.
import { STEP_NAMES, type StepName } from '../../steps/state.ts';
import type { Clock } from '../clock.ts';
import type { AgentSpec, RunningTask, TaskInfo, TaskRunner } from '../types.ts';
import { SimulatedHost } from './host.ts';
import { type SimulatedFaults, STEP_TIMES, type StepTimes } from './model.ts';
import { type SimulatedStep, SimulatedTask } from './task.ts';

type Exit = (status: { code: number | null; signal: string | null }) => void;

export class SimulatedRunner implements TaskRunner {
  readonly #clock: Clock;
  readonly #seed: number;
  readonly #hosts = new Map<string, SimulatedHost>();
  /** A host keeps what is on it when its agent gets a new id. */
  readonly #byAddress = new Map<string, SimulatedHost>();

  readonly #times: StepTimes;

  constructor(clock: Clock, seed: number, times: StepTimes = STEP_TIMES) {
    this.#clock = clock;
    this.#times = times;
    this.#seed = seed;
  }

  async addAgent(agent: AgentSpec & { id: string }): Promise<void> {
    const faults = (agent.faults ?? {}) as SimulatedFaults;
    const host =
      this.#byAddress.get(agent.host) ??
      new SimulatedHost(this.#clock, agent.host, `${this.#seed} ${agent.host}`, faults, this.#times);
    this.#byAddress.set(agent.host, host);
    this.#hosts.set(agent.id, host);
  }

  async removeAgent(agentId: string): Promise<void> {
    this.#hosts.delete(agentId);
  }

  /** The host at this address, to change what is wrong with it. */
  host(address: string): SimulatedHost | undefined {
    return this.#byAddress.get(address);
  }

  start(info: TaskInfo, exited: Exit): RunningTask {
    const host = this.#hosts.get(info.agentId);
    if (!host) throw new Error(`no host of ${info.agentId}`);
    const task = new SimulatedTask(this.#clock, info, stepOf(info), exited, host);
    if (task.step) host.begin(task);
    else this.#other(task);
    return task;
  }

  async stop(): Promise<void> {
    this.#hosts.clear();
    this.#byAddress.clear();
  }

  /** Anybody else's task: only how long it sleeps and how it ends are understood. */
  #other(task: SimulatedTask): void {
    const { cmd } = task.info;
    const sleep = /^sleep (\d+)/.exec(cmd);
    const exit = /(?:^|[;&\s])exit (\d+)\s*$/.exec(cmd);
    if (!sleep && !exit && cmd !== 'true' && cmd !== 'false') return;
    const seconds = sleep ? Number(sleep[1]) : 0.1;
    const code = exit ? Number(exit[1]) : cmd === 'false' ? 1 : 0;
    this.#clock.after(seconds * 1000, () => task.exit(code));
  }
}

function stepOf({ appId }: TaskInfo): SimulatedStep | undefined {
  if (appId.endsWith('/ops/preflight')) return 'preflight';
  if (appId.endsWith('/ops/turn')) return 'turn';
  if (appId.endsWith('/ops/data')) return 'data';
  if (appId.endsWith('/ops/bgp')) return 'bgp';
  const name = appId.split('/').at(-1) as StepName;
  // The second are those that take Calico off single agents.
  return STEP_NAMES.includes(name) && /^\/[^/]+(\/ops\/removal)?\/[^/]+$/.test(appId) ? name : undefined;
}
