import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Fault, ModelCluster } from './model.ts';
import { runOnModel } from './run-model.ts';

const FAULTS: Fault[] = ['fails', 'restart', 'no room', 'some room', 'deactivated', 'excluded'];

interface Shape {
  private: number;
  public: number;
  faults: Record<number, Fault>;
  maxConcurrent: number | string;
  maxFailures: number | string;
  canary: number | string;
}

const shapes: fc.Arbitrary<Shape> = fc.record({
  private: fc.integer({ min: 1, max: 30 }),
  public: fc.integer({ min: 0, max: 6 }),
  faults: fc.dictionary(fc.integer({ min: 0, max: 35 }).map(String), fc.constantFrom(...FAULTS), {
    maxKeys: 6,
  }),
  maxConcurrent: fc.oneof(fc.integer({ min: 1, max: 10 }), fc.constantFrom('10%', '1%', '50%', '100%')),
  maxFailures: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('0%', '2%', '50%')),
  canary: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('0%', '5%')),
});

function clusterOf(shape: Shape): ModelCluster {
  return new ModelCluster(shape, ({ rollout }) => {
    rollout['max-concurrent'] = shape.maxConcurrent;
    rollout['max-failures'] = shape.maxFailures;
    rollout.canary = shape.canary;
  });
}

const hostsWith = (cluster: ModelCluster, ...faults: (Fault | undefined)[]) =>
  cluster.agents.filter(({ fault }) => faults.includes(fault)).map(({ mesos }) => mesos.hostname);

// How many have a turn, and that each was named, is held by the model itself at every turn.
test('never more agents with a turn than allowed, never one that was not named, none twice in a run', () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const cluster = clusterOf(shape);
      const plan = cluster.plan();
      if (plan.kind === 'refused') return;
      runOnModel(cluster, plan);
      assert.equal(new Set(cluster.touched).size, cluster.touched.length);
      for (const host of hostsWith(cluster, 'no room', 'some room', 'deactivated', 'excluded'))
        assert.ok(!cluster.touched.includes(host));
    }),
  );
});

test('a failed canary touches no agent of a later wave', () => {
  const failing = fc.record({ shape: shapes, canary: fc.integer({ min: 1, max: 3 }) });
  fc.assert(
    fc.property(failing, ({ shape, canary: count }) => {
      const cluster = clusterOf({ ...shape, canary: count, faults: { ...shape.faults, 0: 'fails' } });
      const plan = cluster.plan();
      const canary = plan.waves.filter(({ kind }) => kind === 'canary').flatMap(({ agents }) => agents);
      const { ending } = runOnModel(cluster, plan);
      assert.deepEqual(ending, { do: 'stop', why: 'canary failed' });
      const hosts = canary.map(({ host }) => host);
      assert.deepEqual(
        cluster.touched.filter((host) => !hosts.includes(host)),
        [],
      );
    }),
  );
});

test('a rollout stops within the wave in which more agents failed than may', () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const cluster = clusterOf(shape);
      const plan = cluster.plan();
      if (plan.kind === 'refused') return;
      runOnModel(cluster, plan);
      const failing = new Set(hostsWith(cluster, 'fails'));
      let failed = 0;
      for (const [index, wave] of plan.waves.entries()) {
        const touched = wave.agents.filter(({ host }) => cluster.touched.includes(host));
        assert.ok(touched.length === 0 || failed <= plan.maxFailures.count, `wave ${index + 1} began`);
        if (wave.kind === 'rollout') failed += touched.filter(({ host }) => failing.has(host)).length;
      }
    }),
  );
});

