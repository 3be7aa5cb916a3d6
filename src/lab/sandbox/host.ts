// A sandbox host: a directory that looks like an agent's root to the step scripts, and the model behind its commands.
import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import type { Call } from './call.ts';
import { listenForCallers } from './callers.ts';
import { answer } from './commands.ts';
import { Counting, type KillPoint } from './counting.ts';
import { diskTroubles, type Faults } from './faults.ts';
import { layOut, swapPackages } from './layout.ts';
import { Machine } from './machine.ts';
import { reaper } from './reaper.ts';
import type { HostSpec } from './spec.ts';
import { prepareTools } from './tools.ts';

/** One command as it was answered; oldest first, the last 1000. */
export interface CallRecord {
  at: number;
  name: string;
  args: string[];
  code: number;
}

const KEPT_CALLS = 1000;

export class Host {
  readonly spec: HostSpec;
  readonly machine: Machine;
  readonly calls: CallRecord[] = [];
  /** Environment that a task of this host has besides its own: `DCOS_CALICO_ROOT` and the intervals of the steps. */
  readonly environment: Record<string, string>;
  readonly #close: () => Promise<void>;
  readonly #counting: Counting;
  #upgrades = 0;
  #stopped = false;

  constructor(spec: HostSpec, machine: Machine, close: () => Promise<void>) {
    this.spec = spec;
    this.machine = machine;
    this.#close = close;
    this.environment = { DCOS_CALICO_ROOT: spec.dir };
    machine.environment = { DCOS_CALICO_ROOT: spec.dir };
    this.#counting = new Counting(spec.dir);
    this.#counting.setDisk(diskTroubles(spec.faults));
  }

  /** From now on every operation of tasks that are started is counted, from 1; they are killed at that point. */
  count(kill?: KillPoint): void {
    this.#counting.start(kill);
    this.environment.LAB_COUNT = '1';
  }

  stopCounting(): void {
    delete this.environment.LAB_COUNT;
  }

  /** What was counted, in its order: `mv a b`, `python os.rename a b`. */
  counted(): string[] {
    return this.#counting.operations();
  }

  get root(): string {
    return this.spec.dir;
  }

  get address(): string {
    return this.spec.address;
  }

  /** The real path of a path on the host. */
  path(onHost: string): string {
    return this.machine.path(onHost);
  }

  /** Text of a file on the host; undefined: there is none. */
  async read(onHost: string): Promise<string | undefined> {
    const path = this.path(onHost);
    return existsSync(path) ? readFile(path, 'utf8') : undefined;
  }

  async write(onHost: string, content: string): Promise<void> {
    await writeFile(this.path(onHost), content);
  }

  /** Replaces everything that this host does wrong. */
  setFaults(faults: Faults): void {
    this.machine.faults.set(faults);
    this.#counting.setDisk(diskTroubles(faults));
  }

  record(call: Call, code: number): void {
    this.calls.push({ at: this.machine.clock.now(), name: call.name, args: call.args, code });
    if (this.calls.length > KEPT_CALLS) this.calls.splice(0, KEPT_CALLS / 2);
  }

  /** Power off and on: `/run` and the kernel's state are gone, what is enabled starts. Tasks are the runner's to end. */
  async reboot(): Promise<void> {
    const { machine } = this;
    machine.systemd.powerOff();
    machine.engine.stop();
    machine.cancelTimers();
    machine.kernel.boot();
    machine.reach.sockets.clear();
    for (const [port, { owner }] of machine.reach.ports) {
      if (owner === 'etcd' || owner === 'bird') machine.reach.ports.delete(port);
    }
    await rm(this.path('/run/dcos-calico'), { recursive: true, force: true });
    await rm(this.path('/run/calico'), { recursive: true, force: true });
    await this.write('/proc/sys/kernel/random/boot_id', `${randomUUID()}\n`);
    await machine.systemd.boot();
  }

  /** An upgrade of DC/OS, or a new configuration of it: `active` and `etc` are made anew, and what was put there is gone. */
  upgradeDcos(): void {
    this.#upgrades++;
    swapPackages(this.spec, this.#upgrades);
  }

  /** Ends every daemon of the host; its files stay. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.machine.systemd.powerOff();
    this.machine.engine.stop();
    this.machine.cancelTimers();
    await this.#close();
  }

  /** Ends the host and removes its directory. */
  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.spec.dir, { recursive: true, force: true });
    reaper.removeDirectory(this.spec.dir);
  }
}

/**
 * Lays out a host below `spec.dir`, starts its enabled units and answers its commands. The directory is removed when
 * this process ends. Throws `UserError` where this machine lacks Python 3 or a basic tool.
 */
export async function createHost(spec: HostSpec): Promise<Host> {
  const tools = await prepareTools();
  let host: Host | undefined;
  const callers = await listenForCallers(async (call) => {
    const code = await answer(host!.machine, call);
    host!.record(call, code);
    return code;
  });
  reaper.addDirectory(spec.dir);
  layOut(spec, tools, `${callers.port} ${callers.secret}\n`);
  const machine = new Machine(spec);
  host = new Host(spec, machine, callers.close);
  for (const [port, owner] of Object.entries(spec.portsInUse ?? {})) {
    machine.reach.ports.set(Number(port), { owner });
  }
  for (const { name, image, env = [], binds = [], restart = 'always' } of spec.docker?.containers ?? []) {
    if (!machine.engine.image(image)) machine.engine.addImage(image);
    machine.engine.create({
      name,
      image,
      command: [],
      env,
      binds,
      labels: {},
      network: 'host',
      privileged: false,
      restart,
      remove: false,
      memory: 0,
      cpuShares: 0,
    });
  }
  for (const unit of machine.systemd.store.all()) {
    if (unit === 'docker.service' && spec.docker?.state === 'stopped') continue;
    machine.systemd.store.enable(unit);
  }
  await machine.systemd.boot();
  machine.engine.versionOnDisk = spec.docker?.versionOnDisk;
  return host;
}
