// One host: a systemd-nspawn machine on an overlay of the root file system, with its own network and PID namespace.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UserError } from '../../errors.ts';
import bootScript from './boot.sh';
import type { Entries } from './layout.ts';
import { childOf, isFirst, wakeThoseInto } from './processes-of.ts';

export interface MachineOptions {
  /** `h1`: short, as the kernel's name of its link on the bridge is made from it. */
  name: string;
  address: string;
  public: boolean;
  /** Everything of this machine; the guard removes it. */
  directory: string;
  base: string;
  bridge: string;
  /** Files on top of the root file system, given to it before its first boot. */
  files: Entries;
}

export interface CommandResult {
  /** 128 and more: ended by a signal; 124: took longer than it was given. */
  code: number;
  stdout: string;
  stderr: string;
}

const BOOT_MS = 90_000;
/** `systemctl is-system-running` of a machine that is up; one failed unit of the test's making does not matter. */
const UP = ['running', 'degraded'];

export class Machine {
  readonly options: MachineOptions;
  #process: ChildProcess | undefined;
  #ended: Promise<void> = Promise.resolve();
  #leader: number | undefined;

  constructor(options: MachineOptions) {
    this.options = options;
  }

  get name(): string {
    return this.options.name;
  }

  get address(): string {
    return this.options.address;
  }

  /** The process id, here, of the machine's first process. Throws while it is off. */
  get leader(): number {
    if (this.#leader === undefined) throw new Error(`the machine ${this.name} is off`);
    return this.#leader;
  }

  get isUp(): boolean {
    return this.#leader !== undefined;
  }

  /** Where a path that was written on the machine is on this one, also while the machine is off. To be read only. */
  written(path: string): string {
    return join(this.options.directory, 'upper', path);
  }

  /** Lays the machine's files out; then as `boot`. */
  async create(): Promise<void> {
    const { directory, files } = this.options;
    for (const name of ['upper', 'work', 'root', 'docker'])
      mkdirSync(join(directory, name), { recursive: true });
    await layOut(join(directory, 'upper'), files);
    await this.boot();
  }

  /** Resolves when systemd says that the machine is up. Throws `lab-host-boot` with the end of what it printed. */
  async boot(): Promise<void> {
    const { directory, name, base, bridge } = this.options;
    const log = openSync(join(directory, 'console'), 'w', 0o600);
    // With its parent, this process, the machine's first one is killed, and with that all others.
    const child = spawn(
      'setpriv',
      [
        '--pdeathsig',
        'KILL',
        'unshare',
        '--mount',
        '--propagation',
        'slave',
        '/bin/sh',
        '-c',
        bootScript,
        'sh',
        directory,
        name,
        base,
        bridge,
      ],
      {
        stdio: ['ignore', log, log],
        cwd: '/',
        detached: true,
        env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
      },
    );
    closeSync(log);
    this.#process = child;
    this.#ended = new Promise((resolve) => {
      child.once('error', () => resolve());
      child.once('exit', () => {
        this.#leader = undefined;
        resolve();
      });
    });
    const until = Date.now() + BOOT_MS;
    let state = '';
    while (Date.now() < until && child.exitCode === null && child.signalCode === null) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      this.#leader ??= child.pid ? this.#firstProcess(child.pid) : undefined;
      if (this.#leader === undefined) continue;
      state = (await this.run(['systemctl', 'is-system-running'], { timeoutSeconds: 10 })).stdout.trim();
      if (UP.includes(state)) return;
    }
    const said = readFileSync(join(directory, 'console'), 'utf8').trim().split('\n').slice(-15);
    throw new UserError({
      code: 'lab-host-boot',
      what: `The host ${this.address} did not start`,
      why: said.at(-1) || `systemd says "${state}"`,
      detail: said.join('\n'),
    });
  }

  /** systemd-nspawn has other children on the way to this one. */
  #firstProcess(nspawn: number): number | undefined {
    const child = childOf(nspawn);
    return child !== undefined && isFirst(child) ? child : undefined;
  }

  /** Runs a command on the host itself, as somebody logged in there. Does not throw for what it answers. */
  run(
    argv: readonly string[],
    options: { input?: string | Buffer; env?: Record<string, string>; timeoutSeconds?: number } = {},
  ): Promise<CommandResult> {
    const child = spawn('nsenter', [...this.enter(), ...argv], {
      cwd: '/',
      env: {
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        HOME: '/root',
        LC_ALL: 'C',
        ...options.env,
      },
      timeout: (options.timeoutSeconds ?? 120) * 1000,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (chunk) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdin.on('error', () => {});
    child.stdin.end(options.input ?? '');
    return new Promise((resolve) => {
      child.once('error', (error) => resolve({ code: 127, stdout, stderr: String(error) }));
      child.once('close', (code, signal) => {
        resolve({ code: code ?? (signal === 'SIGKILL' && child.killed ? 124 : 128), stdout, stderr });
      });
    });
  }

  /** Arguments of nsenter that lead to this machine. */
  enter(): string[] {
    return ['-t', String(this.leader), '-m', '-u', '-i', '-n', '-p', '-C', '--'];
  }

  /** A command's output; throws where it fails. */
  async sh(script: string, ...args: string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(['/bin/bash', '-c', script, 'bash', ...args]);
    if (code !== 0) throw new Error(`on ${this.name}: ${script}\nended with ${code}: ${stderr}${stdout}`);
    return stdout;
  }

  /** An orderly shutdown. */
  async powerOff(): Promise<void> {
    const leader = this.#leader;
    if (leader === undefined) return;
    // SIGRTMIN+4, which Node has no name for: systemd's "power off" (systemd(1), "Signals").
    await this.run(['kill', '-s', 'RTMIN+4', '1']);
    const timer = setTimeout(() => this.kill(), 30_000);
    const waking = setInterval(() => wakeThoseInto(leader), 500);
    await this.#ended;
    clearTimeout(timer);
    clearInterval(waking);
  }

  /** Power off and on; what is in memory is gone. */
  async reboot(): Promise<void> {
    await this.powerOff();
    await this.boot();
  }

  /** Pulls the plug: with a machine's first process go all others, and then systemd-nspawn. */
  kill(): void {
    if (this.#leader === undefined) this.#process?.kill('SIGKILL');
    else process.kill(this.#leader, 'SIGKILL');
  }

  /** Ends it, and starts it as it was before its first boot. */
  async renew(): Promise<void> {
    this.kill();
    await this.#ended;
    const { directory } = this.options;
    for (const name of ['upper', 'work', 'root', 'docker']) {
      rmSync(join(directory, name), { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    }
    await this.create();
  }
}

async function layOut(root: string, entries: Entries): Promise<void> {
  for (const [path, entry] of Object.entries(entries)) {
    const target = join(root, path);
    await mkdir(dirname(target), { recursive: true, mode: 0o755 });
    if ('link' in entry) await symlink(entry.link, target);
    else if ('directory' in entry) await mkdir(target, { recursive: true, mode: entry.directory });
    else {
      await writeFile(target, entry.content);
      await chmod(target, entry.mode ?? 0o644);
    }
  }
}
