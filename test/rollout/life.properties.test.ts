// A cluster's life on the model: options change, steps go and come, agents join, leave, are replaced, break and are mended, and
// rollouts are cut off anywhere. Who may have a turn at a time is held by the model itself, at every turn.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { setAt } from '../../src/options/paths.ts';
import type { Options } from '../../src/options/types.ts';
import type { PlanInput } from '../../src/plan/types.ts';
import { enabledSteps, stepApp } from '../../src/plan/wanted.ts';
import { readOptionsApp } from '../../src/steps/options-app.ts';
import { type Fault, ModelCluster, wantedOn } from './model.ts';
import { runOnModel } from './run-model.ts';
import { uninstall } from './uninstall-model.ts';

const STATIC = 'http://10.0.0.5:2379,http://10.0.0.6:2379';

/** Changes of options, each a list of path and value. */
const CHANGES: Record<string, [string, unknown][]> = {
  ipip: [['node.ipip', 'always']],
  'no ipip': [['node.ipip', 'off']],
  upgrade: [
    ['node.override-node-image', 'quay.io/calico/node:v2.6.12'],
    ['libnetwork.override-libnetwork-image', 'quay.io/calico/libnetwork:1.1.3'],
  ],
  'libnetwork off': [['libnetwork.enable', false]],
  'libnetwork on': [['libnetwork.enable', true]],
  'docker off': [
    ['docker.enable', false],
    ['libnetwork.enable', false],
  ],
  'docker on': [['docker.enable', true]],
  'node off': [['node.enable', false]],
  'node on': [['node.enable', true]],
  'cni off': [['cni.enable', false]],
  'cni on': [['cni.enable', true]],
  'static endpoints': [
    ['etcd.run-proxy', false],
    ['etcd.etcd-endpoints', STATIC],
    ['docker.replace-cluster-store', true],
  ],
  proxy: [
    ['etcd.run-proxy', true],
    ['etcd.etcd-endpoints', 'http://localhost:2379'],
    ['docker.replace-cluster-store', true],
  ],
  'other store': [
    ['docker.override-docker-cluster-store', 'zk://10.0.0.9:2181'],
    ['docker.replace-cluster-store', true],
  ],
  reservation: [['cni.cpu-limit', 0.07]],
  faster: [['rollout.max-concurrent', 4]],
};

type Event =
  | { do: 'change'; which: string }
  | { do: 'join'; public: boolean }
  | { do: 'leave' | 'replace' | 'break' | 'mend' | 'exclude' | 'include'; which: number }
  | { do: 'run'; most: number }
  | { do: 'undo' };

const which = fc.nat({ max: 20 });
const events: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('change' as const),
      which: fc.constantFrom(...Object.keys(CHANGES)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('join' as const), public: fc.boolean() }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'leave' as const,
        'replace' as const,
        'break' as const,
        'mend' as const,
        'exclude' as const,
        'include' as const,
      ),
      which,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('run' as const),
      most: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.constant(10_000)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('undo' as const) }) },
);

const BREAKS: Fault[] = ['fails', 'restart', 'deactivated'];

class Life {
  readonly cluster: ModelCluster;
  /** What the next command asks for. */
  wanted: Options;

  constructor(shape = { private: 5, public: 1 }) {
    this.cluster = new ModelCluster({ ...shape, faults: {} });
    this.wanted = this.cluster.options;
    this.settle();
  }

  input(change: Partial<PlanInput> = {}): Partial<PlanInput> {
    return { options: this.wanted, recorded: this.wanted, leave: true, ...change };
  }

  /** One command, cut off after so many actions; then what is left to do is only what the cluster says. */
  run(most = 10_000, change: Partial<PlanInput> = {}) {
    const plan = this.cluster.planWith(this.input(change));
    if (plan.kind === 'refused') assert.fail(`${plan.refusal!.code}: ${plan.refusal!.why}`);
    this.adopt();
    runOnModel(this.cluster, plan, most);
    return plan;
  }

  /** The model's rules are those of the options that are carried out. */
  adopt(): void {
    Object.assign(this.cluster.options, structuredClone(this.wanted));
  }

