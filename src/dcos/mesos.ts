// The Mesos master's list of agents, and an agent's own flags.
import type { Http } from './http.ts';
import { pause } from './retries.ts';
import { AGENTS, FLAGS } from './shapes.ts';
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

export class Mesos {
  readonly #http: Http;
  readonly #wait: (ms: number, signal?: AbortSignal) => Promise<void>;

  constructor(http: Http, wait: (ms: number, signal?: AbortSignal) => Promise<void> = pause) {
    this.#http = http;
    this.#wait = wait;
  }

  /**
   * All agents. A master that recovers answers 200 with empty lists: an empty list is asked for again,
   * and one that stays empty is returned as `recovering`.
   */
  async agents(signal?: AbortSignal): Promise<AgentList> {
    for (let attempt = 1; ; attempt++) {
      const { agents, recovered } = await this.#http.json({ path: '/mesos/slaves', signal }, AGENTS);
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
}
