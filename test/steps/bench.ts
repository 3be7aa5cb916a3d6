// Runs a step's command as Mesos runs it, on a sandbox host, and waits for what it reports.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Faults } from '../../src/lab/sandbox/faults.ts';
import { createHost, type Host } from '../../src/lab/sandbox/host.ts';
import { SandboxTask } from '../../src/lab/sandbox/sandbox-task.ts';
import type { MachineSpec, NetworkSpec } from '../../src/lab/sandbox/spec.ts';
import type { DcosVersion } from '../../src/lab/types.ts';
import type { Options } from '../../src/options/types.ts';
import { stepNamed } from '../../src/steps/registry.ts';
import { STATE_CODES, type StepMode, type StepName, type StepStatus } from '../../src/steps/state.ts';
import { optionsWith } from './options.ts';
import { World } from './world.ts';

const folder = mkdtempSync(join(tmpdir(), 'calico-steps-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

const isHere = (name: string): boolean =>
  (process.env.PATH ?? '').split(':').some((place) => existsSync(join(place, name)));

/**
 * The shells that the steps are held in: those of this machine. `REQUIRE_SHELLS` (`.ci/run`) names those that must be among
 * them: a developer's machine need not have busybox.
 */
export const SHELLS: readonly (readonly string[])[] = [
  ['dash'],
  ['busybox', 'sh'],
  ['bash', '--posix'],
  ['sh'],
].filter(([name]) => isHere(name!) || process.env.REQUIRE_SHELLS?.split(' ').includes(name!));
const SHELL = SHELLS[0]!;

/** Holds files locked, as tasks do: Node has no `flock`. */
class Locks {
  readonly #process: ChildProcess;
  readonly #answers: ((line: string) => void)[] = [];

  constructor(python: string) {
    const program = `
import fcntl, os, sys
held = {}
for line in sys.stdin:
    verb, _, name = line.rstrip('\\n').partition(' ')
    if verb == 'lock':
        held[name] = open(name, 'a')
        fcntl.flock(held[name], fcntl.LOCK_EX)
    elif name in held:
        held.pop(name).close()
    print('done', flush=True)
`;
    this.#process = spawn(python, ['-I', '-S', '-c', program], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process.unref();
    createInterface({ input: this.#process.stdout! }).on('line', (line) => this.#answers.shift()?.(line));
  }

  #ask(line: string): Promise<string> {
    return new Promise((resolve) => {
      this.#answers.push(resolve);
      this.#process.stdin!.write(`${line}\n`);
    });
  }

  lock(path: string): Promise<string> {
    return this.#ask(`lock ${path}`);
  }

  free(path: string): Promise<string> {
    return this.#ask(`free ${path}`);
  }

  stop(): void {
    this.#process.kill();
  }
}

export interface RunOptions {
  mode?: StepMode;
  options?: Options;
  /** Marathon's version of the app. */
  version?: string;
  /** Instead of or beside what the options say. */
  env?: Record<string, string>;
  shell?: readonly string[];
}

export interface HostOptions extends MachineSpec {
  faults?: Faults;
  address?: string;
  public?: boolean;
  dcos?: DcosVersion;
  network?: NetworkSpec;
}

export type Picture = Record<string, string>;

/** A running task, and what it reports. */
export class Running {
  readonly task: SandboxTask;
  readonly ended: Promise<void>;
  exit: { code: number | null; signal: string | null } | undefined;

  constructor(task: SandboxTask) {
    this.task = task;
    this.ended = new Promise((resolve) => task.onEnd(resolve));
  }

  file(name: string): string {
    const path = join(this.task.directory, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  status(): StepStatus | undefined {
    const said = this.file('status.json');
    return said ? (JSON.parse(said) as StepStatus) : undefined;
  }

  /** Waits until what it reports passes, or is of that state. Fails with what it said after 20 s. */
  async until(wanted: string | ((status: StepStatus) => boolean)): Promise<StepStatus> {
    const passes = typeof wanted === 'string' ? (status: StepStatus) => status.state === wanted : wanted;
    const end = Date.now() + 20_000;
    for (;;) {
      const status = this.status();
      if (status && passes(status) && this.file('health').startsWith(`exit ${STATE_CODES[status.state]}\n`))
        return status;
      if (Date.now() > end || !this.task.running) {
        throw new Error(
          `no report as wanted (${wanted}): ${JSON.stringify(status, null, 1)}\n${this.file('stdout')}${this.file('stderr')}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async stop(): Promise<void> {
    this.task.kill(5);
    await this.ended;
  }
}

/** One host with its surroundings. */
export class Bench {
  readonly world: World;
  readonly host: Host;
  readonly #locks: Locks;
  readonly #running: Running[] = [];
  #tasks = 0;

  constructor(world: World, host: Host, locks: Locks) {
    this.world = world;
    this.host = host;
    this.#locks = locks;
  }

  static async create(options: HostOptions = {}): Promise<Bench> {
    const world = await World.start();
    const dir = mkdtempSync(join(folder, 'host-'));
    const { address = '10.0.1.11', ...rest } = options;
    const host = await createHost({ network: world.network(), ...rest, dir, address });
    host.environment.DCOS_CALICO_LOOK_SECONDS = '0.05';
    host.environment.DCOS_CALICO_VERIFY_SECONDS = '0.5';
    const python = readFileSync(host.path('/.host/python'), 'utf8').trim();
    const bench = new Bench(world, host, new Locks(python));
    host.machine.onAgentEnd = () => {
      for (const { task } of bench.#running) if (task.running) task.kill(0);
    };
    return bench;
  }

  get grant(): string {
    return this.host.path('/run/dcos-calico/turn/grant');
  }

  /** Gives the host its turn, as the turn's task does it. */
  async giveTurn(
    grant: { allows?: string; until?: string; task?: string; interrupts?: string } = {},
  ): Promise<void> {
    const { mkdirSync, writeFileSync, appendFileSync } = await import('node:fs');
    mkdirSync(this.host.path('/run/dcos-calico/turn'), { recursive: true });
    writeFileSync(this.grant, JSON.stringify({ allows: 'change', until: '', ...grant }));
    await this.#locks.lock(this.grant);
    appendFileSync(this.host.path('/run/dcos-calico/changed'), '.');
  }

  async endTurn(): Promise<void> {
    await this.#locks.free(this.grant);
  }

  /** A newer dockerd under the running one: what a package manager leaves. */
  putDockerOnDisk(version: string): void {
    this.host.spec.docker!.versionOnDisk = version;
    this.host.machine.engine.versionOnDisk = version;
  }

  /** Holds a file locked, as another task of the host would. */
  async lock(path: string): Promise<void> {
    await this.#locks.lock(path);
  }

  async free(path: string): Promise<void> {
    await this.#locks.free(path);
  }

  /** Starts any command as a task. */
  start(name: string, cmd: string, env: Record<string, string>, options: RunOptions = {}): Running {
    const id = `calico_${name}.instance-${++this.#tasks}._app.1`;
    const directory = this.host.path(`/var/lib/mesos/slave/tasks/${id}`);
    const task = new SandboxTask({
      directory,
      cmd,
      env: {
        PATH: '/usr/bin:/bin',
        MARATHON_APP_VERSION: options.version ?? '2026-11-24T03:54:09.383Z',
        MESOS_TASK_ID: id,
        MESOS_SANDBOX: directory,
        ...env,
        ...options.env,
        ...this.host.environment,
      },
      shell: options.shell ?? SHELL,
      exited: (exit) => {
        running.exit = exit;
      },
    });
    const running: Running = new Running(task);
    this.#running.push(running);
    return running;
  }

  run(name: StepName, options: RunOptions = {}): Running {
    const step = stepNamed(name);
    return this.start(
      name,
      step.script,
      step.environment(options.options ?? optionsWith(), options.mode ?? 'present'),
      options,
    );
  }

  /** Runs a step until it is ready, and ends it. */
  async bring(name: StepName, options: RunOptions = {}): Promise<StepStatus> {
    const running = this.run(name, options);
    const status = await running.until('ready');
    await running.stop();
    return status;
  }

  /** Everything on the host that counts: files by path with mode and content, links, and the model behind. */
  picture(): Picture {
    const found: Picture = {};
    const walk = (path: string): void => {
      for (const name of readdirSync(this.host.path(path)).sort()) {
        const each = `${path === '/' ? '' : path}/${name}`;
        if (/^\/(\.host|run\/dcos-calico|var\/lib\/mesos|proc|usr\/s?bin)(\/|$)/.test(each)) continue;
        const stat = lstatSync(this.host.path(each));
        const mode = (stat.mode & 0o7777).toString(8);
        if (stat.isSymbolicLink()) found[each] = `-> ${readlinkSync(this.host.path(each))}`;
        else if (stat.isDirectory()) {
          found[each] = `directory ${mode}`;
          walk(each);
        } else if (stat.isFile()) found[each] = `${mode} ${readFileSync(this.host.path(each), 'latin1')}`;
        else found[each] = 'socket';
      }
    };
    walk('/');
    const { machine } = this.host;
    found['model: containers'] = machine.engine.containers
      .map(
        ({ options, running }) =>
          `${options.name} ${running ? 'running' : 'stopped'} ${JSON.stringify(options.labels)}`,
      )
      .sort()
      .join('\n');
    found['model: store'] = `${machine.engine.shown.store} ${machine.engine.store}`;
    found['model: units'] = [...machine.systemd.units.values()]
      .filter(({ name, active }) => name.startsWith('dcos-calico-') && active !== 'inactive')
      .map(({ name, active }) => `${name} ${active}`)
      .sort()
      .join('\n');
    found['model: kernel'] = JSON.stringify([
      machine.kernel.tables,
      [...machine.kernel.ipsets.keys()].sort(),
      machine.kernel.routes,
      machine.kernel.links,
    ]);
    return found;
  }

  async remove(): Promise<void> {
    await Promise.all(this.#running.filter(({ task }) => task.running).map((running) => running.stop()));
    this.#locks.stop();
    this.world.stop();
    await this.host.remove();
  }
}

/** Where two pictures differ, and nothing else: a whole one is too much to read. */
export function assertSame(found: Picture, wanted: Picture): void {
  const differing = [...new Set([...Object.keys(found), ...Object.keys(wanted)])].filter(
    (key) => found[key] !== wanted[key],
  );
  const only = (picture: Picture) =>
    Object.fromEntries(differing.map((key) => [key, picture[key]?.slice(0, 600)]));
  assert.deepEqual(only(found), only(wanted));
}

/** A host with its surroundings for one test. */
export async function onHost(options: HostOptions, act: (bench: Bench) => Promise<void>): Promise<void> {
  const bench = await Bench.create(options);
  try {
    await act(bench);
  } finally {
    await bench.remove();
  }
}
