// That tasks run on these hosts as on an agent: what fails in a real Mesos container fails here.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hosts } from './hosts.ts';
import { ask } from './on-host.ts';
import { StepTask, version } from './step-task.ts';

async function run(cmd: string) {
  const all = await hosts();
  const task = new StepTask(
    all,
    all.machines[0],
    'try',
    { id: '/calico/try', cmd, env: { SAID: 'a "b" $c' } },
    version(),
  );
  await task.task.ended;
  return { task, said: await task.output() };
}

test('a task is root in a PID namespace of its own, with the environment of the agent and its own', async () => {
  const { said, task } = await run(
    'id -u; pwd; stat -c "%a %U" .; echo "$PATH"; echo "$SAID"; ls -d /proc/[0-9]* | wc -l; cat /proc/1/comm; env | cut -d= -f1 | sort | tr "\\n" " "',
  );
  const [uid, sandbox, mode, path, value, processes, first, names] = said.split('\n');
  assert.equal(uid, '0');
  assert.equal(sandbox, task.task.sandbox);
  assert.equal(mode, '750 root');
  assert.equal(path, '/usr/bin:/bin');
  assert.equal(value, 'a "b" $c');
  assert.ok(Number(processes) < 12, `it sees ${processes} processes`);
  assert.notEqual(first, 'systemd');
  const known =
    'LIBPROCESS_IP LIBPROCESS_NUM_WORKER_THREADS LIBPROCESS_PORT MARATHON_APP_ID MARATHON_APP_VERSION';
  for (const name of known.split(' ')) assert.ok(names!.includes(name), name);
  assert.ok(!/\b(HOME|USER|DCOS_CALICO_ROOT|NODE_)/.test(names!), names!);
});

test("its files are the host's, its mounts are not, and mounts of the host reach it", async () => {
  const all = await hosts();
  const [machine] = all.machines;
  await machine.sh('mkdir -p /run/shown /run/hidden');
  const cmd =
    'mount -t tmpfs tmpfs /run/hidden; touch /run/hidden/in /run/shown/from-task; until [ -e /run/shown/now/in ]; do sleep 0.1; done; echo seen';
  const task = new StepTask(all, machine, 'try', { id: '/calico/try', cmd }, version());
  await machine.sh('until [ -e /run/shown/from-task ]; do sleep 0.1; done');
  await machine.sh('mkdir /run/shown/now && mount -t tmpfs tmpfs /run/shown/now && touch /run/shown/now/in');
  await task.task.ended;
  assert.equal(await task.output(), 'seen\n');
  assert.equal(await ask(machine, 'ls /run/hidden'), '');
  await machine.sh('umount /run/shown/now; rm -rf /run/shown /run/hidden');
});

test('plain systemctl fails there, and the system bus answers', async () => {
  const { said } = await run(
    'systemctl is-active docker 2>&1; SYSTEMCTL_FORCE_BUS=1 systemctl is-active docker; ' +
      'busctl get-property org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager Architecture',
  );
  const [plain, forced, bus] = said
    .trim()
    .split('\n')
    .filter((line) => !line.startsWith('System has not been booted'));
  assert.match(plain!, /Failed to connect to bus|Can't operate/);
  assert.equal(forced, 'active');
  assert.match(bus!, /^s "/);
});

test('SIGTERM ends a task, its exit code and its signal are told, SIGKILL takes all of it', async () => {
  const all = await hosts();
  const [machine] = all.machines;
  const start = (cmd: string) => new StepTask(all, machine, 'try', { id: '/calico/try', cmd }, version());
  const failed = start('exit 3');
  await failed.task.ended;
  assert.deepEqual(failed.exit, { code: 3, signal: null });
  const ended = start('touch began; sleep 1000');
  while (!(await ended.task.read('began'))) await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(await ended.task.run('test -e began', 5), 0);
  assert.equal(await ended.task.run('exit 12', 5), 12);
  assert.equal(await ended.task.run('sleep 5', 0.3), null);
  await ended.stop();
  assert.deepEqual(ended.exit, { code: null, signal: 'SIGTERM' });
  const killed = start('setsid sleep 54321 & touch began; sleep 54321');
  while (!(await killed.task.read('began'))) await new Promise((resolve) => setTimeout(resolve, 50));
  await killed.destroy();
  assert.equal(await ask(machine, 'pgrep -fc "sleep [5]4321" || true'), '0');
});
