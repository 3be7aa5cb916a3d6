// A task killed at any point of its work leaves a host that the next run completes, turn or not.
//
// Each operation of an undisturbed run is counted: every external command, every change of the file system. A run is killed,
// with its whole process group, before each of them that leaves the host another one than before the last kill: "after the
// n-th" is "before the next", and a sync, a read, or a file of the dead task's own sandbox changes nothing that lasts.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Options } from '../../src/options/types.ts';
import type { StepMode, StepName } from '../../src/steps/state.ts';
import { assertSame, Bench, type HostOptions, type Picture } from './bench.ts';

export interface Killed {
  step: StepName;
  mode: StepMode;
  options: Options;
  host?: HostOptions;
  /** What is there before the step begins. */
  prepare?(bench: Bench): Promise<void>;
  /** The turn in which it is killed; by default one that allows changes. */
  turn?: Parameters<Bench['giveTurn']>[0];
  /** A container that must run throughout, the same one. */
  running?: string;
  /** What the operator does where the step asks for it, or says that it failed. */
  restart?(bench: Bench): Promise<void>;
}

const LASTING = [
  // Not `open`: a temporary file is written anew by the next run, and is there in full before its `rename`.
  /^python (os\.rename|os\.remove|os\.rmdir|os\.mkdir|os\.symlink) (?!\.\/)(?!.*\/run\/dcos-calico\/(tasks|memo|lock|changed))/,
  /^busctl call/,
  /^docker (--config \S+ )?(pull|rm|run|update)/,
  /^curl .*-X (PUT|DELETE)/,
  /^curl .*-fsSL/,
  // Those of ip6tables are the same lines of the step.
  /^iptables .* -[DFX] /,
  /^ipset destroy/,
  /^ip (route|addr) del/,
];

/** The root of the host and what times it saw are its own. */
function comparable(bench: Bench): Picture {
  return Object.fromEntries(
    Object.entries(bench.picture()).map(([key, value]) => [
      key,
      value
        .replaceAll(bench.host.root, '')
        .replace(/"\d{13,}"/g, '"TIME"')
        .replace(/"2026-11-28T.*?"/g, '"TURN"'),
    ]),
  );
}

function withoutRecords(picture: Picture): Picture {
  return Object.fromEntries(
    Object.entries(picture).filter(([key]) => !key.startsWith('/var/lib/dcos-calico')),
  );
}

async function prepared({ host, prepare }: Killed): Promise<Bench> {
  const bench = await Bench.create(host);
  await prepare?.(bench);
  return bench;
}

const VERSIONS = ['2026-11-26T00:00:00.000Z', '2026-11-26T00:00:01.000Z'];

/** Runs the step to its end, with a turn where it waits for one. Whether it had begun before. */
async function complete(
  bench: Bench,
  { step, mode, options, restart }: Killed,
  untouched: Picture,
): Promise<void> {
  const task = bench.run(step, { mode, options, version: VERSIONS[1] });
  const first = await task.until(({ state }) =>
    ['ready', 'waiting for turn', 'restart pending', 'failed'].includes(state),
  );
  if (first.state === 'waiting for turn') {
    // Nothing was agreed yet: so nothing may have been done, but for the beginning of our own record.
    assertSame(withoutRecords(comparable(bench)), withoutRecords(untouched));
    await bench.giveTurn();
    await task.until(({ state }) => ['ready', 'restart pending', 'failed'].includes(state));
  }
  if (restart && task.status()?.state !== 'ready') await restart(bench);
  await task.until('ready');
  await task.stop();
}

async function killedBefore(
  n: number,
  what: string,
  killed: Killed,
  untouched: Picture,
  wanted: Picture,
): Promise<void> {
  const bench = await prepared(killed);
  try {
    const found = killed.running ? bench.host.machine.engine.find(killed.running) : undefined;
    const began = found?.started;
    await bench.giveTurn(killed.turn);
    bench.host.count({ n, when: 'before' });
    const { step, mode, options } = killed;
    const victim = bench.run(step, { mode, options, version: VERSIONS[0] });
    await victim.ended;
    assert.equal(victim.exit?.signal, 'SIGKILL');
    bench.host.stopCounting();
    await bench.endTurn();
    await complete(bench, killed, untouched);
    assertSame(comparable(bench), wanted);
    if (found) {
      assert.equal(bench.host.machine.engine.find(killed.running!), found);
      assert.ok(found.running && found.started === began);
    }
  } catch (error) {
    throw new Error(`killed before operation ${n}, ${what.replaceAll(bench.host.root, '')}`, {
      cause: error,
    });
  } finally {
    await bench.remove();
  }
}

export function testKilled(killed: Killed): void {
  const { step, mode, options } = killed;
  test(`${step}, ${mode}: killed at any point, the next run completes it`, async () => {
    const undisturbed = await prepared(killed);
    const untouched = comparable(undisturbed);
    await undisturbed.giveTurn(killed.turn);
    undisturbed.host.count();
    const task = undisturbed.run(step, { mode, options, version: VERSIONS[0] });
    await task.until(({ state }) => state === 'ready' || state === 'restart pending');
    await task.stop();
    const operations = undisturbed.host.counted();
    undisturbed.host.stopCounting();
    await complete(undisturbed, killed, untouched);
    const wanted = comparable(undisturbed);
    await undisturbed.remove();

    const points = operations
      .map((operation, i) => ({ n: i + 1, operation }))
      .filter(({ operation }) => LASTING.some((pattern) => pattern.test(operation)));
    assert.ok(points.length >= 2, `only ${points.length} operations of ${operations.length} change anything`);
    const queue = [...points];
    const work = async (): Promise<void> => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        await killedBefore(next.n, next.operation, killed, untouched, wanted);
      }
    };
    await Promise.all([work(), work(), work()]);
  });
}
