// The app `/calico/ops/turn` and its tasks: given, watched, taken away.
import type { MarathonApp } from '../dcos/types.ts';
import { UserError } from '../errors.ts';
import { settleSeconds } from '../plan/settling.ts';
import type { PlannedAgent, Wave } from '../plan/waves.ts';
import {
  appDifferences,
  type Interrupts,
  type TurnRequest,
  turnDefinition,
} from '../steps/app-definition.ts';
import { TURN_APP } from '../steps/turn/definition.ts';
import type { Carrying } from './carry-out.ts';
import { untilEnded } from './ending.ts';
import { turnTakenOver } from './guard.ts';
import { ASK_INTERVAL, NOT_REPLACED } from './limits.ts';
import type { TurnReport } from './observe.ts';
import { turnReports } from './reports.ts';
import type { RolloutState } from './state.ts';
import { waitingForTask, whyNoTask } from './why-no-task.ts';

/** Which wave it is, of how many, for whoever looks from elsewhere. */
export interface WaveNumber {
  number: number;
  of: number;
  kind: Wave['kind'];
}

/** Asks again for a while where an answer may come later. */
export type Ask = <T>(ask: () => Promise<T>) => Promise<T>;

export class TurnKeeper {
  readonly #carrying: Carrying;
  readonly #ask: Ask;
  /** When agents were last asked for their own reports, ms. */
  #asked = 0;
  /** When tasks of earlier turns were last ended, ms. */
  #endedEarlier = 0;
  /** The version of the turn that this command gave last. */
  #given: string | undefined;

  constructor(carrying: Carrying, ask: Ask) {
    this.#carrying = carrying;
    this.#ask = ask;
  }

  /**
   * Gives the turn to exactly these agents, and returns its app. Throws `changed-meanwhile` if somebody else gave it at the same time.
   *
   * @param fresh whether there was no turn before
   */
  async give(
    agents: readonly PlannedAgent[],
    { steps, fresh, wave }: { steps: TurnRequest['steps']; fresh: boolean; wave: WaveNumber },
  ): Promise<MarathonApp> {
    const { options, marathon, cluster, until, who, signal } = this.#carrying;
    const restarts = wave.kind === 'restart';
    const definition = turnDefinition({
      agents: agents.map(({ host }) => host),
      allows: restarts ? 'restart' : 'change',
      ...(restarts ? { interrupts: this.#interrupts(agents) } : {}),
      // The agents hold to it themselves: no step begins after it, and one that has begun is finished.
      until: until === undefined ? '' : new Date(until).toISOString(),
      settleSeconds: settleSeconds(options, restarts),
      wave: `${wave.number}/${wave.of} ${wave.kind}`,
      ...(who === undefined ? {} : { who }),
      steps,
      carrier: marathon.carrier,
      marathonVersion: marathon.version,
    });
    if (fresh) await this.#lastOneGone();
    // The turn is ours alone, and put again it is the same turn: a lost answer costs nothing.
    try {
      await this.#ask(() =>
        cluster.marathon.putApp(definition, { force: true, ...(signal ? { signal } : {}) }),
      );
    } catch (error) {
      throw await this.#unlessGone(error);
    }
    // The answer's version is not the app's if the same turn stood there already: then its tasks are as good.
    const app = await this.#ask(() => cluster.marathon.app(TURN_APP, signal));
    if (!app || appDifferences(app, definition).length > 0) throw turnTakenOver(!app);
    this.#given = app.version;
    return app;
  }

  /** A group that another command has just taken away would be made anew by the turn, with a role of its own, and refuse it. */
  async #unlessGone(error: unknown): Promise<unknown> {
    if (!(error instanceof UserError) || error.problem.code !== 'marathon-rejected') return error;
    const group = await this.#ask(() => this.#carrying.cluster.marathon.group('/calico'));
    return group?.apps.length ? error : turnTakenOver(true);
  }

  /** What the plan showed of each: an agent that it shows nothing of may have nothing interrupted. */
  #interrupts(agents: readonly PlannedAgent[]): Interrupts {
    const shown = new Map(
      (this.#carrying.plan.restarts ?? []).map(({ agent, interrupts }) => [agent.id, interrupts]),
    );
    return Object.fromEntries(agents.map(({ id, host }) => [host, shown.get(id) ?? []]));
  }

