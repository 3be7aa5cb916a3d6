// The contracts between the lab's parts: Mesos (agents, offers, tasks), Marathon on top of it, and what runs a task.
import type { Clock } from './clock.ts';
import type { MachineSpec } from './sandbox/spec.ts';

/** DC/OS versions the lab can be; the Marathon and Mesos that each ships follow from it. */
export type DcosVersion = '1.9' | '1.10' | '1.11' | '1.12' | '1.13' | '2.0' | '2.1' | '2.2';

export type Grade = 'sandbox' | 'simulated' | 'hosts';

/** A deterministic source of randomness: everything in the lab that is random comes from one seed. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  shuffle<T>(items: readonly T[]): T[];
}

export interface AgentSpec {
  /** Address: Mesos' hostname on DC/OS. */
  host: string;
  public: boolean;
  cpus?: number;
  mem?: number;
  disk?: number;
  /** What it offers; default: as DC/OS' agents of its kind. */
  ports?: [from: number, to: number][];
  attributes?: Record<string, string | number>;
  /** Everything reserved to this role, as SDK services or a custom default role do it. */
  reservedRole?: string;
  /** What the host (sandbox) or the model (simulated) does wrong; data, see `faults.ts`. */
  faults?: Record<string, unknown>;
  /** The host beyond what Mesos knows of it: Docker, systemd, kernel, files. Sandbox grade only. */
  machine?: MachineSpec;
}

export interface PortMapping {
  port: number;
  name: string;
}

/** What Marathon asks Mesos to run. */
export interface TaskInfo {
  id: string;
  /** Marathon's app id, `/calico/node`. */
  appId: string;
  frameworkId: string;
  agentId: string;
  cmd: string;
  env: Record<string, string>;
  user: string;
  role: string;
  cpus: number;
  mem: number;
  disk: number;
  ports: PortMapping[];
  /** Missing: a command in the host's own file system, run by Mesos' containerizer. */
  container?: { type: 'DOCKER' | 'MESOS'; image?: string };
  /** The network of CNI's (Mesos) or of Docker's that it is attached to, and its labels there; missing: the host's. */
  network?: { name: string; labels: Record<string, string> };
  check?: { command: string; intervalSeconds: number; timeoutSeconds: number; delaySeconds: number };
  healthCheck?: {
    command: string;
    gracePeriodSeconds: number;
    intervalSeconds: number;
    timeoutSeconds: number;
    delaySeconds: number;
    maxConsecutiveFailures: number;
  };
  killGraceSeconds: number;
}

export interface TaskUpdate {
  taskId: string;
  agentId: string;
  /** A Mesos task state, `TASK_RUNNING`. */
  state: string;
  message?: string;
  reason?: string;
  /** Present with the first result of a health check, and on every change. */
  healthy?: boolean;
  /** Exit code of the last check; absent until the first, and when it timed out. */
  checkExitCode?: number;
  /** Of its container, where that is not the agent's. */
  address?: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** Runs one task on one agent. Reports its life by `update`; checks and health checks are run by the executor, not here. */
export interface RunningTask {
  /** Of its container on a network of its own; missing: the agent's. */
  readonly address?: string | undefined;
  /** SIGTERM, and SIGKILL after the grace time. The end is reported by `exited`. */
  kill(graceSeconds: number): void;
  /** Runs a command as the executor runs checks: `sh -c` in the sandbox with the task's environment. `null`: timed out. */
  run(command: string, timeoutSeconds: number): Promise<number | null>;
  /**
   * For runners that model their tasks: the same result at once, without running anything. A task that has this is not
   * asked at every interval but only after it said, by `watch`, that a result changed.
   */
  result?(command: string): number | null;
  watch?(changed: () => void): void;
  /** A file of the sandbox by its path in it, for the files API; undefined: there is none. */
  read(path: string): Promise<Uint8Array | undefined>;
  list(
    path: string,
  ): Promise<{ name: string; size: number; directory: boolean; mtime: number; mode: string }[] | undefined>;
}

/** One grade's way to run tasks. */
export interface TaskRunner {
  addAgent(agent: AgentSpec & { id: string }): Promise<void>;
  removeAgent(agentId: string): Promise<void>;
  /** The host starts anew: its processes are gone, what is volatile too. Without this, only its tasks end. */
  rebootAgent?(agentId: string): Promise<void>;
  start(
    task: TaskInfo,
    exited: (status: { code: number | null; signal: string | null }) => void,
  ): RunningTask;
  /** Ends every process and removes every file. */
  stop(): Promise<void>;
}

/** An agent's free resources as offered to Marathon's role. */
export interface Offer {
  id: string;
  agentId: string;
  host: string;
  attributes: Record<string, string | number>;
  /** Free, by role: `*` and, on public agents, `slave_public`. */
  resources: Record<string, { cpus: number; mem: number; disk: number; ports: [from: number, to: number][] }>;
}

/** Mesos as Marathon's scheduler sees it. */
export interface MesosForMarathon {
  readonly clock: Clock;
  readonly random: Random;
  readonly frameworkId: string;
  /** Offers that stand now, in random order: active agents, not deactivated, with anything free. */
  offers(): Offer[];
  /** Takes the resources out of the offer's agent and starts the task. */
  launch(offer: Offer, task: TaskInfo): void;
  kill(taskId: string): void;
  onUpdate(listener: (update: TaskUpdate) => void): void;
  /** Something became free or an agent (re)joined: new offers may be had. */
  onOffers(listener: () => void): void;
}
