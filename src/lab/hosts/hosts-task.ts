// One task on a host as a Mesos command task runs there: root, a PID namespace and a /proc of its own, mounts that come from
// the host and do not reach it, the agent's environment and nothing else.
import { spawn } from 'node:child_process';
import { listSandbox, readSandbox } from '../sandbox/sandbox-files.ts';
import type { RunningTask } from '../types.ts';
import containerizer from './containerizer.sh';
import type { Machine } from './machine.ts';
import { childOf, namespaceOf } from './processes-of.ts';

export interface HostsTaskOptions {
  machine: Machine;
  /** The sandbox on the host. */
  sandbox: string;
  cmd: string;
  env: Record<string, string>;
  /** The shell that Mesos calls, and its arguments before `-c`. */
  shell: readonly string[];
  exited: (status: { code: number | null; signal: string | null }) => void;
}

const SIGNALS: Record<number, string> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  6: 'SIGABRT',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  13: 'SIGPIPE',
  15: 'SIGTERM',
};

export class HostsTask implements RunningTask {
  readonly sandbox: string;
  readonly ended: Promise<void>;
  readonly #options: HostsTaskOptions;
  readonly #process;
  #first: number | undefined;
  #over = false;
  #killing = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: HostsTaskOptions) {
    this.#options = options;
    this.sandbox = options.sandbox;
    const { machine, sandbox, cmd, env, shell } = options;
    this.#process = spawn(
      '/usr/bin/nsenter',
      [
        ...machine.enter(),
        ...[
          '/usr/bin/unshare',
          '--pid',
          '--fork',
          '--kill-child',
          '--mount-proc',
          '--propagation',
          'slave',
          '--',
        ],
        ...['/bin/sh', '-c', containerizer, 'sh', sandbox, cmd, ...shell],
      ],
      { cwd: '/', env, stdio: 'ignore' },
    );
    this.ended = new Promise((resolve) => {
      const end = (code: number | null, signal: string | null) => {
        if (this.#over) return;
        this.#over = true;
        clearTimeout(this.#timer);
        // The first process tells of a task's signal as a shell does.
        const by = signal ?? (code !== null && code > 128 ? (SIGNALS[code - 128] ?? null) : null);
        options.exited(by ? { code: null, signal: by } : { code, signal: null });
        resolve();
      };
      this.#process.once('error', () => end(125, null));
      this.#process.once('exit', end);
    });
  }

  /** The id, on this machine, of the first process of the task's namespace; undefined: not there yet, or gone. */
  get first(): number | undefined {
    if (this.#over) return undefined;
    const unshare = this.#first === undefined && this.#process.pid ? childOf(this.#process.pid) : undefined;
    if (unshare !== undefined) this.#first = childOf(unshare);
    return this.#first;
  }

  kill(graceSeconds: number): void {
    if (this.#over || this.#killing) return;
    this.#killing = true;
    const { first } = this;
    if (first !== undefined) for (const pid of namespaceOf(first)) signal(pid, 'SIGTERM');
    this.#timer = setTimeout(() => this.destroy(), graceSeconds * 1000);
  }

  /** SIGKILL to all of it at once, as the kernel does it when the first process of the namespace goes. */
  destroy(): void {
    if (this.#over) return;
    const { first } = this;
    if (first !== undefined) signal(first, 'SIGKILL');
    else if (this.#process.pid) {
      // Too early: whoever waits for a child that is not there yet goes, and the child with it.
      const unshare = childOf(this.#process.pid);
      signal(unshare ?? this.#process.pid, 'SIGKILL');
    }
  }

  run(command: string, timeoutSeconds: number): Promise<number | null> {
    const { first } = this;
    if (first === undefined) return Promise.resolve(null);
    const { sandbox, env, shell } = this.#options;
    const check = spawn(
      '/usr/bin/nsenter',
      [
        ...['-t', String(first), '-m', '-u', '-i', '-n', '-p', '-C', '--'],
        ...[
          '/bin/sh',
          '-c',
          'cd "$1" && shift && exec "$@" >>stderr 2>&1',
          'sh',
          sandbox,
          ...shell,
          '-c',
          command,
        ],
      ],
      { cwd: '/', env, stdio: 'ignore' },
    );
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        if (check.pid) signal(childOf(check.pid) ?? check.pid, 'SIGKILL');
        resolve(null);
      }, timeoutSeconds * 1000);
      const end = (code: number | null) => {
        clearTimeout(timer);
        resolve(this.#over ? null : code);
      };
      check.once('error', () => end(null));
      check.once('exit', end);
    });
  }

  read(path: string): Promise<Uint8Array | undefined> {
    return readSandbox(this.#options.machine.written(this.sandbox), path);
  }

  list(path: string) {
    return listSandbox(this.#options.machine.written(this.sandbox), path);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It has just ended.
  }
}
