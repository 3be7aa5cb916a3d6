// One task in its sandbox directory: a real `sh -c` with Marathon's `cmd` byte for byte, in a process group of its own.
import { closeSync, mkdirSync, openSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RunningTask } from '../types.ts';
import { startGroup } from './group.ts';
import { listSandbox, readSandbox } from './sandbox-files.ts';

export interface SandboxTaskOptions {
  /** `…/executors/E/runs/CONTAINER`; its sibling `latest` leads to it. */
  directory: string;
  cmd: string;
  env: Record<string, string>;
  /** The shell and its arguments before `-c`: `['/bin/sh']`, `['busybox', 'sh']`. */
  shell: readonly string[];
  exited: (status: { code: number | null; signal: string | null }) => void;
  /** Of its container. */
  address?: string;
}

export class SandboxTask implements RunningTask {
  readonly directory: string;
  readonly address: string | undefined;
  readonly #options: SandboxTaskOptions;
  readonly #process;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #checks = new Set<ReturnType<typeof startGroup>>();
  #stderr: number;

  constructor(options: SandboxTaskOptions) {
    this.#options = options;
    this.directory = options.directory;
    this.address = options.address;
    mkdirSync(dirname(options.directory), { recursive: true, mode: 0o755 });
    mkdirSync(options.directory, { mode: 0o750 });
    const latest = join(dirname(options.directory), 'latest');
    rmSync(latest, { force: true });
    symlinkSync(options.directory, latest);
    const stdout = openSync(join(options.directory, 'stdout'), 'a', 0o644);
    this.#stderr = openSync(join(options.directory, 'stderr'), 'a', 0o644);
    const [shell, ...args] = options.shell as [string, ...string[]];
    this.#process = startGroup({
      argv: [shell, ...args, '-c', options.cmd],
      cwd: options.directory,
      env: options.env,
      stdout,
      stderr: this.#stderr,
    });
    closeSync(stdout);
    this.#process.onEnd((status) => {
      for (const timer of this.#timers) clearTimeout(timer);
      for (const check of this.#checks) check.signal('SIGKILL');
      closeSync(this.#stderr);
      options.exited(status);
    });
  }

  get pid(): number {
    return this.#process.pid;
  }

  get running(): boolean {
    return !this.#process.ended;
  }

  onEnd(listener: () => void): void {
    this.#process.onEnd(() => listener());
  }

  kill(graceSeconds: number): void {
    if (this.#process.ended) return;
    this.#process.signal('SIGTERM');
    const timer = setTimeout(() => this.#process.signal('SIGKILL'), graceSeconds * 1000);
    this.#timers.add(timer);
  }

  run(command: string, timeoutSeconds: number): Promise<number | null> {
    if (this.#process.ended) return Promise.resolve(null);
    const [shell, ...args] = this.#options.shell as [string, ...string[]];
    return new Promise((resolve) => {
      let timedOut = false;
      const check = startGroup({
        argv: [shell, ...args, '-c', command],
        cwd: this.directory,
        // A check is the executor's, not an operation of the task.
        env: { ...this.#options.env, LAB_COUNT: '' },
        stdout: this.#stderr,
        stderr: this.#stderr,
      });
      this.#checks.add(check);
      const timer = setTimeout(() => {
        timedOut = true;
        check.signal('SIGKILL');
      }, timeoutSeconds * 1000);
      check.onEnd(({ code }) => {
        clearTimeout(timer);
        this.#checks.delete(check);
        resolve(timedOut || this.#process.ended ? null : (code ?? 128));
      });
    });
  }

  read(path: string): Promise<Uint8Array | undefined> {
    return readSandbox(this.directory, path);
  }

  list(path: string) {
    return listSandbox(this.directory, path);
  }
}
