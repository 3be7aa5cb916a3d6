// The lab's grade `sandbox`: each agent is a host in a directory of its own, and tasks really run there.
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, UserError } from '../../errors.ts';
import type { AgentSpec, DcosVersion, TaskInfo, TaskRunner } from '../types.ts';
import { executorEnvironment } from './executor-environment.ts';
import { type Faults, faultsProblem } from './faults.ts';
import { createHost, type Host } from './host.ts';
import { installImage } from './image.ts';
import { CalicoNetwork, type Endpoint } from './network/calico.ts';
import { reaper } from './reaper.ts';
import { SandboxTask } from './sandbox-task.ts';
import type { MachineSpec, NetworkSpec } from './spec.ts';
import { prepareTools, type Tools } from './tools.ts';

export interface SandboxRunnerOptions {
  /** Directory of all hosts, `DIR/ADDRESS` each; removed by `stop`, and when this process ends in any way. */
  dir: string;
  dcos?: DcosVersion;
  /** What every host reaches: routes to the lab's etcd and artifact server, SRV records. */
  network?: NetworkSpec;
  /** The hosts of agents whose spec does not say what they are. */
  machine?: (agent: AgentSpec) => MachineSpec | undefined;
  /** The shell that runs tasks and checks. Default: this machine's `/bin/sh`. */
  shell?: readonly string[];
  /** Seconds between a step's looks, and between its verifications; shorter than on a real agent. Default 1 and 10. */
  lookSeconds?: number;
  verifySeconds?: number;
}

interface Agent {
  host: Host;
  tasks: Set<SandboxTask>;
}

export class SandboxRunner implements TaskRunner {
  readonly #options: SandboxRunnerOptions;
  readonly #agents = new Map<string, Agent>();
  readonly #calico = new CalicoNetwork();
  #tools: Tools | undefined;
  #stopped = false;

  constructor(options: SandboxRunnerOptions) {
    this.#options = options;
  }

  /** The host of an agent, by its id. */
  host(agentId: string): Host {
    const agent = this.#agents.get(agentId);
    if (!agent) throw new Error(`the sandbox has no agent ${agentId}`);
    return agent.host;
  }

  get hosts(): Host[] {
    return [...this.#agents.values()].map(({ host }) => host);
  }

  async addAgent(agent: AgentSpec & { id: string }): Promise<void> {
    const problem = agent.faults && faultsProblem(agent.faults);
    if (problem) {
      throw new UserError({
        code: 'lab-faults',
        what: `The faults of agent ${agent.host} cannot be used`,
        why: problem,
        exit: EXIT.usage,
      });
    }
    reaper.addDirectory(this.#options.dir);
    this.#tools ??= await prepareTools();
    const host = await createHost({
      ...(agent.machine ?? this.#options.machine?.(agent)),
      dir: join(this.#options.dir, agent.host),
      address: agent.host,
      public: agent.public,
      dcos: this.#options.dcos,
      network: this.#options.network,
      faults: agent.faults as Faults | undefined,
    });
    host.environment.DCOS_CALICO_LOOK_SECONDS = String(this.#options.lookSeconds ?? 1);
    host.environment.DCOS_CALICO_VERIFY_SECONDS = String(this.#options.verifySeconds ?? 10);
    const known: Agent = { host, tasks: new Set() };
    host.machine.onAgentEnd = () => void this.#endTasks(known);
    host.machine.calico = this.#calico;
    this.#agents.set(agent.id, known);
  }

  async removeAgent(agentId: string): Promise<void> {
    const agent = this.#agents.get(agentId);
    if (!agent) return;
    this.#agents.delete(agentId);
    await this.#endTasks(agent);
    await agent.host.remove();
  }

  /** Power off and on: every task of the host is killed, and its daemons start as at boot. */
  async reboot(agentId: string): Promise<void> {
    const agent = this.#agents.get(agentId)!;
    await this.#endTasks(agent);
    await agent.host.reboot();
  }

  async #endTasks(agent: Agent): Promise<void> {
    const running = [...agent.tasks].filter((task) => task.running);
    await Promise.all(
      running.map(
        (task) =>
          new Promise<void>((resolve) => {
            task.onEnd(resolve);
            task.kill(0);
          }),
      ),
    );
  }

  start(
    task: TaskInfo,
    exited: (status: { code: number | null; signal: string | null }) => void,
  ): SandboxTask {
    const agent = this.#agents.get(task.agentId);
    if (!agent || this.#stopped) throw new Error(`the sandbox has no agent ${task.agentId}`);
    const { host } = agent;
    const directory = host.path(
      join(
        '/var/lib/mesos/slave/slaves',
        task.agentId,
        'frameworks',
        task.frameworkId,
        'executors',
        task.id,
        'runs',
        randomUUID(),
      ),
    );
    const endpoint = this.#attached(host, task);
    const inDocker = task.container?.type === 'DOCKER';
    const running = new SandboxTask({
      directory,
      cmd: task.cmd,
      env: {
        ...executorEnvironment(task, {
          dcos: host.machine.dcos,
          address: host.address,
          agentId: task.agentId,
          sandbox: directory,
        }),
        MESOS_TASK_ID: task.id,
        ...task.env,
        // Last: only the agent itself says where its root is (the planner refuses it in an app). An image has none of it.
        ...(inDocker ? { PATH: installImage(host, this.#tools!) } : host.environment),
        ...(endpoint ? { LAB_ENDPOINT: this.#calico.onLoopback(endpoint) } : {}),
      },
      shell: this.#options.shell ?? ['/bin/sh'],
      exited,
      ...(endpoint ? { address: endpoint.address } : {}),
    });
    if (endpoint) running.onEnd(() => this.#calico.detach(task.id));
    agent.tasks.add(running);
    running.onEnd(() => agent.tasks.delete(running));
    return running;
  }

  /** Of a task on a network of its own; throws what Mesos says where it cannot be attached. */
  #attached({ machine }: Host, { id, network, container }: TaskInfo): Endpoint | undefined {
    if (!network) return undefined;
    return this.#calico.attach(machine, id, network, container?.type === 'DOCKER' ? 'docker' : 'mesos');
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all([...this.#agents.keys()].map((id) => this.removeAgent(id)));
    await rm(this.#options.dir, { recursive: true, force: true });
    reaper.removeDirectory(this.#options.dir);
  }
}