test('planning again after any interruption converges, and touches nobody who was done', () => {
  fc.assert(
    fc.property(shapes, fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 6 }), (shape, cuts) => {
      const cluster = clusterOf({ ...shape, faults: {}, canary: shape.canary });
      for (const cut of cuts) {
        const plan = cluster.plan();
        const done = new Set(cluster.agents.filter((one) => one.done).map(({ mesos }) => mesos.hostname));
        const before = cluster.touched.length;
        runOnModel(cluster, plan, cut);
        for (const host of cluster.touched.slice(before))
          assert.ok(!done.has(host), `${host} was done already`);
      }
      runOnModel(cluster, cluster.plan());
      assert.ok(cluster.agents.every((one) => one.done));
      assert.deepEqual(cluster.replaced, []);
      const puts = cluster.puts;
      assert.equal(puts, 1, 'the group is put once, however often it was interrupted');
      assert.equal(cluster.plan().kind, 'nothing');
      assert.equal(cluster.plan().put, undefined);
    }),
  );
});

test('agents that join are covered by a scale-only change that replaces no task', () => {
  fc.assert(
    fc.property(shapes, fc.array(fc.boolean(), { minLength: 1, maxLength: 5 }), (shape, joining) => {
      const cluster = clusterOf({ ...shape, faults: {} });
      runOnModel(cluster, cluster.plan());
      const before = new Set(cluster.touched);
      for (const isPublic of joining) cluster.join(isPublic);
      const plan = cluster.plan();
      assert.equal(plan.kind, 'cover');
      assert.ok(plan.changes.every(({ step, how }) => how === 'scale' || step === 'options'));
      assert.equal(plan.numbers.tasksStarted, joining.length * plan.steps.length);
      runOnModel(cluster, plan);
      assert.deepEqual(cluster.replaced, []);
      assert.ok(cluster.agents.every((one) => one.done));
      assert.deepEqual(
        cluster.touched.slice(before.size).filter((host) => before.has(host)),
        [],
      );
    }),
  );
});

test('the end of a rollout is the end: what can be ready is, or it was stopped', () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const cluster = clusterOf(shape);
      const plan = cluster.plan();
      if (plan.kind === 'refused') return;
      const { ending } = runOnModel(cluster, plan);
      if (ending?.do !== 'finish') return assert.equal(ending?.do, 'stop');
      for (const one of cluster.agents.filter(({ fault }) => !fault)) assert.ok(one.done, one.mesos.hostname);
    }),
  );
});

test('agents with room for some of the tasks take no place from those that need it, and no app has a place that nobody can fill', () => {
  const mixed = fc.record({
    needing: fc.integer({ min: 1, max: 12 }),
    some: fc.integer({ min: 1, max: 8 }),
    joining: fc.integer({ min: 1, max: 4 }),
    change: fc.boolean(),
    cut: fc.oneof(fc.constant(10_000), fc.integer({ min: 1, max: 12 })),
  });
  fc.assert(
    fc.property(mixed, ({ needing, some, joining, change, cut }) => {
      const cluster = new ModelCluster({ private: needing, public: 0, faults: {} });
      for (let index = 0; index < some; index++) cluster.join(false, 'some room');
      const settled = (what: string) => {
        runOnModel(cluster, cluster.plan(), cut);
        if (cut < 10_000) runOnModel(cluster, cluster.plan());
        for (const { fault, done, mesos } of cluster.agents) {
          if (fault === undefined) assert.ok(done, `${what}: ${mesos.hostname} is not done`);
          else assert.ok(!cluster.touched.includes(mesos.hostname), `${what}: ${mesos.hostname} had a turn`);
        }
        for (const { id, instances, tasks = [] } of cluster.apps)
          if (id !== '/calico/options') assert.equal(instances, tasks.length, `${what}: ${id} hangs`);
        assert.equal(cluster.plan().kind, 'nothing', what);
      };
      settled('install');
      for (let index = 0; index < joining; index++) cluster.join(false);
      cluster.replaced = [];
      settled('cover');
      assert.deepEqual(cluster.replaced, [], 'who joins is covered by scaling alone');
      if (change) cluster.options.node.ipip = 'always';
      settled('change');
      const one = cluster.agents.find(({ fault }) => fault !== undefined)!;
      delete one.fault;
      one.mesos = { ...one.mesos, used_resources: { ...one.mesos.used_resources, cpus: 0, mem: 0 } };
      cluster.replaced = [];
      settled('room');
      assert.deepEqual(cluster.replaced, [], 'who comes to have room is covered by scaling alone');
    }),
  );
});