  /**
   * A turn that was just taken away still has its tasks ended. Put again meanwhile, it is given as many tasks fewer, and the agents
   * without one would wait until Marathon counts anew, after up to 300 s.
   */
  async #lastOneGone(): Promise<void> {
    await untilEnded(this.#carrying, [TURN_APP], this.#ask);
  }

  /** The app with its tasks. Throws `changed-meanwhile` unless it is at the version that it was given at. */
  async read(version: string): Promise<MarathonApp> {
    const { cluster, signal } = this.#carrying;
    const app = await this.#ask(() => cluster.marathon.app(TURN_APP, signal));
    if (app?.version !== version) throw turnTakenOver(!app);
    return app!;
  }

  /**
   * A task of an earlier turn on an agent that Mesos lost sight of counts as one of this turn, and keeps its place from it: it is
   * given up. Returns the agents' addresses.
   */
  async wipeLost(app: MarathonApp, version: string): Promise<string[]> {
    const { cluster, signal } = this.#carrying;
    const lost = (app.tasks ?? []).filter(
      (task) => task.state === 'TASK_UNREACHABLE' && task.version < version,
    );
    if (lost.length === 0) return [];
    await cluster.marathon.wipeTasks(
      lost.map(({ id }) => id),
      signal,
    );
    return lost.map(({ host, id }) => host ?? id);
  }

  /**
   * Marathon ≥ 1.9.128 replaces only tasks that it considers healthy: one of the turn before whose health it lost sight of keeps its
   * place, and the deployment stands still (facts §12, "can hang for ever"). Such tasks are ended. Returns the agents' addresses.
   */
  async endEarlier(app: MarathonApp, turn: NonNullable<RolloutState['turn']>): Promise<string[]> {
    const { cluster, time, signal } = this.#carrying;
    const now = time.now();
    if (now - Math.max(turn.since, this.#endedEarlier) < NOT_REPLACED) return [];
    const earlier = (app.tasks ?? []).filter(
      (task) => task.state !== 'TASK_UNREACHABLE' && task.version < turn.version,
    );
    if (earlier.length === 0) return [];
    this.#endedEarlier = now;
    await cluster.marathon.killTasks(
      earlier.map(({ id }) => id),
      signal,
    );
    return earlier.map(({ host, id }) => host ?? id);
  }

  /** What only the agents, or Marathon's queue, tell of their turn; by agent id. */
  async reports(
    app: MarathonApp,
    state: RolloutState,
    versions: ReadonlyMap<string, string>,
  ): Promise<Map<string, TurnReport>> {
    const { cluster, marathon, time, signal } = this.#carrying;
    if (time.now() - this.#asked < ASK_INTERVAL) return new Map();
    this.#asked = time.now();
    const asking = { files: cluster.files, versions, ...marathon, ...(signal ? { signal } : {}) };
    const found = await turnReports(app, state, asking);
    const waiting = waitingForTask(state, app, time.now());
    if (waiting.length === 0) return found;
    const queue = await this.#ask(() => cluster.marathon.queue(signal));
    for (const { id, host } of waiting)
      found.set(id, { state: 'no report', reason: whyNoTask(queue, TURN_APP, host) });
    return found;
  }

  /**
   * Somebody else has gone on from here: a turn that this command gave, and that nobody has given anew since, is nobody's to take away
   * any more. What agents have begun they finish. An error that is told already is not hidden by one of this.
   */
  async withdraw(): Promise<void> {
    if (this.#given === undefined) return;
    const { marathon } = this.#carrying.cluster;
    const app = await marathon.app(TURN_APP).catch(() => undefined);
    if (app?.version === this.#given)
      await marathon.deleteApp(TURN_APP, { force: true }).catch(() => undefined);
  }

  async takeAway(): Promise<void> {
    const { cluster, signal } = this.#carrying;
    await this.#ask(() =>
      cluster.marathon.deleteApp(TURN_APP, { force: true, ...(signal ? { signal } : {}) }),
    );
  }

  /** The turn, and with it the group that nothing else is in. */
  async takeAwayGroup(): Promise<void> {
    const { cluster, signal } = this.#carrying;
    await this.#ask(() =>
      cluster.marathon.deleteGroup('/calico', { force: true, ...(signal ? { signal } : {}) }),
    );
  }
}
