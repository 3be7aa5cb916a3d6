// Carries a plan out: asks, decides by `next`, does it, tells. All that is remembered is in the cluster.
import type { MarathonApp, MarathonGroup } from '../dcos/types.ts';
import { UserError } from '../errors.ts';
import type { Options } from '../options/types.ts';
import { stepOf } from '../plan/agent-state.ts';
import { settleSeconds } from '../plan/settling.ts';
import type { Plan } from '../plan/types.ts';
import { turnNeeds } from '../plan/wanted.ts';
import type { PlannedAgent } from '../plan/waves.ts';
import { appDifferences, turnDefinition } from '../steps/app-definition.ts';
import type { Carrier } from '../steps/state.ts';
import { refillCanary } from './canary.ts';
import type { RolloutCluster } from './cluster.ts';
import { cutOff } from './cut-off.ts';
import type { Listener, RolloutEvent } from './events.ts';
import { assertUnchanged, turnTakenOver } from './guard.ts';
import { ASK_INTERVAL, pollInterval, TURN_ENDING } from './limits.ts';
import { next } from './next.ts';
import { type TurnReport, withGroup, withTurn } from './observe.ts';
import { patient } from './patience.ts';
import { turnReports } from './reports.ts';
import type { Action, RolloutState } from './state.ts';

const TURN = '/calico/ops/turn';
const RECOVERING_MS = 5_000;

export interface Time {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Carrying {
  plan: Plan;
  options: Options;
  cluster: RolloutCluster;
  marathon: { version: string; carrier: Carrier; frameworkId: string | null };
  time: Time;
  listener: Listener;
  pauseAfterCanary: boolean;
  /** No agent begins after it, ms since 1970. */
  until?: number;
  signal?: AbortSignal;
}

export type Ending = Extract<Action, { do: 'stop' | 'pause' | 'finish' }>;

export interface Carried {
  ending: Ending;
  state: RolloutState;
}

/** Carries the plan out to its end. Throws UserError if the cluster fails or somebody else changes it; nothing is undone then. */
export async function carryOut(carrying: Carrying): Promise<Carried> {
  return new Rollout(carrying).run();
}

function begin({ plan, time, pauseAfterCanary, until }: Carrying): RolloutState {
  const now = time.now();
  const agents = plan.waves.flatMap((wave) => wave.agents);
  return {
    now,
    waves: plan.waves,
    at: -1,
    maxFailures: plan.maxFailures.count,
    ...(until === undefined ? {} : { until }),
    pauseAfterCanary,
    agents: new Map(
      agents.map((agent) => [agent.id, { agent, standing: 'to come', reason: '', since: now }] as const),
    ),
    placing: undefined,
    turn: undefined,
    looked: undefined,
  };
}

class Rollout {
  readonly #carrying: Carrying;
  /** Version by id that every app must still have. */
  readonly #expected: Record<string, string>;
  #state: RolloutState;
  #group: MarathonGroup | undefined;
  /** When agents were last asked for their own reports, ms. */
  #asked = 0;
  #versions: ReadonlyMap<string, string> = new Map();

  constructor(carrying: Carrying) {
    this.#carrying = carrying;
    this.#expected = { ...carrying.plan.versions };
    this.#state = begin(carrying);
  }

  async run(): Promise<Carried> {
    try {
      await this.#put();
      return await this.#goThrough();
    } catch (error) {
      throw error instanceof UserError ? cutOff(error, this.#state) : error;
    }
  }

  async #goThrough(): Promise<Carried> {
    for (;;) {
      this.#state = { ...this.#state, now: this.#carrying.time.now() };
      const action = next(this.#state);
      switch (action.do) {
        case 'look':
          await this.#look(action.afterMs);
          break;
        case 'poll turn':
          await this.#poll(action.afterMs);
          break;
        case 'give turn':
          await this.#giveTurn(action.wave, action.agents);
          break;
        case 'end wave':
          this.#endWave(action.wave);
          break;
        default:
          await this.#takeTurnAway();
          return { ending: action, state: this.#state };
      }
    }
  }

  #tell(event: RolloutEvent): void {
    this.#carrying.listener(event, this.#state);
  }

  /** Takes over a new state, and tells of every agent whose standing it changed. */
  #become(state: RolloutState): void {
    const before = this.#state.agents;
    this.#state = state;
    for (const [id, progress] of state.agents) {
      const { standing } = progress;
      if (standing === before.get(id)?.standing || standing === 'to come' || standing === 'in turn') continue;
      this.#tell({ type: 'agent', progress });
    }
    this.#tell({ type: 'looked' });
  }

