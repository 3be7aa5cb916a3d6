// A task's life in its sandbox, and that nothing is left of it.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { SandboxRunner, type SandboxRunnerOptions } from '../../../src/lab/sandbox/runner.ts';
import type { TaskInfo } from '../../../src/lab/types.ts';
import { until } from './on-host.ts';

const info = (cmd: string, more: Partial<TaskInfo> = {}): TaskInfo => ({
  id: 'calico_docker.instance-1._app.1',
  appId: '/calico/docker',
  frameworkId: 'F1',
  agentId: 'S1',
  cmd,
  env: {},
  user: 'root',
  role: 'slave_public',
  cpus: 0.02,
  mem: 32,
  disk: 0,
  ports: [],
  killGraceSeconds: 3,
  ...more,
});

async function withRunner(
  options: Partial<SandboxRunnerOptions>,
  use: (runner: SandboxRunner, dir: string) => Promise<void>,
): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'runner-'));
  const runner = new SandboxRunner({ dir, ...options });
  try {
    await runner.addAgent({ id: 'S1', host: '10.0.1.11', public: false });
    await use(runner, dir);
  } finally {
    await runner.stop();
    assert.equal(existsSync(dir), false);
  }
}

type Ended = { code: number | null; signal: string | null };

function start(runner: SandboxRunner, cmd: string, more?: Partial<TaskInfo>) {
  const ended = Promise.withResolvers<Ended>();
  return { task: runner.start(info(cmd, more), ended.resolve), ended: ended.promise };
}

const textOf = async (task: { read(path: string): Promise<Uint8Array | undefined> }, path: string) =>
  Buffer.from((await task.read(path)) ?? []).toString();

/** Processes that have this in their command line. */
function processes(what: string): string[] {
  return execFileSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8', maxBuffer: 1 << 28 })
    .split('\n')
    .filter((line) => line.includes(what) && !line.includes('ps -A'));
}

test('a command runs byte for byte, with the executor’s environment and the task’s own', () =>
  withRunner({ dcos: '1.10' }, async (runner) => {
    const cmd = `printf '%s|' "$0" "$A" 'é"$\\'; env >all; pwd; echo bad >&2; exit 3`;
    const { task, ended } = start(runner, cmd, { env: { A: "b 'c", DCOS_CALICO_ROOT: '/' } });
    assert.deepEqual(await ended, { code: 3, signal: null });
    const [line, where] = (await textOf(task, 'stdout'))
      .split('\n')
      .map((text) => text.split('|'))
      .flatMap((parts) => (parts.length > 1 ? [parts.slice(0, 3).join('|'), parts[3]!] : []));
    assert.equal(line, `/bin/sh|b 'c|é"$\\`);
    assert.equal(realpathSync(where!), realpathSync(task.directory));
    assert.match(
      task.directory,
      /\/10\.0\.1\.11\/var\/lib\/mesos\/slave\/slaves\/S1\/frameworks\/F1\/executors\/calico_docker\.instance-1\._app\.1\/runs\/[^/]+$/,
    );
    assert.equal(await textOf(task, 'stderr'), 'bad\n');
    const env = Object.fromEntries(
      (await textOf(task, 'all'))
        .trim()
        .split('\n')
        .map((entry) => entry.split(/=(.*)/s).slice(0, 2)),
    );
    assert.equal(env.PATH, '/usr/bin:/bin');
    assert.equal(env.SHELL, '/usr/bin/bash');
    assert.equal(env.LD_LIBRARY_PATH, '/opt/mesosphere/lib');
    assert.equal(env.MESOS_TASK_ID, 'calico_docker.instance-1._app.1');
    // Only the agent says where its root is.
    assert.equal(env.DCOS_CALICO_ROOT, runner.host('S1').root);
    assert.equal(env.HOME, undefined);
    const files = await task.list('.');
    assert.deepEqual(
      files!.map(({ name }) => name),
      ['all', 'stderr', 'stdout'],
    );
    assert.match(files![0]!.mode, /^-rw/);
    assert.equal(await task.read('../../x'), undefined);
    assert.equal(await task.read('nothing'), undefined);
  }));

test('from DC/OS 1.11 on the libraries of DC/OS are not in the environment', () =>
  withRunner({ dcos: '1.11' }, async (runner) => {
    const { task, ended } = start(runner, '[ -z "$LD_LIBRARY_PATH" ] && echo none');
    await ended;
    assert.equal(await textOf(task, 'stdout'), 'none\n');
  }));

