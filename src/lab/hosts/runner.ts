// The lab's grade `hosts`: tasks on machines with real systemd, Docker and etcd.
import { randomUUID } from 'node:crypto';
import { executorEnvironment } from '../sandbox/executor-environment.ts';
import type { AgentSpec, DcosVersion, TaskInfo, TaskRunner } from '../types.ts';
import { HostsTask } from './hosts-task.ts';
import type { Machine } from './machine.ts';

export interface HostsRunnerOptions {
  dcos: DcosVersion;
  /** By address. */
  machines: Map<string, Machine>;
  /** Environment that the agent gives to all tasks besides DC/OS' own. */
  environment?: Record<string, string>;
  /** The shell of a host. Default: its `/bin/sh`. */
  shell?: (machine: Machine) => readonly string[];
}

export class HostsRunner implements TaskRunner {
  readonly #options: HostsRunnerOptions;
  readonly #agents = new Map<string, { machine: Machine; tasks: Set<HostsTask> }>();

  constructor(options: HostsRunnerOptions) {
    this.#options = options;
  }

  /** The machine at the agent's address is there already: hosts start together, before the lab does. */
  async addAgent(agent: AgentSpec & { id: string }): Promise<void> {
    const machine = this.#options.machines.get(agent.host);
    if (!machine) throw new Error(`no host of this lab has the address ${agent.host}`);
    this.#agents.set(agent.id, { machine, tasks: new Set() });
  }

  async removeAgent(agentId: string): Promise<void> {
    await this.#endTasks(agentId);
    this.#agents.delete(agentId);
  }

  async rebootAgent(agentId: string): Promise<void> {
    const agent = this.#agents.get(agentId);
    await agent?.machine.reboot();
    await this.#endTasks(agentId);
  }

  start(task: TaskInfo, exited: (status: { code: number | null; signal: string | null }) => void): HostsTask {
    const agent = this.#agents.get(task.agentId);
    if (!agent) throw new Error(`the lab has no agent ${task.agentId}`);
    const { machine, tasks } = agent;
    const executor = `/var/lib/mesos/slave/slaves/${task.agentId}/frameworks/${task.frameworkId}/executors/${task.id}`;
    const sandbox = `${executor}/runs/${randomUUID()}`;
    const context = { dcos: this.#options.dcos, address: machine.address, agentId: task.agentId, sandbox };
    const running: HostsTask = new HostsTask({
      machine,
      sandbox,
      cmd: task.cmd,
      env: {
        ...executorEnvironment(task, context),
        MESOS_TASK_ID: task.id,
        ...task.env,
        ...this.#options.environment,
      },
      shell: this.#options.shell?.(machine) ?? ['/bin/sh'],
      exited: (status) => {
        tasks.delete(running);
        exited(status);
      },
    });
    tasks.add(running);
    return running;
  }

  async #endTasks(agentId: string): Promise<void> {
    const running = [...(this.#agents.get(agentId)?.tasks ?? [])];
    for (const task of running) task.kill(0);
    await Promise.all(running.map((task) => task.ended));
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#agents.keys()].map((id) => this.#endTasks(id)));
    this.#agents.clear();
  }
}
