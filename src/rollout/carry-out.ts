// Carries a plan out: asks, decides by `next`, does it, tells. All that is remembered is in the cluster.
import type { MarathonGroup } from '../dcos/types.ts';
import { UserError } from '../errors.ts';
import type { Options } from '../options/types.ts';
import { stepOf } from '../plan/agent-state.ts';
import type { Plan } from '../plan/types.ts';
import type { PlannedAgent } from '../plan/waves.ts';
import { type Control, controlIn } from '../steps/control-app.ts';
import type { Carrier } from '../steps/state.ts';
import { TURN_APP } from '../steps/turn/definition.ts';
import { begin, stepsGroup } from './begin.ts';
import { refillCanary } from './canary.ts';
import { type RolloutCluster, recovering } from './cluster.ts';
import { cutOff } from './cut-off.ts';
import type { Listener, RolloutEvent } from './events.ts';
import { assertUnchanged, turnIsAlone } from './guard.ts';
import { CONTROL_INTERVAL } from './limits.ts';
import { next } from './next.ts';
import { withGroup, withOldEnded, withPlacesSettled, withTurn, withTurnGiven } from './observe.ts';
import { patient } from './patience.ts';
import { putPlaces } from './places.ts';
import { putPlan } from './put-plan.ts';
import { withControl } from './said.ts';
import type { Action, Places, Placing, RolloutState } from './state.ts';
import { TurnKeeper } from './turn-keeper.ts';

const RECOVERING_MS = 5_000;
/** A master gives up agents that do not come back to it after 10 minutes (`--agent_reregister_timeout`); then all of them are gone. */
const RECOVERING_AT_MOST = 15 * 60_000;

export interface Time {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** What of a plan is carried out: that of an install and that of an uninstall alike. */
export type CarriedPlan = Pick<
  Plan,
  | 'put'
  | 'changes'
  | 'freed'
  | 'versions'
  | 'supersedes'
  | 'takenUp'
  | 'steps'
  | 'waves'
  | 'restarts'
  | 'strays'
  | 'maxConcurrent'
  | 'maxFailures'
  | 'numbers'
>;

export interface Carrying {
  plan: CarriedPlan;
  options: Options;
  cluster: RolloutCluster;
  marathon: { version: string; carrier: Carrier; frameworkId: string | null };
  time: Time;
  listener: Listener;
  pauseAfterCanary: boolean;
  /** No agent begins after it, ms since 1970. */
  until?: number;
  /** Who carries it on, for whoever looks from elsewhere. */
  who?: string;
  /** The group that has the steps' apps, where that is a subgroup of `/calico`. */
  stepsIn?: string;
  signal?: AbortSignal;
}

export type Ending = Extract<Action, { do: 'stop' | 'pause' | 'finish' }>;

export interface Carried {
  ending: Ending;
  state: RolloutState;
  /** Version by id that every app has unless somebody else has changed it; the turn is over. */
  versions: Readonly<Record<string, string>>;
}

/** Carries the plan out to its end. Throws UserError if the cluster fails or somebody else changes it; nothing is undone then. */
export async function carryOut(carrying: Carrying): Promise<Carried> {
  return new Rollout(carrying).run();
}

class Rollout {
  readonly #carrying: Carrying;
  /** Version by id that every app must still have. */
  #expected: Record<string, string>;
  #state: RolloutState;
  #group: MarathonGroup | undefined;
  readonly #turn: TurnKeeper;
  #versions: ReadonlyMap<string, string> = new Map();
  #said: Control = { skipped: [] };
  #controlAsked = 0;
  #recoveringSince: number | undefined;

  constructor(carrying: Carrying) {
    this.#carrying = carrying;
    this.#expected = { ...carrying.plan.versions };
    this.#state = begin(carrying);
    this.#turn = new TurnKeeper(carrying, (read) => this.#ask(read));
  }

  async run(): Promise<Carried> {
    try {
      this.#expected = await putPlan(this.#carrying, {
        expected: this.#expected,
        ask: (read) => this.#ask(read),
        tell: (event) => this.#tell(event),
      });
      return await this.#goThrough();
    } catch (error) {
      if (error instanceof UserError && error.problem.code === 'changed-meanwhile')
        await this.#turn.withdraw();
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
        case 'settle':
          await this.#settle(action.apps);
          break;
        case 'end old':
          await this.#endOld(action.tasks);
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
          // The look just before has shown that it is still ours.
          if (this.#expected[TURN_APP] !== undefined) await this.#turn.takeAway();
          return { ending: action, state: this.#state, versions: this.#withoutTurn() };
      }
    }
  }

  #withoutTurn(): Record<string, string> {
    const { [TURN_APP]: _, ...versions } = this.#expected;
    return versions;
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

