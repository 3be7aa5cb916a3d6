// The decision in the cases that a healthy rollout never sees.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MarathonApp, QueueItem } from '../../src/dcos/types.ts';
import { UserError } from '../../src/errors.ts';
import {
  CONFIRMED_WITHIN,
  NOT_REPLACED,
  TURN_NOT_PLACED,
  TURN_UNREACHABLE,
  TURN_WORKING,
} from '../../src/rollout/limits.ts';
import { next } from '../../src/rollout/next.ts';
import { withGroup, withOldEnded, withTurn, withTurnGiven } from '../../src/rollout/observe.ts';
import { patient } from '../../src/rollout/patience.ts';
import type { RolloutState } from '../../src/rollout/state.ts';
import { whyNoTask } from '../../src/rollout/why-no-task.ts';
import { app, task } from '../plan/cluster.ts';
import { type Fault, ModelCluster } from './model.ts';
import { begin, runOnModel } from './run-model.ts';

const cluster = new ModelCluster({ private: 7, public: 0, faults: {} });
const plan = cluster.plan();
const placed = { placed: 7, tasks: 35, of: 35, changed: 0, settle: [], full: true, old: [] };
const T = '2026-11-24T03:54:09.383Z';
const turn = (tasks: MarathonApp['tasks']) => app('turn', tasks ?? [], { id: '/calico/ops/turn' });

/** The canary has its turn since `0`, and it is `now`. */
function inTurn(now: number, tasks: MarathonApp['tasks'], steps = [now]): RolloutState {
  let state = withTurnGiven(
    { ...begin(plan, 0), now: 0, placing: placed, looked: 0 },
    0,
    plan.waves[0]!.agents,
    turn([]),
  );
  for (const at of steps) state = withTurn({ ...state, now: at }, turn(tasks), 'check', new Map());
  return state;
}

const canary = plan.waves[0]!.agents[0]!;
const mesos = cluster.agents[0]!.mesos;
const standing = (state: RolloutState) => state.agents.get(canary.id)!.standing;

test('while tasks are being placed it is looked, and given up only when nothing moves', () => {
  const state = { ...begin(plan, 0), looked: 0 };
  assert.equal(next(state).do, 'look');
  const some = { ...placed, placed: 3, changed: 10_000 };
  assert.equal(next({ ...state, placing: some, now: 20_000 }).do, 'look');
  assert.equal(next({ ...state, placing: some, now: 200_000 }).do, 'give turn');
});

test('tasks of an earlier version that stay while nothing moves are ended, each once', () => {
  const old = [{ id: 'node.1', host: canary.host }];
  const placing = { ...placed, placed: 6, tasks: 34, old };
  const state = { ...begin(plan, 0), looked: 0, placing };
  assert.equal(next({ ...state, now: NOT_REPLACED - 1 }).do, 'look');
  assert.deepEqual(next({ ...state, now: NOT_REPLACED }), { do: 'end old', tasks: old });
  const after = { ...withOldEnded({ ...state, now: NOT_REPLACED }, old), looked: NOT_REPLACED };
  assert.equal(next({ ...after, placing: { ...after.placing!, old }, now: 3 * NOT_REPLACED }).do, 'look');
});

test('a turn that is never placed stalls, and a stalled canary stops it', () => {
  assert.equal(standing(inTurn(TURN_NOT_PLACED - 1, [], [0, TURN_NOT_PLACED - 1])), 'in turn');
  const state = inTurn(TURN_NOT_PLACED, [], [0, TURN_NOT_PLACED]);
  assert.equal(standing(state), 'stalled');
  assert.deepEqual(next(state), { do: 'end wave', wave: 0 });
  assert.deepEqual(next({ ...state, turn: undefined }), { do: 'stop', why: 'canary stalled' });
});

test('in other waves as many agents may stall as may fail, both together', () => {
  const { waves } = plan;
  const rest = waves.filter(({ kind }) => kind === 'rollout').flatMap(({ agents }) => agents);
  const at = (bad: ('stalled' | 'failed')[], maxFailures: number) => {
    const before = begin(plan, 0, { at: waves.length - 1, looked: 500_000, placing: placed, maxFailures });
    const agents = new Map(
      [...before.agents].map(([id, one]) => {
        const standing = bad[rest.findIndex((other) => other.id === id)] ?? 'ready';
        return [id, { ...one, standing, confirmed: true }] as const;
      }),
    );
    return next({ ...before, now: 500_000, agents });
  };
  assert.deepEqual(at(['stalled'], 1), { do: 'finish' });
  assert.deepEqual(at(['stalled', 'failed'], 1), { do: 'stop', why: 'too many failed' });
  assert.deepEqual(at(['stalled'], 0), { do: 'stop', why: 'too many failed' });
});

test('a failure counts when it lasts, an agent out of sight or at work for ever is one', () => {
  const failing = [task('turn', mesos, 20)];
  assert.equal(standing(inTurn(1000, failing)), 'in turn');
  assert.equal(standing(inTurn(20_000, failing, [1000, 20_000])), 'failed');
  const lost = [task('turn', mesos, 12, { state: 'TASK_UNREACHABLE' })];
  assert.equal(standing(inTurn(TURN_UNREACHABLE, lost, [0, TURN_UNREACHABLE])), 'failed');
  const working = [task('turn', mesos, 12)];
  assert.equal(standing(inTurn(TURN_WORKING - 1, working, [0, TURN_WORKING - 1])), 'in turn');
  assert.equal(standing(inTurn(TURN_WORKING, working, [0, TURN_WORKING])), 'failed');
});

