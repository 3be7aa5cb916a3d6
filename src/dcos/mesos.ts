// The Mesos master's list of agents, and an agent's own flags.

import { AGENTS, AGENTS_WHOLE, FLAGS } from './agent-shapes.ts';
import type { Http } from './http.ts';
import { pause } from './retries.ts';
import { DOCKER_TASKS, type DockerTask } from './shapes.ts';
import type { MesosAgent } from './types.ts';

export interface AgentList {
  agents: MesosAgent[];
  /** Agents that a new leader knows from its registry and that have not come back to it yet: they are not in `agents`. */
  recovered: number;
  /** The list is not whole: a leader that has just taken over knows agents that have not come back, or answers with an empty list. */
  recovering: boolean;
}

const EMPTY_ATTEMPTS = 3;
const EMPTY_WAIT_MS = 1000;
/** Tasks a request: the default is 100. Those that are over are listed too, at most 1,000 a framework. */
const TASKS_AT_ONCE = 10_000;

export class Mesos {
  readonly #http: Http;
  readonly #wait: (ms: number, signal?: AbortSignal) => Promise<void>;

  constructor(http: Http, wait: (ms: number, signal?: AbortSignal) => Promise<void> = pause) {
    this.#http = http;
    this.#wait = wait;
  }

  /**
   * All agents. A master that recovers answers 200 with empty lists: an empty list is asked for again,
   * and one that stays empty is returned as `recovering`. `whole`: with what their type here does not name.
   */
  async agents(signal?: AbortSignal, { whole = false } = {}): Promise<AgentList> {
    const shape = whole ? AGENTS_WHOLE : AGENTS;
    for (let attempt = 1; ; attempt++) {
      const { agents, recovered } = await this.#http.json({ path: '/mesos/slaves', signal }, shape);
      if (agents.length > 0 || recovered > 0 || attempt === EMPTY_ATTEMPTS) {
        return { agents, recovered, recovering: recovered > 0 || agents.length === 0 };
      }
      await this.#wait(EMPTY_WAIT_MS, signal);
    }
  }

  /** An agent's flags by name (`work_dir`, `network_cni_config_dir`); undefined if the agent is not there. */
  async flags(agentId: string, signal?: AbortSignal): Promise<Record<string, string> | undefined> {
    return this.#http.jsonIfThere({ path: `/agent/${encodeURIComponent(agentId)}/flags`, signal }, FLAGS);
  }

  /** The tasks of all frameworks that Docker runs now; page by page. */
  async dockerTasks(signal?: AbortSignal): Promise<DockerTask[]> {
    const found = new Map<string, DockerTask>();
    for (let offset = 0; ; offset += TASKS_AT_ONCE) {
      const query = [
        ['limit', TASKS_AT_ONCE],
        ['offset', offset],
      ] as const;
      const page = await this.#http.json({ path: '/mesos/tasks', query, signal }, DOCKER_TASKS);
      // What starts meanwhile moves the pages: a task may be seen twice.
      for (const task of page.docker) found.set(`${task.frameworkId} ${task.id}`, task);
      if (page.listed < TASKS_AT_ONCE) return [...found.values()];
    }
  }
}