  async #assertOurs(group: MarathonGroup | undefined): Promise<void> {
    if (turnIsAlone(group, this.#expected[TURN_APP])) await this.#turn.takeAwayGroup();
    assertUnchanged(this.#expected, group);
  }

  async #look(afterMs: number): Promise<void> {
    const { cluster, plan, options, marathon, time, signal } = this.#carrying;
    if (this.#state.looked !== undefined) await time.sleep(afterMs, signal);
    const [group, list] = await this.#ask(() =>
      Promise.all([cluster.marathon.group('/calico', signal), cluster.mesos.agents(signal)]),
    );
    await this.#assertOurs(group);
    this.#group = stepsGroup(group, this.#carrying.stepsIn);
    // A master that has just taken over does not know its agents yet: nothing is concluded from that.
    if (list.recovering) {
      this.#recoveringSince ??= time.now();
      if (time.now() - this.#recoveringSince >= RECOVERING_AT_MOST) throw recovering(list.recovered);
      return time.sleep(RECOVERING_MS, signal);
    }
    this.#recoveringSince = undefined;
    this.#versions = new Map(list.agents.map(({ id, version }) => [id, version]));
    const look = {
      group: this.#group,
      agents: list.agents,
      steps: plan.steps,
      carrier: marathon.carrier,
      options,
      strays: plan.strays ?? [],
    };
    const told = withControl({ ...this.#state, now: time.now() }, controlIn(group));
    this.#become(refillCanary(withGroup(told, look)));
  }

  async #settle(apps: readonly Places[]): Promise<void> {
    const versions = await putPlaces(this.#carrying, apps);
    if (!this.#carrying.stepsIn) Object.assign(this.#expected, versions);
    this.#state = withPlacesSettled(this.#state);
  }

  async #endOld(tasks: Placing['old']): Promise<void> {
    const { cluster, signal } = this.#carrying;
    await cluster.marathon.killTasks(
      tasks.map(({ id }) => id),
      signal,
    );
    this.#tell({ type: 'ended', hosts: [...new Set(tasks.map(({ host }) => host))] });
    this.#state = withOldEnded({ ...this.#state, now: this.#carrying.time.now() }, tasks);
  }

  async #giveTurn(wave: number, agents: readonly PlannedAgent[]): Promise<void> {
    const { kind } = this.#state.waves[wave]!;
    const app = await this.#turn.give(agents, {
      steps: this.#carrying.plan.steps.map((name) => ({ name, version: this.#versionOf(name) })),
      fresh: this.#expected[TURN_APP] === undefined,
      wave: { number: wave + 1, of: this.#state.waves.length, kind },
    });
    this.#expected[TURN_APP] = app.version;
    this.#state = withTurnGiven({ ...this.#state, now: this.#carrying.time.now() }, wave, agents, app);
    this.#tell({ type: 'wave began', wave, kind: this.#state.waves[wave]!.kind, agents });
  }

  #versionOf(step: string): string {
    const app = this.#group!.apps.find(({ id }) => stepOf(id) === step)!;
    return app.versionInfo?.lastConfigChangeAt ?? app.version;
  }

  async #poll(afterMs: number): Promise<void> {
    const { marathon, time, signal } = this.#carrying;
    await time.sleep(afterMs, signal);
    const app = await this.#turn.read(this.#expected[TURN_APP]!);
    const freed = await this.#turn.wipeLost(app, this.#state.turn!.version);
    await this.#turn.endEarlier(app, this.#state.turn!);
    if (freed.length > 0) this.#tell({ type: 'freed', hosts: freed });
    const reports = await this.#turn.reports(app, this.#state, this.#versions);
    const state = withTurn({ ...this.#state, now: time.now() }, app, marathon.carrier, reports);
    this.#become(withControl(state, await this.#control()));
  }

  /**
   * Between two looks at all tasks: a wave that hangs must be able to go on without an agent, and one whose apps somebody else has
   * changed meanwhile, or rolled back, would be waited for in vain.
   */
  async #control(): Promise<Control> {
    const { cluster, time, signal } = this.#carrying;
    if (time.now() - this.#controlAsked < CONTROL_INTERVAL) return this.#said;
    this.#controlAsked = time.now();
    const group = await this.#ask(() => cluster.marathon.definitions('/calico', signal));
    await this.#assertOurs(group);
    this.#said = controlIn(group);
    return this.#said;
  }

  #endWave(wave: number): void {
    const seconds = Math.round((this.#state.now - this.#state.turn!.since) / 1000);
    this.#state = { ...this.#state, turn: undefined, looked: undefined };
    this.#tell({ type: 'wave ended', wave, seconds });
  }

  #ask<T>(read: () => Promise<T>): Promise<T> {
    const { time, signal } = this.#carrying;
    return patient(read, time, (why) => this.#tell({ type: 'no answer', why }), signal);
  }
}
