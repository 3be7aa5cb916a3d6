// `--watch` and `--wait`: when they look, when they end, and with which exit code.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../src/errors.ts';
import { VirtualClock } from '../../src/lab/clock.ts';
import { SeededRandom } from '../../src/lab/random.ts';
import { buildStatus } from '../../src/status/build.ts';
import { follow, intervalMs, spread } from '../../src/status/follow.ts';
import type { ClusterStatus } from '../../src/status/model.ts';
import { isGoingOn, statusExit, waitVerdict } from '../../src/status/verdict.ts';
import { type AgentWords, type ClusterWords, clusterRead, NOW } from './cluster.ts';

const of = (agents: AgentWords[], more: Partial<ClusterWords> = {}) =>
  buildStatus(clusterRead({ agents, ...more }));
const READY: AgentWords = { host: '10.0.1.11' };
const healthy = of([READY]);
const failed = of([READY, { host: '10.0.1.12', steps: { node: 'failed' } }]);
const waiting = of([READY, { host: '10.0.1.12', steps: 'waiting for turn' }]);
const atWork = of([READY, { host: '10.0.1.12', steps: { node: 'working' } }]);
const turn = of([READY, { host: '10.0.1.12', steps: 'waiting for turn' }], {
  turn: { agents: ['10.0.1.12'] },
});
const betweenWaves = of([READY, { host: '10.0.1.12', steps: 'waiting for turn' }], {
  turn: { agents: ['10.0.1.11'], done: ['10.0.1.11'] },
});
const leftAlone = of([READY, { host: '10.0.1.12', steps: 'none', mesos: { attributes: { os: 'windows' } } }]);
const none = buildStatus({ ...clusterRead({ agents: [READY] }), group: undefined });

test('exit codes of one look', () => {
  const exits = { healthy, failed, waiting, atWork, turn, leftAlone, none };
  assert.deepEqual(
    Object.fromEntries(Object.entries(exits).map(([name, status]) => [name, statusExit(status)])),
    { healthy: 0, failed: 1, waiting: 3, atWork: 3, turn: 3, leftAlone: 0, none: 0 },
  );
});

test('what is going on, and what only a person can move', () => {
  const all = { healthy, failed, waiting, atWork, turn, betweenWaves, none };
  assert.deepEqual(
    Object.entries(all)
      .filter(([, status]) => isGoingOn(status))
      .map(([name]) => name),
    ['atWork', 'turn'],
  );
});

test('what --wait does', () => {
  const verdicts: [ClusterStatus, quietMs: number, timeIsUp: boolean, exit: number | undefined][] = [
    [healthy, 0, false, 0],
    [none, 0, false, 3],
    [atWork, 0, false, undefined],
    [atWork, 0, true, 6],
    [turn, 0, true, 6],
    [waiting, 0, false, undefined],
    [waiting, 5000, false, 3],
    [waiting, 0, true, 3],
    [betweenWaves, 10_000, false, undefined],
    [betweenWaves, 30_000, false, 3],
    [betweenWaves, 10_000, true, 6],
    [failed, 5000, false, 1],
    [failed, 0, true, 1],
  ];
  for (const [status, quiet, timeIsUp, exit] of verdicts)
    assert.equal(waitVerdict(status, quiet, timeIsUp), exit, JSON.stringify(status.totals.byState));
});

/** Follows a list of looks, the last one repeated, on a clock of its own. */
async function followed(
  looks: (ClusterStatus | Error)[],
  options: { wait: boolean; waitMs?: number },
  random: () => number = () => 0.5,
) {
  const clock = new VirtualClock(NOW);
  const times: number[] = [];
  const problems: string[] = [];
  const ages: number[] = [];
  const result = follow(
    { wait: options.wait, waitMs: options.waitMs ?? Number.POSITIVE_INFINITY },
    {
      async read() {
        // On a clock that costs nothing a wait without an end would otherwise never give the test back.
        assert.ok(times.length < 2000, 'the waiting does not end');
        const look = looks.length > 1 ? looks.shift()! : looks[0]!;
        times.push((clock.now() - NOW) / 1000);
        if (look instanceof Error) throw look;
        return look;
      },
      now: () => clock.now(),
      sleep: async (ms) => clock.advance(ms),
      random,
      show: () => {},
      aged: (ageMs, problem) => {
        ages.push(ageMs / 1000);
        if (problem && !problems.includes(problem)) problems.push(problem);
      },
    },
  );
  return { ...(await result), times, problems, ages, clock };
}

test('waits through a rollout to its end', async () => {
  const { exit, times } = await followed([atWork, turn, betweenWaves, turn, healthy], { wait: true });
  assert.equal(exit, 0);
  assert.deepEqual(times.map(Math.round), [0, 2, 4, 6, 8]);
});

test('a rollout that nobody leads any more ends the waiting, 30 s after the last thing happened', async () => {
  const { exit, times } = await followed([turn, betweenWaves], { wait: true });
  assert.equal(exit, 3);
  assert.ok(times.at(-1)! >= 32 && times.at(-1)! < 36, `ended at ${times.at(-1)}`);
});

test('the time that was given is kept, and the last look is at its end', async () => {
  const { exit, times } = await followed([atWork], { wait: true, waitMs: 7000 });
  assert.equal(exit, 6);
  assert.equal(times.at(-1), 7);
});

test('a cluster that is away for a while is waited for; the age of what is shown grows', async () => {
  const away = new UserError({ code: 'dcos-unreachable', what: 'Could not reach the cluster' });
  const { exit, problems, ages } = await followed([atWork, away, away, healthy], { wait: true });
  assert.equal(exit, 0);
  assert.deepEqual(problems, ['Could not reach the cluster']);
  assert.ok(Math.max(...ages) >= 5, `oldest ${Math.max(...ages)}`);
});

test('a cluster that stays away, or a login that ended, is an error', async () => {
  const away = new UserError({ code: 'time-out', what: 'No answer' });
  await assert.rejects(followed([atWork, away], { wait: true }), /No answer/);
  const expired = new UserError({ code: 'login-expired', what: 'The login has expired' });
  await assert.rejects(followed([atWork, expired], { wait: true }), /expired/);
  await assert.rejects(followed([away], { wait: true }), /No answer/);
});

test('the interval grows with the cluster and with how long it takes to answer, and is never below 2 s', () => {
  assert.equal(intervalMs(0, 0), 2000);
  assert.equal(intervalMs(10, 30), 2020);
  assert.equal(intervalMs(5000, 800), 12_000);
  assert.equal(intervalMs(5000, 5000), 20_000);
});

test('many who began together come apart, and look as often as they would alone', async () => {
  const big = { ...atWork, agents: Array.from({ length: 5000 }, () => atWork.agents[0]!) };
  const watches = await Promise.all(
    Array.from({ length: 20 }, (_, index) => {
      const chance = new SeededRandom(index);
      return followed([big], { wait: true, waitMs: 600_000 }, () => chance.next());
    }),
  );
  const looks = watches.flatMap(({ times }) => times.slice(5, -1));
  const most = Math.max(...looks.map((at) => looks.filter((one) => one >= at && one < at + 1).length));
  assert.ok(most <= 10, `${most} of 20 look within one second`);
  for (const { times } of watches) assert.ok(times.length > 45 && times.length < 58, `${times.length} looks`);
});

test('the spread is a quarter to either side, and never below 2 s', () => {
  assert.equal(spread(12_000, 0), 9000);
  assert.equal(spread(12_000, 0.5), 12_000);
  assert.ok(spread(12_000, 0.999) < 15_000);
  assert.equal(spread(2020, 0), 2000);
});
