// Counts every operation of a host's tasks, and kills them at the n-th: how "killed at any point" is tested.
// Counted are the external commands and, in Python, each change of the file system; builtins of the shell are not.
import { linkSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import countedShell from './counted.sh';

export interface KillPoint {
  /** 1 is the first operation. */
  n: number;
  when: 'before' | 'after';
}

const PLACES = ['usr/bin', 'usr/sbin'];

export class Counting {
  readonly #root: string;
  #installed = false;

  constructor(root: string) {
    this.#root = root;
  }

  /** Puts the wrapper before every command; once. */
  install(): void {
    if (this.#installed) return;
    this.#installed = true;
    const host = join(this.#root, '.host');
    mkdirSync(join(host, 'real'));
    writeFileSync(join(host, 'counted.sh'), countedShell, { mode: 0o755 });
    for (const place of PLACES) {
      for (const name of readdirSync(join(this.#root, place))) {
        const path = join(this.#root, place, name);
        renameSync(path, join(host, 'real', name));
        linkSync(join(host, 'counted.sh'), path);
      }
    }
  }

  /** Counts from 1 again; kills at that point, or nowhere. */
  start(kill?: KillPoint): void {
    this.install();
    const count = join(this.#root, '.host/count');
    rmSync(count, { recursive: true, force: true });
    mkdirSync(join(count, 'ops'), { recursive: true });
    writeFileSync(join(count, 'plan'), kill ? `${kill.n} ${kill.when}\n` : '0 never\n');
  }

  /** Makes the disk full or read-only in places, as `diskTroubles` says; empty: no longer. */
  setDisk(troubles: string): void {
    const path = join(this.#root, '.host/disk');
    if (!troubles) rmSync(path, { force: true });
    else {
      this.install();
      writeFileSync(path, troubles);
    }
  }

  /** The operations so far, in their order: `mv a b`, `python os.rename a b`. */
  operations(): string[] {
    const ops = join(this.#root, '.host/count/ops');
    let names: string[];
    try {
      names = readdirSync(ops);
    } catch {
      return [];
    }
    return names
      .map(Number)
      .sort((a, b) => a - b)
      .map((n) => readFileSync(join(ops, String(n)), 'utf8').trimEnd());
  }
}
