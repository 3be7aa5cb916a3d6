// A restart of Docker that is cut off at any point: the host is never left worse, and the next turn completes it.
import assert from 'node:assert/strict';
import type { Bench } from './bench.ts';
import { testKilled } from './killed.ts';
import { optionsWith } from './options.ts';

const OLD = {
  'cluster-store': 'etcd://10.0.0.12:2379',
  'cluster-advertise': '10.0.1.11:62376',
  debug: false,
};
const options = optionsWith({
  etcd: { 'run-proxy': false, 'etcd-endpoints': 'http://10.0.0.11:2379' },
  docker: { 'replace-cluster-store': true },
});
const turn = (n: number) => ({
  allows: 'restart',
  task: `2026-11-28T00:0${n}:00.000Z_turn.${n}`,
  interrupts: '*=*',
});
const restarts = (bench: Bench) =>
  bench.host.calls.filter(({ args }) => args.includes('RestartUnit') && args.includes('docker.service'))
    .length;

/** Docker runs, with a file that it would start with again; then the operator gives another turn. */
async function nextTurn(bench: Bench): Promise<void> {
  const { engine } = bench.host.machine;
  assert.ok(engine.running);
  assert.ok(restarts(bench) <= 2, `${restarts(bench)} restarts without a turn for them`);
  const file = JSON.parse((await bench.host.read('/etc/docker/daemon.json'))!) as Record<string, unknown>;
  if (bench.host.machine.faults) assert.equal(typeof file['cluster-store'], 'string');
  await bench.endTurn();
  await bench.giveTurn(turn(2));
}

const host = { docker: { daemonJson: OLD } };
const installed = async (bench: Bench): Promise<void> => {
  await bench.giveTurn(turn(0));
  await bench.bring('docker', { options });
  await bench.endTurn();
};

testKilled({ step: 'docker', mode: 'present', options, host, turn: turn(1), restart: nextTurn });
testKilled({
  step: 'docker',
  mode: 'absent',
  options,
  host,
  prepare: installed,
  turn: turn(1),
  restart: nextTurn,
});
