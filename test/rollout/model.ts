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
import { stepOf } from '../../src/plan/agent-state.ts';
import { makePlan } from '../../src/plan/plan.ts';
import { shortages } from '../../src/plan/room.ts';
import type { Plan, PlanInput } from '../../src/plan/types.ts';
import {
  appDifferences,
  optionsDefinition,
  readOptionsApp,
  turnDefinition,
} from '../../src/steps/app-definition.ts';
import { STATE_CODES, type StepName } from '../../src/steps/state.ts';
import { agent, publicAgent } from '../plan/cluster.ts';

export type Fault =
  | 'fails'
  /** Ready in its turn, and failed once others have theirs. */
  | 'fails later'
  | 'restart'
  | 'no room'
  /** Room for some of the tasks only. */
  | 'some room'
  | 'deactivated'
  | 'excluded'
  /** Its turn's task never reports. */
  | 'silent';

export interface ModelAgent {
  mesos: MesosAgent;
  fault?: Fault;
  /** Whether its host is as all the apps want it. */
  done: boolean;
  /** What is on its host, by step: what that step's environment said; nothing where it was never set up. */
  host?: Map<string, string>;
  /** What its docker step has done all but the restart for. */
  pending?: string;
}

/** For any one task, or for those of two or three steps: not for all. */
const SOME_ROOM = { cpus: 0.25, mem: 300 };

const MARATHON = { version: '1.9.136', carrier: 'check' as const };

/** What a step's app wants on a host: its environment; '' where it takes the step off. */
export function wantedOn(app: Pick<MarathonApp, 'env'>): string {
  if (app.env.DCOS_CALICO_MODE === 'absent') return '';
  return JSON.stringify(app.env);
}

const storeIn = (wanted: string) =>
  wanted === '' ? '' : ((JSON.parse(wanted) as Record<string, string>).DCOS_CALICO_CLUSTER_STORE ?? '');

/** `["hostname", "UNLIKE", …]` and `LIKE`. */
function admits(app: MarathonApp, host: string): boolean {
  return app.constraints
    .filter(([field, how]) => field === 'hostname' && /LIKE$/.test(how))
    .every(([, how, which]) => new RegExp(`^(${which})$`).test(host) === (how === 'LIKE'));
}

export class ModelCluster {
  readonly agents: ModelAgent[];
  readonly options: Options;
  apps: MarathonApp[] = [];
  turn: MarathonApp | undefined;
  now = Date.parse('2026-11-24T03:00:00.000Z');
  /** Tasks that ended because their app's definition changed. */
  replaced: MarathonTask[] = [];
  /** The most hosts that had a turn at once, by what it allowed. */
  atOnce = { change: 0, restart: 0 };
  /** Hosts that ever had a turn, in order. */
  touched: string[] = [];
  /** Hosts on which Docker was restarted, in order. */
  restarted: string[] = [];
  puts = 0;
  #ids = 0;
  #joined = 0;

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
    const number = this.#joined++;
    const host = `10.0.${Math.floor(number / 200) + 1}.${(number % 200) + 11}`;
    const change: Partial<MesosAgent> =
      fault === 'no room' || fault === 'some room'
        ? { used_resources: { cpus: 4, mem: 4096, disk: 0 } }
        : fault === 'deactivated'
          ? { active: false, deactivated: true }
          : {};
    if (fault === 'excluded') this.options.rollout.exclude.push(host);
    const mesos = isPublic ? publicAgent(host, change) : agent(host, change);
    const one = { mesos, done: false, ...(fault ? { fault } : {}) };
    this.agents.push(one);
    this.#use();
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
    this.#use();
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

  /** An agent that is gone for good: Marathon has given its tasks up. */
  leave(one: ModelAgent): void {
    this.agents.splice(this.agents.indexOf(one), 1);
    for (const app of [...this.apps, ...(this.turn ? [this.turn] : [])])
      app.tasks = (app.tasks ?? []).filter(({ slaveId }) => slaveId !== one.mesos.id);
  }

  /** `prune --forget-agents`: who is gone is not counted on to come back. */
  forget(): void {
    const app = this.apps.find(({ id }) => id === '/calico/options');
    const installed = app && readOptionsApp(app);
    if (!app || !installed?.covered) return;
    const listed = new Set(this.agents.map(({ mesos }) => mesos.hostname));
    const covered = installed.covered.filter((host) => listed.has(host));
    if (covered.length === installed.covered.length) return;
    app.env = optionsDefinition({ ...installed, covered, marathonVersion: MARATHON.version }).env;
    app.version = this.stamp();
    app.versionInfo = { lastScalingAt: app.version, lastConfigChangeAt: app.version };
  }

  /** The agent at an address is another one: nothing is on it, and the tasks of the one before are out of sight. */
  replace(one: ModelAgent): void {
    const before = one.mesos.id;
    one.mesos = { ...one.mesos, id: `${before}+` };
    one.host = new Map();
    for (const app of [...this.apps, ...(this.turn ? [this.turn] : [])])
      for (const task of app.tasks ?? []) if (task.slaveId === before) task.state = 'TASK_UNREACHABLE';
    this.report();
  }

  /** `POST /v2/tasks/delete?wipe=true`. */
  wipe(ids: ReadonlySet<string>): void {
    for (const app of this.apps) app.tasks = (app.tasks ?? []).filter(({ id }) => !ids.has(id));
  }