  do(event: Event): void {
    const { agents } = this.cluster;
    const one =
      'which' in event && typeof event.which === 'number' ? agents[event.which % agents.length]! : agents[0]!;
    switch (event.do) {
      case 'change':
        this.wanted = structuredClone(this.wanted);
        for (const [path, value] of CHANGES[event.which]!) setAt(this.wanted, path, value);
        break;
      case 'join':
        this.cluster.join(event.public);
        break;
      case 'leave':
        if (agents.length > 3) this.cluster.leave(one);
        break;
      case 'replace':
        this.cluster.replace(one);
        break;
      case 'break':
        this.break(one, BREAKS[event.which % BREAKS.length]!);
        break;
      case 'mend':
        this.mend(one);
        break;
      case 'exclude':
        this.exclude((hosts) => [...hosts.filter((host) => host !== one.mesos.hostname), one.mesos.hostname]);
        break;
      case 'include':
        this.exclude((hosts) => hosts.filter((host) => host !== one.mesos.hostname));
        break;
      case 'run':
        this.run(event.most);
        break;
      case 'undo':
        this.undo();
        break;
    }
  }

  break(one: ModelCluster['agents'][number], fault: Fault): void {
    one.fault = fault;
    if (fault === 'deactivated') one.mesos = { ...one.mesos, active: false, deactivated: true };
  }

  mend(one: ModelCluster['agents'][number]): void {
    delete one.fault;
    one.mesos = { ...one.mesos, active: true, deactivated: false };
  }

  exclude(change: (hosts: string[]) => string[]): void {
    this.wanted = structuredClone(this.wanted);
    this.wanted.rollout.exclude = change(this.wanted.rollout.exclude);
  }

  installed() {
    return readOptionsApp(this.cluster.apps.find(({ id }) => id === '/calico/options')!)!;
  }

  undo(): boolean {
    const before = this.installed().previous?.[0];
    if (!before) return false;
    this.wanted = structuredClone(before.options);
    this.run(10_000, { undo: true });
    return true;
  }

  /** Every agent is mended, and the same command is given until it has nothing to do. */
  settle(): void {
    for (const one of this.cluster.agents) this.mend(one);
    this.cluster.forget();
    for (let tries = 0; tries < 6; tries++) if (this.run().kind === 'nothing') return;
    const plan = this.cluster.planWith(this.input());
    assert.fail(
      `still ${plan.kind}: ${JSON.stringify(plan.changes)} ${JSON.stringify(plan.waves)} ${JSON.stringify(plan.leftOut)}`,
    );
  }

  /** What is on each host, and what should be. */
  hosts(): Record<string, Record<string, string>> {
    return Object.fromEntries(
      this.cluster.agents
        .filter(({ mesos }) => !this.wanted.rollout.exclude.includes(mesos.hostname))
        .map(({ mesos, host }) => [mesos.hostname, Object.fromEntries(host ?? [])]),
    );
  }

  shouldBe(): Record<string, string> {
    const request = { options: this.wanted, marathon: { version: '1.9.136', carrier: 'check' as const } };
    return Object.fromEntries(
      enabledSteps(this.wanted).map((step) => [step.name, wantedOn(stepApp(step, 1, request))]),
    );
  }

  assertAsWanted(): void {
    const wanted = this.shouldBe();
    for (const [host, found] of Object.entries(this.hosts())) assert.deepEqual(found, wanted, host);
    // What an excluded agent was left with is taken off when it is back, and its app is there for that.
    const left = this.installed().covered!.some((host) => this.wanted.rollout.exclude.includes(host));
    const apps = this.cluster.apps.filter(({ env }) => !left || env.DCOS_CALICO_MODE !== 'absent');
    assert.deepEqual(
      apps.map(({ id }) => id.slice('/calico/'.length)).sort(),
      ['options', ...Object.keys(wanted)].sort(),
    );
    assert.equal(this.cluster.planWith(this.input()).put, undefined);
  }
}

test('whatever happens, the same command in the end reaches what is wanted, and then has nothing to do', () => {
  fc.assert(
    fc.property(fc.array(events, { minLength: 1, maxLength: 14 }), (life) => {
      const one = new Life();
      for (const event of life) one.do(event);
      one.settle();
      one.assertAsWanted();
    }),
    { numRuns: 150 },
  );
});

test('uninstall after any life leaves nothing on any host, those that were left with Calico among them', () => {
  fc.assert(
    fc.property(fc.array(events, { minLength: 1, maxLength: 10 }), (life) => {
      const one = new Life();
      for (const event of life) one.do(event);
      one.settle();
      assert.deepEqual(uninstall(one.cluster), []);
      for (const { mesos, host } of one.cluster.agents)
        assert.deepEqual(Object.fromEntries(host ?? []), {}, mesos.hostname);
    }),
    { numRuns: 80 },
  );
});

test('an agent that was left with Calico while a step went is cleaned of it when it is included again', () => {
  const one = new Life();
  one.do({ do: 'exclude', which: 0 });
  one.run();
  one.do({ do: 'change', which: 'static endpoints' });
  for (let again = 0; again < 3; again++) one.run();
  assert.ok(one.cluster.apps.some(({ id }) => id === '/calico/etcd-proxy'));
  one.do({ do: 'include', which: 0 });
  one.settle();
  one.assertAsWanted();
});

