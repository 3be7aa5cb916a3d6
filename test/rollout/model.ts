// A cluster small enough to think about: agents, Marathon's apps and tasks as data, and what a turn does to an agent.
// It holds the rules that a rollout must keep, and breaks at once when one is not kept.
import assert from 'node:assert/strict';
import type {
  AppDefinition,
  GroupDefinition,
  MarathonApp,
  MarathonGroup,
  MarathonTask,
  MesosAgent,
} from '../../src/dcos/types.ts';
import { defaultOptions } from '../../src/options/defaults.ts';
import type { Options } from '../../src/options/types.ts';
import { makePlan } from '../../src/plan/plan.ts';
import type { Plan, PlanInput } from '../../src/plan/types.ts';
import { appDifferences, readOptionsApp, turnDefinition } from '../../src/steps/app-definition.ts';
import { STATE_CODES, type StepName } from '../../src/steps/state.ts';
import { agent, publicAgent } from '../plan/cluster.ts';

export type Fault =
  | 'fails'
  /** Ready in its turn, and failed once others have theirs. */
  | 'fails later'
  | 'restart'
  | 'no room'
  | 'deactivated'
  | 'excluded'
  /** Its turn's task never reports. */
  | 'silent';

export interface ModelAgent {
  mesos: MesosAgent;
  fault?: Fault;
  /** Whether its host was changed. */
  done: boolean;
}

const MARATHON = { version: '1.9.136', carrier: 'check' as const };

export class ModelCluster {
  readonly agents: ModelAgent[];
  readonly options: Options;
  apps: MarathonApp[] = [];
  turn: MarathonApp | undefined;
  now = Date.parse('2026-11-24T03:00:00.000Z');
  /** Tasks that ended because their app's definition changed. */
  replaced: MarathonTask[] = [];
  /** Hosts that ever had a turn, in order. */
  touched: string[] = [];
  puts = 0;
  #ids = 0;

  constructor(
    shape: { private: number; public: number; faults: Record<number, Fault> },
    change: (options: Options) => void = () => {},
  ) {
    this.options = defaultOptions();
    change(this.options);
    this.agents = [];
    for (let index = 0; index < shape.private + shape.public; index++)
      this.join(index >= shape.private, shape.faults[index]);
  }

  join(isPublic: boolean, fault?: Fault): ModelAgent {
    const number = this.agents.length;
    const host = `10.0.${Math.floor(number / 200) + 1}.${(number % 200) + 11}`;
    const change: Partial<MesosAgent> =
      fault === 'no room'
        ? { used_resources: { cpus: 4, mem: 4096, disk: 0 } }
        : fault === 'deactivated'
          ? { active: false, deactivated: true }
          : {};
    if (fault === 'excluded') this.options.rollout.exclude.push(host);
    const mesos = isPublic ? publicAgent(host, change) : agent(host, change);
    const one = { mesos, done: false, ...(fault ? { fault } : {}) };
    this.agents.push(one);
    return one;
  }

  stamp(): string {
    this.now += 1000;
    return new Date(this.now).toISOString();
  }

  group(): MarathonGroup | undefined {
    if (this.apps.length === 0) return undefined;
    const ops: MarathonGroup = { id: '/calico/ops', apps: this.turn ? [this.turn] : [] };
    return structuredClone({ id: '/calico', apps: this.apps, groups: [ops] });
  }

  input(): PlanInput {
    const group = this.group();
    const app = group?.apps.find(({ id }) => id === '/calico/options');
    return {
      options: this.options,
      installed: app && readOptionsApp(app),
      agents: this.agents.map(({ mesos }) => mesos),
      group,
      deployments: [],
      marathon: MARATHON,
      who: 'anna@laptop',
      command: 'dcos calico install',
      message: '',
      now: this.now,
    };
  }

  plan(): Plan {
    return makePlan(this.input());
  }

  planWith(change: Partial<PlanInput>): Plan {
    return makePlan({ ...this.input(), ...change });
  }

  /** Addresses of the agents whose turn it is. */
  turnAgents(): string[] {
    return (this.turn?.tasks ?? []).map(({ host }) => host!);
  }

  /** `PUT /v2/groups/calico`: what differs is replaced, what is only scaled is not. */
  put(group: GroupDefinition): void {
    this.puts++;
    const version = this.stamp();
    this.apps = group.apps.map((definition) => {
      const before = this.apps.find(({ id }) => id === `/calico/${definition.id}`);
      return this.#changed(before, definition, version);
    });
  }