  async #put(): Promise<void> {
    const { plan, cluster, signal } = this.#carrying;
    if (!plan.put && plan.freed.length === 0) return;
    assertUnchanged(this.#expected, await this.#ask(() => cluster.marathon.group('/calico', signal)));
    if (plan.freed.length > 0) {
      await cluster.marathon.wipeTasks(
        plan.freed.map(({ task }) => task.id),
        signal,
      );
      this.#tell({ type: 'freed', hosts: plan.freed.map(({ task }) => task.host ?? task.id) });
    }
    if (!plan.put) return;
    const accepted = await cluster.marathon.putGroup(plan.put, {
      force: plan.supersedes.length > 0,
      ...(signal ? { signal } : {}),
    });
    for (const { step } of plan.changes) this.#expected[`/calico/${step}`] = accepted.version;
    this.#tell({
      type: 'applied',
      tasks: plan.numbers.tasksStarted,
      replaced: plan.numbers.tasksReplaced,
    });
  }

  async #look(afterMs: number): Promise<void> {
    const { cluster, plan, options, marathon, time, signal } = this.#carrying;
    if (this.#state.looked !== undefined) await time.sleep(afterMs, signal);
    const [group, list] = await this.#ask(() =>
      Promise.all([cluster.marathon.group('/calico', signal), cluster.mesos.agents(signal)]),
    );
    assertUnchanged(this.#expected, group);
    this.#group = group;
    // A master that has just taken over does not know its agents yet: nothing is concluded from that.
    if (list.recovering) return time.sleep(RECOVERING_MS, signal);
    this.#versions = new Map(list.agents.map(({ id, version }) => [id, version]));
    const look = {
      group,
      agents: list.agents,
      steps: plan.steps,
      carrier: marathon.carrier,
      options,
      turnNeeds: turnNeeds({ options, marathon }),
    };
    this.#become(refillCanary(withGroup({ ...this.#state, now: time.now() }, look)));
  }

  async #giveTurn(wave: number, agents: readonly PlannedAgent[]): Promise<void> {
    const { plan, options, marathon, cluster, time, signal } = this.#carrying;
    const definition = turnDefinition({
      agents: agents.map(({ host }) => host),
      allows: 'change',
      // A limit on the grant itself would stop an agent halfway: `--until` begins none after it, and lets those begun finish.
      until: '',
      settleSeconds: settleSeconds(options),
      steps: plan.steps.map((name) => ({ name, version: this.#versionOf(name) })),
      carrier: marathon.carrier,
      marathonVersion: marathon.version,
    });
    if (this.#expected[TURN] === undefined) await this.#lastTurnGone();
    // The turn is ours alone, and put again it is the same turn: a lost answer costs nothing.
    await this.#ask(() =>
      cluster.marathon.putApp(definition, { force: true, ...(signal ? { signal } : {}) }),
    );
    // The answer's version is not the app's if the same turn stood there already: then its tasks are as good.
    const app = await this.#ask(() => cluster.marathon.app(TURN, signal));
    if (!app || appDifferences(app, definition).length > 0) throw turnTakenOver(!app);
    this.#expected[TURN] = app.version;
    const now = time.now();
    const progress = new Map(this.#state.agents);
    for (const { id } of agents)
      progress.set(id, { ...progress.get(id)!, standing: 'in turn', given: now, since: now });
    this.#state = {
      ...this.#state,
      now,
      at: wave,
      agents: progress,
      turn: {
        version: app.versionInfo?.lastConfigChangeAt ?? app.version,
        since: now,
        agents: agents.map(({ id }) => id),
      },
    };
    this.#tell({ type: 'wave began', wave, kind: this.#state.waves[wave]!.kind, agents });
  }

  /**
   * A turn that was just taken away still has its tasks ended. Put again meanwhile, it is given as many tasks fewer, and the agents
   * without one would wait until Marathon counts anew, after up to 300 s.
   */
  async #lastTurnGone(): Promise<void> {
    const { cluster, time, signal } = this.#carrying;
    const until = time.now() + TURN_ENDING;
    const open = () => this.#ask(() => cluster.marathon.deployments(signal));
    while ((await open()).some(({ affectedApps }) => affectedApps.includes(TURN)) && time.now() < until)
      await time.sleep(pollInterval(0), signal);
  }

  #versionOf(step: string): string {
    const app = this.#group!.apps.find(({ id }) => stepOf(id) === step)!;
    return app.versionInfo?.lastConfigChangeAt ?? app.version;
  }

  async #poll(afterMs: number): Promise<void> {
    const { cluster, marathon, time, signal } = this.#carrying;
    await time.sleep(afterMs, signal);
    const app = await this.#ask(() => cluster.marathon.app(TURN, signal));
    if (!app || app.version !== this.#expected[TURN]) throw turnTakenOver(!app);
    const reports = await this.#reports(app, time.now());
    this.#become(withTurn({ ...this.#state, now: time.now() }, app, marathon.carrier, reports));
  }

  async #reports(app: MarathonApp, now: number): Promise<Map<string, TurnReport>> {
    const { cluster, marathon, signal } = this.#carrying;
    if (now - this.#asked < ASK_INTERVAL) return new Map();
    this.#asked = now;
    return turnReports(app, this.#state, {
      files: cluster.files,
      versions: this.#versions,
      ...marathon,
      ...(signal ? { signal } : {}),
    });
  }

  #endWave(wave: number): void {
    const seconds = Math.round((this.#state.now - this.#state.turn!.since) / 1000);
    this.#state = { ...this.#state, turn: undefined, looked: undefined };
    this.#tell({ type: 'wave ended', wave, seconds });
  }

  /** Only ours, and only if it still is. */
  async #takeTurnAway(): Promise<void> {
    const { cluster, signal } = this.#carrying;
    if (this.#expected[TURN] === undefined) return;
    await this.#ask(() => cluster.marathon.deleteApp(TURN, { force: true, ...(signal ? { signal } : {}) }));
  }

  #ask<T>(read: () => Promise<T>): Promise<T> {
    const { time, signal } = this.#carrying;
    return patient(read, time, (why) => this.#tell({ type: 'no answer', why }), signal);
  }
}