test('checks run in the sandbox with the task’s environment, give their code, and time out', () =>
  withRunner({}, async (runner) => {
    const { task, ended } = start(
      runner,
      "printf 'exit $N\\n' >health.new; mv health.new health; sleep 100",
      { env: { N: '11' } },
    );
    assert.equal(typeof (await task.run('sh ./nothing', 5)), 'number');
    await until(async () => (await task.run('sh ./health', 5)) === 11);
    assert.equal(await task.run('echo checked >&2; sleep 50', 0.1), null);
    assert.match(await textOf(task, 'stderr'), /checked\n$/);
    task.kill(3);
    assert.deepEqual(await ended, { code: null, signal: 'SIGTERM' });
    assert.equal(await task.run('true', 1), null);
  }));

test('a kill is SIGTERM, then SIGKILL after the grace time, for the whole group', () =>
  withRunner({}, async (runner) => {
    const mark = `sleep 98${process.pid}`;
    const polite = start(
      runner,
      `trap 'echo bye; exit 4' TERM; ${mark} & echo up; while :; do sleep 0.05; done`,
    );
    await until(async () => (await textOf(polite.task, 'stdout')) === 'up\n');
    polite.task.kill(5);
    assert.deepEqual(await polite.ended, { code: 4, signal: null });
    assert.equal(await textOf(polite.task, 'stdout'), 'up\nbye\n');
    await until(() => processes(mark).length === 0);
    const deaf = start(runner, "trap '' TERM; echo up; while :; do sleep 0.05; done");
    await until(async () => (await textOf(deaf.task, 'stdout')) === 'up\n');
    deaf.task.kill(0.1);
    assert.deepEqual(await deaf.ended, { code: null, signal: 'SIGKILL' });
  }));

test('a reboot of the host ends its tasks; an agent that is removed takes everything with it', () =>
  withRunner({}, async (runner, dir) => {
    const first = start(runner, 'sleep 100');
    await runner.reboot('S1');
    assert.ok((await first.ended).signal);
    const second = start(runner, 'sleep 100');
    await runner.removeAgent('S1');
    assert.ok((await second.ended).signal);
    assert.equal(existsSync(join(dir, '10.0.1.11')), false);
    assert.throws(() => runner.host('S1'), /no agent S1/);
  }));

test('nothing is left of a lab that is killed: no process, no file', { timeout: 60_000 }, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'killed-'));
  const mark = `97${process.pid}`;
  const program = `
    import { SandboxRunner } from ${JSON.stringify(join(import.meta.dirname, '../../../src/lab/sandbox/runner.ts'))};
    const runner = new SandboxRunner({ dir: ${JSON.stringify(dir)} });
    await runner.addAgent({ id: 'S1', host: '10.0.1.11', public: false });
    const task = runner.start(${JSON.stringify(info(`trap '' TERM INT HUP; echo up; sleep ${mark} & sleep ${mark}; sleep ${mark}`))}, () => {});
    while (!Buffer.from((await task.read('stdout')) ?? []).length) await new Promise((r) => setTimeout(r, 5));
    console.log('up');
    setInterval(() => {}, 1000);
  `;
  const lab = spawn(
    process.execPath,
    [
      '--import',
      join(import.meta.dirname, '../../../scripts/text-modules.mjs'),
      '--input-type=module',
      '-e',
      program,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const exited = new Promise((resolve) => lab.once('exit', resolve));
  try {
    await new Promise((resolve) => lab.stdout.once('data', resolve));
    await until(() => processes(`sleep ${mark}`).length > 1);
  } finally {
    lab.kill('SIGKILL');
  }
  await exited;
  await until(() => processes(`sleep ${mark}`).length === 0 && !existsSync(dir));
});

test('tasks run in another shell where it is said', () =>
  withRunner({ shell: ['/bin/bash', '--posix'] }, async (runner) => {
    const { task, ended } = start(runner, 'echo "$BASH_VERSION"');
    await ended;
    assert.match(await textOf(task, 'stdout'), /^\d/);
    assert.match(readFileSync(join(task.directory, '..', 'latest', 'stdout'), 'utf8'), /^\d/);
  }));