  #changed(before: MarathonApp | undefined, definition: AppDefinition, version: string): MarathonApp {
    const same = before && appDifferences(before, { ...definition, id: before.id }).length === 0;
    const kept = same ? (before.tasks ?? []) : [];
    if (before && !same) this.replaced.push(...(before.tasks ?? []));
    if (same && before.instances === definition.instances) return before;
    const app: MarathonApp = {
      ...definition,
      id: `/calico/${definition.id}`,
      version,
      versionInfo: {
        lastScalingAt: version,
        lastConfigChangeAt: same ? before.versionInfo!.lastConfigChangeAt : version,
      },
      tasks: kept,
    };
    assert.ok(
      kept.length <= definition.instances,
      `scaling ${app.id} down to ${definition.instances} kills a task`,
    );
    return app;
  }

  /** Marathon starts what it finds a place for. */
  place(): void {
    for (const app of this.apps) {
      for (const { mesos, fault } of this.agents) {
        if ((app.tasks ?? []).length >= app.instances) break;
        if (fault === 'no room' || fault === 'deactivated' || fault === 'excluded') continue;
        if (app.tasks!.some((task) => task.slaveId === mesos.id)) continue;
        app.tasks!.push(this.#task(app, mesos));
      }
    }
    this.report();
  }

  #task(app: MarathonApp, mesos: MesosAgent): MarathonTask {
    return {
      id: `${app.id.slice(1).replaceAll('/', '_')}.${this.#ids++}`,
      appId: app.id,
      host: mesos.hostname,
      slaveId: mesos.id,
      state: 'TASK_RUNNING',
      stagedAt: new Date(this.now).toISOString(),
      version: app.version,
    };
  }

  /** `PUT /v2/apps/calico/ops/turn`. */
  giveTurn(
    hosts: readonly string[],
    steps: readonly StepName[],
    allowed: { most: number; named: ReadonlySet<string> },
  ): void {
    assert.ok(hosts.length <= allowed.most, `${hosts.length} agents have a turn, ${allowed.most} may`);
    for (const host of hosts) assert.ok(allowed.named.has(host), `${host} was not named in the plan`);
    this.touched.push(...hosts);
    const version = this.stamp();
    const definition = turnDefinition({
      agents: hosts,
      allows: 'change',
      until: '',
      settleSeconds: 0,
      steps: steps.map((name) => ({ name, version })),
      carrier: MARATHON.carrier,
      marathonVersion: MARATHON.version,
    });
    this.turn = {
      ...definition,
      version,
      versionInfo: { lastScalingAt: version, lastConfigChangeAt: version },
      tasks: [],
    };
    for (const one of this.agents.filter(({ mesos }) => hosts.includes(mesos.hostname)))
      this.turn.tasks!.push(this.#task(this.turn, one.mesos));
  }

  /** The agents that have a turn do what they do in it. */
  work(): void {
    for (const task of this.turn?.tasks ?? []) {
      const one = this.#on(task);
      if (!one.fault || one.fault === 'fails later') one.done = true;
    }
    this.report();
  }

  /** Every task says how its host is. */
  report(): void {
    for (const app of this.apps)
      for (const task of app.tasks ?? [])
        task.checkResult = { command: { exitCode: this.#code(task, 'waiting for turn') } };
    for (const task of this.turn?.tasks ?? []) {
      if (this.#on(task).fault === 'silent') continue;
      task.checkResult = { command: { exitCode: this.#code(task, 'working') } };
    }
  }

  #on({ slaveId }: MarathonTask): ModelAgent {
    return this.agents.find(({ mesos }) => mesos.id === slaveId)!;
  }

  #code(task: MarathonTask, idle: 'waiting for turn' | 'working'): number {
    const one = this.#on(task);
    const hasTurn = this.turn?.tasks?.some(({ slaveId }) => slaveId === task.slaveId) ?? false;
    if (one.fault === 'fails' && hasTurn) return STATE_CODES.failed;
    if (one.fault === 'restart' && hasTurn) return STATE_CODES['restart pending'];
    if (one.fault === 'fails later' && one.done && this.turn && !hasTurn) return STATE_CODES.failed;
    return one.done ? STATE_CODES.ready : STATE_CODES[idle];
  }
}
