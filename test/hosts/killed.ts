// Steps killed with SIGKILL at any moment, under each shell, and started again: the host ends as wanted, and off again as before.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Machine } from '../../src/lab/hosts/machine.ts';
import { SeededRandom } from '../../src/lab/random.ts';
import { STEP_NAMES, type StepMode } from '../../src/steps/state.ts';
import { optionsWith } from '../steps/options.ts';
import { type Hosts, hosts, measure, renew, SHELLS } from './hosts.ts';
import { attach, daemons, dockerInfo, etcdValue, eventually, startOther } from './on-host.ts';
import { assertUnchanged, type Picture, pictureOf } from './picture.ts';
import { startStep, startTurn } from './step-task.ts';

const options = optionsWith();
const SEED = Number(process.env.HOSTS_SEED ?? 20261124);
/** Times that the tasks of a host are killed before they may come to their end. */
const ROUNDS = 8;

/** Until every step is ready, the tasks are killed again and again, each at a moment of its own. */
async function killing(all: Hosts, machine: Machine, mode: StepMode, random: SeededRandom): Promise<number> {
  let kills = 0;
  const turn = startTurn(all, machine, mode === 'absent' ? 'restart' : 'change');
  for (let round = 0; round < ROUNDS; round++) {
    const tasks = STEP_NAMES.map((step) => startStep(all, machine, step, { options, mode }));
    await Promise.all(
      tasks.map(async (task) => {
        await new Promise((resolve) => setTimeout(resolve, 300 + random.next() * (1000 + 700 * round)));
        await task.destroy();
        kills++;
      }),
    );
  }
  const tasks = STEP_NAMES.map((step) => startStep(all, machine, step, { options, mode }));
  for (const task of tasks) await task.until('ready', 150);
  await Promise.all(tasks.map((task) => task.stop()));
  await turn.stop();
  return kills;
}

/** What each step promises of a host that is ready, seen from outside. */
async function isWhole(machine: Machine): Promise<void> {
  assert.equal((await dockerInfo(machine)).ClusterStore, 'etcd://localhost:2379');
  await eventually('the engine in its store', () =>
    etcdValue(machine, `/docker/nodes/${machine.address}:62376`),
  );
  assert.deepEqual(await attach(machine, 'calico'), { address: '192.168.7.7/32' });
  for (const unit of ['etcd-proxy', 'libnetwork', 'node']) {
    const { stdout } = await machine.run(['systemctl', 'is-active', `dcos-calico-${unit}`]);
    assert.equal(stdout.trim(), 'active', unit);
  }
  const { stdout } = await machine.run([
    '/bin/sh',
    '-c',
    'find /etc /opt /var/lib/dcos-calico -name ".*.dcos-calico" -o -name ".*-back" | grep -v "/opt/dcos-calico/bin/put-back" || true',
  ]);
  assert.equal(stdout, '', 'no temporary file is left');
}

let before: Picture[] = [];

test(`4, 8 tasks killed at any moment, under dash, busybox sh and bash --posix (seed ${SEED})`, async () => {
  await renew();
  const all = await hosts();
  await Promise.all(all.machines.map(startOther));
  before = await Promise.all(all.machines.map(pictureOf));
  const running = await Promise.all(all.machines.map(daemons));
  const kills = await Promise.all(
    all.machines.map((machine, index) => killing(all, machine, 'present', new SeededRandom(SEED + index))),
  );
  measure(
    `killed ${kills.reduce((sum, count) => sum + count, 0)} tasks on the way to ready, under ${SHELLS.map((shell) => shell.join(' ')).join(', ')}`,
  );
  for (const machine of all.machines) await isWhole(machine);
  assert.deepEqual(
    await Promise.all(all.machines.map(daemons)),
    running,
    'neither Docker nor the agent was restarted',
  );
});

test('4, 8 killed likewise on the way off: each host is what it was before', async () => {
  const all = await hosts();
  const kills = await Promise.all(
    all.machines.map((machine, index) =>
      killing(all, machine, 'absent', new SeededRandom(SEED + 10 + index)),
    ),
  );
  measure(`killed ${kills.reduce((sum, count) => sum + count, 0)} tasks on the way off`);
  for (const [index, machine] of all.machines.entries()) {
    assertUnchanged(
      before[index]!,
      await pictureOf(machine),
      /^started: docker/,
      /^\/var\/log\/calico/,
      /^\/run\/calico/,
    );
  }
});
