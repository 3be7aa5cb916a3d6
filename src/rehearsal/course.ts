// What a rehearsal came to, reckoned from what the rollout told and from what happened on the stage. Pure.
import type { Wave } from '../plan/waves.ts';
import type { Listener } from '../rollout/events.ts';
import type { RolloutState } from '../rollout/state.ts';
import { interruptedName } from '../steps/turn/interrupts.ts';
import type { Inventory } from './inventory.ts';

export interface CourseWave {
  /** From 1. */
  wave: number;
  kind: Wave['kind'];
  agents: number;
  seconds: number;
  /** Seconds after the command began until it was over. */
  over: number;
}

export interface Course {
  /** Of the whole command, as it would pass on the cluster. */
  seconds: number;
  /** Until the plan stood: the checks, and the agents that were asked. */
  askingSeconds: number;
  /** From the first write until the first wave. Undefined: none began. */
  startingSeconds?: number;
  waves: CourseWave[];
  /** Waves that the plan had, those that were never begun included. */
  planned: number;
  /** Agents whose turn never came. */
  notBegun: number;
  failed: { host: string; reason: string }[];
  /** The agent that was longest in its turn. */
  slowest?: { host: string; seconds: number };
  /** Agents on which Docker was restarted, and what that ended, by name. */
  restarted: { host: string; times: number; interrupted: string[] }[];
}

interface Mark {
  wave: number;
  kind: Wave['kind'];
  agents: number;
  began: number;
  over?: number;
}

/** Listens to a rollout on a stage. */
export class CourseRecorder {
  readonly #began: number;
  readonly #now: () => number;
  #first: number | undefined;
  readonly #waves: Mark[] = [];
  #state: RolloutState | undefined;

  /** @param began when the command began, ms */
  constructor(began: number, now: () => number) {
    this.#began = began;
    this.#now = now;
  }

  readonly listener: Listener = (event, state) => {
    const now = this.#now();
    this.#first ??= now;
    this.#state = state;
    if (event.type === 'wave began')
      this.#waves.push({ wave: event.wave + 1, kind: event.kind, agents: event.agents.length, began: now });
    if (event.type === 'wave ended') {
      const mark = this.#waves.findLast(({ wave }) => wave === event.wave + 1);
      if (mark) mark.over = now;
    }
  };

  /** @param restarted by address, how often Docker was */
  course({ agents }: Inventory, restarted: ReadonlyMap<string, number>): Course {
    const end = this.#now();
    const first = this.#first ?? end;
    const progress = [...(this.#state?.agents.values() ?? [])];
    const took = progress
      .filter(({ given, standing }) => given !== undefined && standing !== 'in turn')
      .map(({ agent, given, since }) => ({ host: agent.host, seconds: seconds(since - given!) }))
      .sort((a, b) => b.seconds - a.seconds || a.host.localeCompare(b.host));
    const [firstWave] = this.#waves;
    return {
      seconds: seconds(end - this.#began),
      askingSeconds: seconds(first - this.#began),
      ...(firstWave ? { startingSeconds: seconds(firstWave.began - first) } : {}),
      waves: this.#waves.map(({ wave, kind, agents, began, over = end }) => ({
        wave,
        kind,
        agents,
        seconds: seconds(over - began),
        over: seconds(over - this.#began),
      })),
      planned: this.#state?.waves.length ?? 0,
      notBegun: progress.filter(({ standing }) => standing === 'to come').length,
      failed: progress
        .filter(({ standing }) => standing === 'failed' || standing === 'stalled')
        .map(({ agent, reason }) => ({ host: agent.host, reason })),
      ...(took[0] ? { slowest: took[0] } : {}),
      restarted: agents
        .filter(({ host }) => restarted.has(host))
        .map(({ host, docker = [] }) => ({
          host,
          times: restarted.get(host)!,
          interrupted: [...new Set(docker.map((one) => interruptedName({ ...one, name: one.task })))].sort(),
        })),
    };
  }
}

function seconds(ms: number): number {
  return Math.round(ms / 1000);
}