test('a change replaces the tasks of the steps that depend on it, and no others', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...Object.keys(CHANGES)), { minLength: 1, maxLength: 4 }),
      (changes) => {
        const one = new Life();
        for (const name of changes) one.do({ do: 'change', which: name });
        const before = one.shouldBe();
        const installed = Object.fromEntries(
          one.cluster.apps.map((app) => [app.id.slice('/calico/'.length), app]),
        );
        one.cluster.replaced = [];
        const plan = one.run();
        const replaced = new Set(one.cluster.replaced.map(({ appId }) => appId.slice('/calico/'.length)));
        for (const [step, wanted] of Object.entries(before)) {
          const app = installed[step];
          const same =
            app && wantedOn(app) === wanted && !plan.effects?.some((effect) => effect.step === step);
          if (same) assert.ok(!replaced.has(step), `${step} was replaced`);
        }
        assert.ok(
          plan.effects!.every(({ causes }) => causes.length > 0),
          JSON.stringify(plan.effects),
        );
      },
    ),
    { numRuns: 60 },
  );
});

test('undo after a change, whole or cut off, is the beginning', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...Object.keys(CHANGES)), { minLength: 1, maxLength: 3 }),
      fc.oneof(fc.integer({ min: 1, max: 30 }), fc.constant(10_000)),
      (changes, most) => {
        const one = new Life();
        const options = structuredClone(one.wanted);
        const hosts = one.hosts();
        for (const name of changes) one.do({ do: 'change', which: name });
        if (one.cluster.planWith(one.input()).differences.length === 0) return;
        one.run(most);
        assert.ok(one.undo());
        one.settle();
        assert.deepEqual(one.installed().options, options);
        assert.deepEqual(one.hosts(), hosts);
        assert.deepEqual(one.installed().previous ?? [], []);
      },
    ),
    { numRuns: 80 },
  );
});

test('never more than k agents have their turn, nor more than r restart, whoever was bad before and wherever it is cut off', () => {
  const bad = fc.dictionary(
    fc.nat({ max: 11 }).map(String),
    fc.constantFrom<Fault>('fails', 'restart', 'deactivated', 'silent', 'fails later'),
    { maxKeys: 8 },
  );
  const bounds = fc.record({ k: fc.integer({ min: 1, max: 6 }), r: fc.integer({ min: 1, max: 4 }) });
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 3 });
  fc.assert(
    fc.property(
      bad,
      bounds,
      fc.constantFrom(...Object.keys(CHANGES)),
      cuts,
      (faults, { k, r }, which, at) => {
        const one = new Life({ private: 10, public: 2 });
        one.wanted = structuredClone(one.wanted);
        Object.assign(one.wanted.rollout, {
          'max-concurrent': k,
          'max-concurrent-restarts': r,
          'max-failures': '50%',
        });
        for (const [index, fault] of Object.entries(faults))
          one.break(one.cluster.agents[Number(index)]!, fault);
        const failed = new Set(
          Object.entries(faults)
            .filter(([, fault]) => fault === 'fails')
            .map(([index]) => one.cluster.agents[Number(index)]!.mesos.id),
        );
        if (which !== 'faster') one.do({ do: 'change', which });
        one.cluster.atOnce = { change: 0, restart: 0 };
        for (const most of [...at, 10_000]) one.run(most, { failed });
        assert.ok(one.cluster.atOnce.change <= k, `${one.cluster.atOnce.change} at once`);
        assert.ok(one.cluster.atOnce.restart <= r, `${one.cluster.atOnce.restart} restarted at once`);
      },
    ),
    { numRuns: 80 },
  );
});

test('agents that were bad before count for nothing, however many they are; those that we break stop it', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat({ max: 11 }), { maxLength: 11 }), (bad) => {
      const cluster = new ModelCluster({ private: 11, public: 1, faults: {} });
      runOnModel(cluster, cluster.plan());
      for (const index of bad) cluster.agents[index]!.fault = 'fails';
      const failed = new Set(bad.map((index) => cluster.agents[index]!.mesos.id));
      const wanted = structuredClone(cluster.options);
      wanted.node.ipip = 'always';
      const plan = cluster.planWith({ options: wanted, recorded: wanted, failed });
      const { ending } = runOnModel(cluster, plan);
      assert.equal(ending?.do, 'finish');
      for (const { mesos, done } of cluster.agents) assert.equal(done, !failed.has(mesos.id), mesos.hostname);
    }),
    { numRuns: 40 },
  );
});
