// A test of the network from its first task to its last trace: put, watched, judged, and taken away whatever happens.
import type { Cluster } from '../dcos/cluster.ts';
import type { GroupDefinition, MarathonApp } from '../dcos/types.ts';
import type { Options } from '../options/types.ts';
import { isLive } from '../plan/agent-state.ts';
import type { Time } from '../rollout/carry-out.ts';
import type { Snapshot } from '../rollout/cluster.ts';
import { patient } from '../rollout/patience.ts';
import {
  askApp,
  CONNECTIVITY_GROUP,
  type ConnectivityApp,
  type ConnectivityRequest,
  guardApp,
  type Kind,
  keeperApp,
  serveApp,
  TEST_NETWORK,
} from '../steps/connectivity/definition.ts';
import { Writes } from './abandon.ts';
import { answersOf, sandboxOf } from './answers.ts';
import { between, Gathering } from './connections.ts';
import { EndpointWatch } from './endpoints.ts';
import { brokenLinks } from './judge.ts';
import { AT_MOST_MS, ENDING_MS, FAILED_MS, KEEPER_MS, LOOK_MS, SETTLED_MS, STILL_MS } from './limits.ts';
import { type Answers, endName, pairsOf, targetsOf } from './pairs.ts';
import { notPrepared, underWay } from './refusals.ts';
import type { AgentWord, BrokenLink, Connection, Endpoint, Pair, Participant, Phase } from './types.ts';
import { wordsOf } from './words.ts';

export type ConnectivityEvent =
  | { type: 'leftovers' }
  | { type: 'prepared' }
  | { type: 'endpoints'; there: number; of: number }
  | { type: 'connections'; phase: Phase; passed: number; of: number }
  | { type: 'cleaning' };

export interface ConnectivityPlan {
  agents: readonly Participant[];
  kinds: readonly Kind[];
  /** For Docker. */
  image: string;
}

export interface ConnectivityDeps {
  cluster: Pick<Cluster, 'marathon' | 'files'>;
  snapshot: Snapshot;
  options: Options;
  time: Time;
  hear: (event: ConnectivityEvent) => void;
  /** Called once, before anything is written, with what breaks it off: until then the group that is there is somebody else's. */
  begins: (abandon: () => Promise<boolean>) => void;
  signal?: AbortSignal;
}

export interface ConnectivityResult {
  endpoints: Endpoint[];
  connections: Connection[];
  broken: BrokenLink[];
  /** Whether nothing of the test is on the cluster any more. */
  cleanedUp: boolean;
}

/** @throws {UserError} `connectivity-not-prepared`, or what the cluster answers; nothing stays behind then either, as far as it answers */
export async function testConnectivity(
  plan: ConnectivityPlan,
  deps: ConnectivityDeps,
): Promise<ConnectivityResult> {
  const run = new Run(plan, deps);
  const found = await run.orGiveUp(() => run.run());
  return { ...found, cleanedUp: await run.cleanUp() };
}

/** Takes away what an earlier run has left, and nothing else: the keeper is put once more, as its end takes Calico's part along. */
export async function cleanConnectivity(plan: ConnectivityPlan, deps: ConnectivityDeps): Promise<boolean> {
  const run = new Run(plan, deps);
  await run.orGiveUp(() => run.prepare({ whateverIsThere: true }));
  return run.cleanUp();
}

class Run {
  readonly #plan: ConnectivityPlan;
  readonly #deps: ConnectivityDeps;
  readonly #request: ConnectivityRequest;
  readonly #pairs: Pair[];
  #apps: ConnectivityApp[] = [];
  #touched = false;
  readonly #writes = new Writes();