  /** Marathon starts what it finds a place for, and first of all where it is not needed. */
  place(): void {
    const some = (one: ModelAgent) => one.fault === 'some room';
    for (const app of this.apps) {
      for (const one of [...this.agents.filter(some), ...this.agents.filter((other) => !some(other))]) {
        const { mesos, fault } = one;
        if ((app.tasks ?? []).length >= app.instances) break;
        if (fault === 'no room' || fault === 'deactivated' || fault === 'excluded') continue;
        if (!admits(app, mesos.hostname)) continue;
        if (app.tasks!.some((task) => task.slaveId === mesos.id)) continue;
        if (shortages(mesos, [app]).length > 0) continue;
        app.tasks!.push(this.#task(app, mesos));
        this.#use();
      }
    }
    this.report();
  }

  /** What an agent with some room has in use: all but that, and our own tasks. */
  #use(): void {
    for (const one of this.agents.filter(({ fault }) => fault === 'some room')) {
      const ours = this.apps.filter((app) => app.tasks?.some(({ slaveId }) => slaveId === one.mesos.id));
      const sum = (name: 'cpus' | 'mem') => ours.reduce((all, app) => all + app[name], 0);
      const used = { cpus: 4 - SOME_ROOM.cpus + sum('cpus'), mem: 4096 - SOME_ROOM.mem + sum('mem') };
      one.mesos = { ...one.mesos, used_resources: { ...one.mesos.used_resources, ...used } };
    }
  }

  /** `PUT /v2/apps/calico/STEP` with `instances` alone. */
  scale(step: string, instances: number): void {
    const app = this.apps.find(({ id }) => id === `/calico/${step}`)!;
    assert.ok((app.tasks ?? []).length <= instances, `scaling ${app.id} down to ${instances} kills a task`);
    app.instances = instances;
    app.version = this.stamp();
    app.versionInfo = { ...app.versionInfo!, lastScalingAt: app.version };
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
    allowed: { most: number; named: ReadonlySet<string>; allows?: 'change' | 'restart' },
  ): void {
    assert.ok(hosts.length <= allowed.most, `${hosts.length} agents have a turn, ${allowed.most} may`);
    for (const host of hosts) assert.ok(allowed.named.has(host), `${host} was not named in the plan`);
    this.touched.push(...hosts);
    const allows = allowed.allows ?? 'change';
    this.atOnce[allows] = Math.max(this.atOnce[allows], hosts.length);
    const publics = this.agents.filter(
      ({ mesos }) => hosts.includes(mesos.hostname) && mesos.attributes.public_ip,
    );
    if (allows === 'restart' && publics.length > 0) assert.equal(hosts.length, 1, 'a public agent by itself');
    const version = this.stamp();
    const definition = turnDefinition({
      agents: hosts,
      allows,
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
      if (!one || (one.fault && one.fault !== 'fails later' && one.fault !== 'restart')) continue;
      for (const app of this.apps) this.#change(one, app);
    }
    this.report();
  }

  /** One step does on one host what its app wants. */
  #change(one: ModelAgent, app: MarathonApp): void {
    const step = stepOf(app.id);
    one.host ??= new Map();
    if (step === 'options' || this.isAsWanted(one, app)) return;
    if (this.#needsRestart(one, app)) {
      one.pending = wantedOn(app);
      if (this.turn?.env.DCOS_CALICO_TURN_ALLOWS !== 'restart') return;
      this.restarted.push(one.mesos.hostname);
      if (one.fault === 'restart') delete one.fault;
    }
    const wanted = wantedOn(app);
    if (wanted === '') one.host.delete(step);
    else one.host.set(step, wanted);
  }

  #needsRestart(one: ModelAgent, app: MarathonApp): boolean {
    if (stepOf(app.id) !== 'docker') return false;
    if (one.fault === 'restart') return true;
    const before = storeIn(one.host?.get('docker') ?? '');
    return before !== '' && before !== storeIn(wantedOn(app));
  }

  isAsWanted(one: ModelAgent, app: MarathonApp): boolean {
    const step = stepOf(app.id);
    return step === 'options' || (one.host?.get(step) ?? '') === wantedOn(app);
  }

  /** Every task says how its host is. */
  report(): void {
    const running = (app: MarathonApp) => (app.tasks ?? []).filter(({ state }) => state === 'TASK_RUNNING');
    for (const one of this.agents) one.done = this.apps.every((app) => this.isAsWanted(one, app));
    for (const app of this.apps)
      for (const task of running(app))
        task.checkResult = { command: { exitCode: this.#code(task, 'waiting for turn') } };
    for (const task of this.turn ? running(this.turn) : []) {
      if (this.#on(task)?.fault === 'silent') continue;
      task.checkResult = { command: { exitCode: this.#code(task, 'working') } };
    }
  }

  #on({ slaveId }: MarathonTask): ModelAgent | undefined {
    return this.agents.find(({ mesos }) => mesos.id === slaveId);
  }

  #code(task: MarathonTask, idle: 'waiting for turn' | 'working'): number {
    const one = this.#on(task);
    if (!one) return STATE_CODES[idle];
    const hasTurn = this.turn?.tasks?.some(({ slaveId }) => slaveId === task.slaveId) ?? false;
    if (one.fault === 'fails' && hasTurn) return STATE_CODES.failed;
    if (one.fault === 'fails later' && one.done && this.turn && !hasTurn) return STATE_CODES.failed;
    const app = this.apps.find(({ id }) => id === task.appId);
    if (app ? this.isAsWanted(one, app) : one.done) return STATE_CODES.ready;
    const docker = this.apps.find(({ id }) => stepOf(id) === 'docker');
    const pending = docker !== undefined && !this.isAsWanted(one, docker) && this.#needsRestart(one, docker);
    if (pending && (hasTurn || one.pending === wantedOn(docker)) && (!app || app === docker))
      return STATE_CODES['restart pending'];
    return STATE_CODES[idle];
  }
}
