// Uninstall after install leaves nothing, whatever the cluster is like and wherever it is cut off. That no more agents have a turn
// than may, and none that was not named, the model holds at every turn.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Fault, type ModelAgent, ModelCluster } from './model.ts';
import { runOnModel } from './run-model.ts';
import { uninstall } from './uninstall-model.ts';

interface Shape {
  private: number;
  public: number;
  faults: Record<number, Fault>;
  maxConcurrent: number | string;
  canary: number | string;
  docker: boolean;
  proxy: boolean;
  cni: boolean;
}

const shapes: fc.Arbitrary<Shape> = fc.record({
  private: fc.integer({ min: 1, max: 12 }),
  public: fc.integer({ min: 0, max: 3 }),
  faults: fc.dictionary(
    fc.integer({ min: 0, max: 14 }).map(String),
    fc.constantFrom<Fault>('no room', 'some room', 'deactivated', 'excluded'),
    { maxKeys: 4 },
  ),
  maxConcurrent: fc.oneof(fc.integer({ min: 1, max: 5 }), fc.constantFrom('10%', '100%')),
  canary: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('0%', '5%')),
  docker: fc.boolean(),
  proxy: fc.boolean(),
  cni: fc.boolean(),
});

function installed(shape: Shape): ModelCluster {
  const cluster = new ModelCluster(shape, (options) => {
    options.rollout['max-concurrent'] = shape.maxConcurrent;
    options.rollout.canary = shape.canary;
    options.docker.enable = shape.docker;
    options.libnetwork.enable = shape.docker;
    options.etcd['run-proxy'] = shape.proxy;
    options.cni.enable = shape.cni;
  });
  const plan = cluster.plan();
  if (plan.kind !== 'refused') runOnModel(cluster, plan);
  cluster.touched = [];
  return cluster;
}

/** Each run is a whole life of a cluster. */
const RUNS = { numRuns: 40 };

const had = (cluster: ModelCluster) => cluster.agents.filter(({ host }) => (host?.size ?? 0) > 0);
const hostOf = ({ mesos }: ModelAgent) => mesos.hostname;

function back(one: ModelAgent): void {
  one.mesos = { ...one.mesos, active: true, deactivated: false };
  delete one.fault;
}

function down(one: ModelAgent): void {
  one.mesos = { ...one.mesos, active: false, deactivated: true };
  one.fault = 'deactivated';
}

test('uninstall after install leaves nothing on any host, however often it is cut off', () => {
  fc.assert(
    fc.property(shapes, fc.array(fc.integer({ min: 1, max: 25 }), { maxLength: 6 }), (shape, cuts) => {
      const cluster = installed(shape);
      for (const cut of cuts) uninstall(cluster, cut);
      assert.deepEqual(uninstall(cluster), []);
      assert.deepEqual(had(cluster).map(hostOf), []);
      assert.deepEqual(cluster.apps, []);
    }),
    RUNS,
  );
});

test('only agents that are down are owed; when they are back the same command finishes them, and touches no other', () => {
  const some = fc.array(fc.nat(14), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(shapes, some, (shape, which) => {
      const cluster = installed(shape);
      const there = had(cluster);
      const lost = [...new Set(which.map((index) => there[index]).filter((one) => one !== undefined))];
      lost.forEach(down);
      const owed = uninstall(cluster);
      assert.deepEqual(owed?.sort(), lost.map(hostOf).sort());
      assert.deepEqual(had(cluster).map(hostOf).sort(), lost.map(hostOf).sort());
      if (lost.length === 0) return;
      assert.deepEqual(uninstall(cluster)?.sort(), lost.map(hostOf).sort(), 'nothing is forgotten');
      lost.forEach(back);
      cluster.touched = [];
      assert.deepEqual(uninstall(cluster), []);
      assert.deepEqual(had(cluster), []);
      assert.ok(cluster.touched.every((host) => lost.some((one) => hostOf(one) === host)));
    }),
    RUNS,
  );
});

test('agents that join while it goes on, and those that never had Calico, have no turn', () => {
  fc.assert(
    fc.property(shapes, fc.integer({ min: 1, max: 12 }), (shape, cut) => {
      const cluster = installed(shape);
      const there = had(cluster).map(hostOf);
      uninstall(cluster, cut);
      cluster.join(false);
      uninstall(cluster);
      assert.deepEqual(
        cluster.touched.filter((host) => !there.includes(host)),
        [],
      );
      assert.deepEqual(had(cluster), []);
    }),
    RUNS,
  );
});

test('without restarts no Docker is restarted, and who needs one stays owed; with them it is over', () => {
  fc.assert(
    fc.property(shapes, (shape) => {
      const cluster = installed({ ...shape, docker: true, proxy: true, faults: {} });
      const there = had(cluster).map(hostOf).sort();
      assert.deepEqual(uninstall(cluster, 10_000, false)?.sort(), there);
      assert.deepEqual(cluster.restarted, []);
      assert.deepEqual(uninstall(cluster), []);
      assert.deepEqual([...cluster.restarted].sort(), there);
    }),
    RUNS,
  );
});

test('agents that are gone, from Mesos and from Marathon, are owed by name until they are back or given up', () => {
  const some = fc.array(fc.nat(14), { minLength: 1, maxLength: 3 });
  fc.assert(
    fc.property(shapes, some, fc.boolean(), (shape, which, returns) => {
      const cluster = installed(shape);
      const there = had(cluster);
      const gone = [...new Set(which.map((index) => there[index % Math.max(1, there.length)]))].filter(
        (one) => one !== undefined,
      );
      if (gone.length === 0 || gone.length === cluster.agents.length) return;
      for (const one of gone) cluster.leave(one);
      assert.deepEqual(uninstall(cluster)?.sort(), gone.map(hostOf).sort());
      assert.deepEqual(had(cluster), []);
      if (!returns) return;
      cluster.agents.push(...gone);
      assert.deepEqual(uninstall(cluster), []);
      assert.deepEqual(had(cluster), []);
    }),
    RUNS,
  );
});