  constructor(plan: ConnectivityPlan, deps: ConnectivityDeps) {
    this.#plan = plan;
    this.#deps = deps;
    const { snapshot, options, time } = deps;
    this.#request = {
      options,
      agents: plan.agents.map(({ host }) => host),
      keeper: plan.agents[0]!.host,
      kinds: plan.kinds,
      image: plan.image,
      asked: new Date(time.now()).toISOString(),
      until: time.now() + AT_MOST_MS,
      carrier: snapshot.carrier,
      marathonVersion: snapshot.info.version,
    };
    this.#pairs = pairsOf(plan.agents, plan.kinds);
  }

  async run(): Promise<Omit<ConnectivityResult, 'cleanedUp'>> {
    const { kinds } = this.#plan;
    await this.prepare();
    await this.#put(kinds.map((kind) => serveApp(kind, this.#request)));
    const endpoints = await this.#endpoints();
    const there = new Map(endpoints.map((one) => [endName(one), one]));
    const pairs = between(this.#pairs, (end) => there.get(endName(end))?.address !== undefined);
    let connections: Connection[] = [];
    if (pairs.length > 0) {
      await this.#put(kinds.map((kind) => askApp(kind, this.#request, targetsOf(kind, pairs, there))));
      connections = await this.#connections('open', pairs);
      if (connections.some(({ passed }) => passed)) {
        await this.#put([guardApp(this.#request)]);
        await this.#ready('guard');
        connections = [...connections, ...(await this.#connections('guarded', pairs))];
      }
    }
    const broken = await this.#judge(endpoints, connections);
    return { endpoints, connections, broken };
  }

  /** What is left of an earlier run goes first; then the keeper tells Calico and Docker what the test needs. */
  async prepare({ whateverIsThere = false } = {}): Promise<void> {
    const { cluster, hear, time, signal } = this.#deps;
    const there = await this.#ask(() => cluster.marathon.group(CONNECTIVITY_GROUP, signal));
    if (there) {
      const other = whateverIsThere ? undefined : underWay(there, time.now());
      if (other) throw other;
      this.#begin();
      hear({ type: 'leftovers' });
      await this.#drop();
    }
    await this.#put([keeperApp(this.#request)]);
    await this.#ready('keeper');
    hear({ type: 'prepared' });
  }

  #begin(): void {
    if (!this.#touched) this.#deps.begins(() => this.#writes.abandon(this.#deps.cluster));
    this.#touched = true;
  }

  /** What went wrong is told by whoever called; where it was broken off, that is the reason, and nobody is told. */
  async orGiveUp<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      await this.#writes.unlessAbandoned();
      await this.cleanUp().catch(() => false);
      throw error;
    }
  }

  /** Whether nothing is left. */
  async cleanUp(): Promise<boolean> {
    if (!this.#touched) return true;
    this.#deps.hear({ type: 'cleaning' });
    return this.#drop();
  }

  async #drop(): Promise<boolean> {
    const { cluster, time } = this.#deps;
    await this.#ask(() => cluster.marathon.deleteGroup(CONNECTIVITY_GROUP, { force: true }));
    const until = time.now() + ENDING_MS;
    while (time.now() < until) {
      const open = await this.#ask(() => cluster.marathon.deployments());
      if (!open.some(({ affectedApps }) => affectedApps.some(isOfTest))) return true;
      await time.sleep(LOOK_MS);
    }
    return false;
  }

  #ask<T>(read: () => Promise<T>): Promise<T> {
    const { time, signal } = this.#deps;
    return patient(read, time, () => undefined, signal);
  }

  /** One group, put again and again with more in it: what does not change goes on. */
  async #put(more: readonly ConnectivityApp[]): Promise<void> {
    const { cluster, signal } = this.#deps;
    this.#apps = [...this.#apps, ...more];
    this.#begin();
    // Nobody else has any use for it: a deployment that is still open waits for what is put now.
    const group = { id: CONNECTIVITY_GROUP, apps: this.#apps } as unknown as GroupDefinition;
    const how = { force: true, ...(signal ? { signal } : {}) };
    await this.#ask(() => this.#writes.attempt(() => cluster.marathon.putGroup(group, how)));
  }

  #app(name: string): Promise<MarathonApp | undefined> {
    const { cluster, signal } = this.#deps;
    return this.#ask(() => cluster.marathon.app(`${CONNECTIVITY_GROUP}/${name}`, signal));
  }

  /** Until the keeper or the guard has done its part. */
  async #ready(name: 'keeper' | 'guard'): Promise<void> {
    const { cluster, snapshot, time, signal } = this.#deps;
    const until = time.now() + KEEPER_MS;
    const agent = this.#plan.agents[0]!;
    let said = `the task on ${agent.host} did not start`;
    let failed: number | undefined;
    while (time.now() < until) {
      await time.sleep(LOOK_MS, signal);
      const app = await this.#app(name);
      const task = app?.tasks?.find((one) => isLive(one) && one.state === 'TASK_RUNNING');
      if (!task) continue;
      const of = sandboxOf(agent, task, snapshot);
      const report = (await cluster.files.statusJson(of, signal).catch(() => undefined)) as
        | { state?: unknown; reason?: unknown }
        | undefined;
      if (report?.state === 'ready') return;
      if (report) said = `${agent.host} says: ${String(report.reason)}`;
      const bad = report?.state === 'failed' || report?.state === 'waiting for step';
      failed = bad ? (failed ?? time.now()) : undefined;
      if (failed !== undefined && time.now() - failed >= FAILED_MS) break;
    }
    throw notPrepared(said, agent.host);
  }

  async #endpoints(): Promise<Endpoint[]> {
    const { time, cluster, hear, signal } = this.#deps;
    const { agents, kinds } = this.#plan;
    const watch = new EndpointWatch(agents, kinds, time.now());
    for (;;) {
      await time.sleep(LOOK_MS, signal);
      for (const kind of kinds) watch.see(kind, await this.#app(`serve-${kind}`), time.now());
      const { there, of } = watch.counts;
      hear({ type: 'endpoints', there, of });
      if (watch.isOver(time.now())) break;
    }
    const queue =
      watch.counts.there < watch.counts.of ? await this.#ask(() => cluster.marathon.queue(signal)) : [];
    return watch.result(queue);
  }

  /** Looks until all is as it should be, or long enough. */
  async #connections(phase: Phase, pairs: readonly Pair[]): Promise<Connection[]> {
    const { time, hear, signal } = this.#deps;
    const until = time.now() + SETTLED_MS[phase];
    const gathering = new Gathering(phase, pairs, this.#plan.kinds, await this.#answers());
    let [best, since] = [-1, time.now()];
    for (;;) {
      await time.sleep(LOOK_MS, signal);
      const connections = gathering.take(await this.#answers());
      const passed = connections.filter((one) => one.passed).length;
      const silent = connections.some(({ got }) => got === 'no answer');
      if (passed > best || silent) [best, since] = [Math.max(best, passed), time.now()];
      hear({ type: 'connections', phase, passed, of: connections.length });
      if (passed === connections.length || time.now() - since >= STILL_MS || time.now() >= until)
        return connections;
    }
  }

  async #answers(): Promise<Map<string, Answers>> {
    const { kinds, agents } = this.#plan;
    const apps = await Promise.all(
      kinds.map(async (kind) => [kind, await this.#app(`ask-${kind}`)] as const),
    );
    return answersOf(apps, agents, this.#deps);
  }

  async #judge(endpoints: Endpoint[], connections: Connection[]): Promise<BrokenLink[]> {
    const { cluster, snapshot, options, signal } = this.#deps;
    const wrong = new Set([
      ...endpoints.filter(({ problem }) => problem !== undefined).map(({ host }) => host),
      ...connections.filter(({ passed }) => !passed).flatMap(({ from, to }) => [from.host, to.host]),
    ]);
    const words =
      wrong.size === 0
        ? new Map<string, AgentWord>()
        : await this.#ask(() =>
            wordsOf(
              this.#plan.agents.filter(({ host }) => wrong.has(host)),
              cluster,
              snapshot,
              signal,
            ),
          );
    return brokenLinks({
      endpoints,
      connections,
      words,
      ipip: options.node.ipip,
      networks: { mesos: options.cni['network-name'], docker: TEST_NETWORK },
    });
  }
}

const isOfTest = (app: string) => app === CONNECTIVITY_GROUP || app.startsWith(`${CONNECTIVITY_GROUP}/`);