test('an agent that failed and then is ready is ready', () => {
  const state = inTurn(20_000, [task('turn', mesos, 20)], [1000, 20_000]);
  const after = withTurn({ ...state, now: 30_000 }, turn([task('turn', mesos, 0)]), 'check', new Map());
  assert.deepEqual([standing(after), after.agents.get(canary.id)!.reason], ['ready', '']);
});

test('tasks of an earlier turn do not count', () => {
  const state = withTurn(
    {
      ...inTurn(0, []),
      now: 1000,
      turn: { version: '2026-11-24T05:00:00.000Z', since: 0, agents: [canary.id] },
    },
    turn([task('turn', mesos, 0, { version: T })]),
    'check',
    new Map(),
  );
  assert.equal(standing(state), 'in turn');
});

test('no next wave before the steps themselves confirm what the turn said', () => {
  const ready = { ...inTurn(1000, [task('turn', mesos, 0)]), turn: undefined, looked: 2000, now: 2000 };
  assert.deepEqual([next(ready).do, (next(ready) as { why?: string }).why], ['look', 'confirming']);
  const later = 1000 + CONFIRMED_WITHIN;
  assert.equal(next({ ...ready, now: later }).do, 'look', 'time that passes unseen confirms nothing');
  assert.equal(next({ ...ready, now: later, looked: later }).do, 'give turn');
});

/** What a rollout of 12 agents, 3 at a time, comes to when the first of them has this fault. */
function rolloutWith(faults: Record<number, Fault>, maxFailures = 1) {
  const model = new ModelCluster({ private: 12, public: 0, faults }, ({ rollout }) => {
    rollout['max-concurrent'] = 3;
    rollout['max-failures'] = maxFailures;
  });
  const { ending } = runOnModel(model, model.plan());
  return { ending, touched: model.touched.length };
}

test('a canary that was ready and fails while others have their turn stops the rollout', () => {
  const { ending, touched } = rolloutWith({ 0: 'fails later' });
  assert.deepEqual(ending, { do: 'stop', why: 'canary failed' });
  assert.equal(touched, 1 + 3, 'the wave under way, and no other');
});

test('where Marathon carries only ready and not ready, a canary that is ready no more is doubted too', () => {
  const health = (alive: boolean) => [{ alive, consecutiveFailures: 0, taskId: 't' }];
  const group = (alive: boolean) => ({
    id: '/calico',
    apps: plan.steps.map((step) =>
      app(
        step,
        [task(step, mesos, undefined, { healthCheckResults: health(alive || step !== 'node') as never })],
        { instances: 7 },
      ),
    ),
  });
  const look = (state: RolloutState, alive: boolean, now: number) =>
    withGroup(
      { ...state, now },
      {
        group: group(alive),
        agents: cluster.agents.map((one) => one.mesos),
        steps: plan.steps,
        carrier: 'health',
        options: cluster.options,
      },
    );
  const turned = { ...inTurn(1000, [task('turn', mesos, 0)]), turn: undefined };
  let state = look(turned, true, 2000);
  assert.equal(state.agents.get(canary.id)!.confirmed, true);
  state = look(state, false, 300_000);
  assert.equal(next(state).do, 'look');
  assert.equal(look(state, true, 310_000).agents.get(canary.id)!.confirmed, true);
  state = look(state, false, 300_000 + CONFIRMED_WITHIN);
  assert.deepEqual(next(state), { do: 'stop', why: 'canary failed' });
});

test('agents of earlier waves that fail later count as failures', () => {
  const { ending, touched } = rolloutWith({ 1: 'fails later', 2: 'fails later' });
  assert.deepEqual(ending, { do: 'stop', why: 'too many failed' });
  assert.equal(touched, 1 + 3 + 3);
  assert.deepEqual(rolloutWith({ 1: 'fails later' }).ending, { do: 'finish' });
});

test('a turn that never reports is no evidence: it counts as a failure', () => {
  const { ending, touched } = rolloutWith({ 1: 'silent', 2: 'silent' });
  assert.deepEqual(ending, { do: 'stop', why: 'too many failed' });
  assert.equal(touched, 1 + 3);
});

test('why a turn found no place', () => {
  const offer = (hostname: string, reason: string[]) => ({
    offer: { hostname, agentId: 'S' },
    reason,
    timestamp: T,
  });
  const queue: QueueItem[] = [
    {
      count: 1,
      app: { id: '/calico/ops/turn' },
      delay: { timeLeftSeconds: 0, overdue: true },
      since: T,
      lastUnusedOffers: [
        offer('10.0.1.11', ['InsufficientCpus', 'InsufficientMemory']),
        offer('10.0.1.12', ['Odd']),
      ],
    },
  ];
  const why = (host: string) => whyNoTask(queue, '/calico/ops/turn', host).replace(/^[^:]*: /, '');
  assert.equal(why('10.0.1.11'), 'too little CPU is free, too little memory is free');
  assert.equal(why('10.0.1.12'), 'Odd');
  assert.equal(why('10.0.1.13'), 'Mesos offers nothing of this agent');
});

test('what may pass is asked again for five minutes, anything else ends it at once', async () => {
  let now = 0;
  const time = {
    now: () => now,
    sleep: async (ms: number) => {
      now += ms;
    },
  };
  const failing = (code: string, times: number) => async () => {
    if (times-- > 0) throw new UserError({ code, what: 'No' });
    return 'yes';
  };
  const told: string[] = [];
  assert.equal(await patient(failing('time-out', 3), time, (why) => told.push(why)), 'yes');
  assert.deepEqual(told, ['No', 'No', 'No']);
  await assert.rejects(patient(failing('login-expired', 1), time, () => {}));
  now = 0;
  await assert.rejects(patient(failing('admin-router-503', 1000), time, () => {}));
  assert.ok(now >= 300_000 && now < 320_000);
});
