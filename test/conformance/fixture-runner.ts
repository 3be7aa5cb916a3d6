// A grade of the lab for the recordings: its tasks have the sandboxes that were recorded, and end when they are told to.
import { posix } from 'node:path';
import type { RunningTask, TaskInfo, TaskRunner } from '../../src/lab/types.ts';

type Exited = (status: { code: number | null; signal: string | null }) => void;

export class FixtureRunner implements TaskRunner {
  /** Files of every sandbox, by path. */
  files: Record<string, string | Uint8Array> = {};
  /** How long a task takes to end when it is killed. */
  killTakesMs = 0;
  readonly #exits = new Map<string, Exited>();
  readonly #after: (ms: number, run: () => void) => void;

  constructor(after: (ms: number, run: () => void) => void) {
    this.#after = after;
  }

  async addAgent(): Promise<void> {}
  async removeAgent(): Promise<void> {}
  async stop(): Promise<void> {}

  start(task: TaskInfo, exited: Exited): RunningTask {
    this.#exits.set(task.id, exited);
    return {
      kill: () => this.#after(this.killTakesMs, () => exited({ code: null, signal: 'SIGTERM' })),
      result: (command) => (command === 'false' ? 1 : 0),
      run: async (command) => (command === 'false' ? 1 : 0),
      read: async (path) => {
        const content = this.files[path];
        return typeof content === 'string' ? Buffer.from(content) : content;
      },
      list: async (path) => this.#list(path),
    };
  }

  end(taskId: string, code: number): void {
    this.#exits.get(taskId)!({ code, signal: null });
  }

  #list(path: string) {
    const folder = path === '' || path === '.' ? '' : `${path}/`;
    const names = new Map<string, number | undefined>();
    for (const [file, content] of Object.entries(this.files)) {
      if (!file.startsWith(folder)) continue;
      const [name = '', ...rest] = file.slice(folder.length).split('/');
      names.set(name, rest.length ? undefined : Buffer.byteLength(content));
    }
    if (names.size === 0 && folder !== '') return undefined;
    return [...names].map(([name, size]) => ({
      name: posix.basename(name),
      size: size ?? 4096,
      directory: size === undefined,
      mtime: 1_795_489_065_000,
      mode: size === undefined ? 'drwxr-xr-x' : '-rw-r--r--',
    }));
  }
}
