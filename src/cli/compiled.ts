// Loads the commands' file with the code that an earlier run of the same command compiled. Node's own cache keeps only what is compiled
// before a module runs, which is little: functions are compiled when they are first called, and that at every start.
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { constants, Script } from 'node:vm';

/** The files of one program, and what a run compiled of them. */
export class Compiled {
  readonly #folder: string;
  readonly #cache: string;
  readonly #prefix: string;
  readonly #scripts = new Map<string, { script: Script; fresh: boolean; exports: unknown }>();
  #whole = false;

  /**
   * @param folder where its files are
   * @param sum stands for the content of all: code compiled from another one must never run
   * @param use what the run is about; each use has a cache of its own
   */
  constructor(folder: string, sum: string, use: string) {
    this.#folder = folder;
    this.#cache = join(folder, 'compiled');
    this.#prefix = `${sum}-${use.replaceAll(':', '-')}`;
    process.once('exit', () => this.#keep());
  }

  /** The run came to its end, so that it compiled what the next one needs. */
  whole(): void {
    this.#whole = true;
  }

  /** The exports of the CommonJS file `name`, as `require` gives them. */
  load(name: string): unknown {
    const before = this.#scripts.get(name);
    if (before) return before.exports;
    const path = join(this.#folder, name);
    const kept = this.#place(name);
    const cachedData = read(kept) ?? read(partial(kept));
    const script = new Script(
      `(function(exports,require,module,__filename,__dirname){${readFileSync(path, 'utf8')}\n})`,
      {
        filename: path,
        ...(cachedData && { cachedData }),
        importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
      },
    );
    const module = { exports: {} as unknown };
    const fresh = !cachedData || script.cachedDataRejected === true;
    const loaded = { script, fresh, exports: module.exports };
    this.#scripts.set(name, loaded);
    script.runInThisContext()(module.exports, this.#require(path), module, path, this.#folder);
    loaded.exports = module.exports;
    return module.exports;
  }

  #require(path: string): (id: string) => unknown {
    const others = createRequire(path);
    return (id) => (/^\.\/[\w-]+\.cjs$/.test(id) ? this.load(id.slice(2)) : others(id));
  }

  #place(name: string): string {
    return join(this.#cache, `${this.#prefix}-${name}`);
  }

  #keep(): void {
    for (const [name, { script, fresh }] of this.#scripts) {
      const kept = this.#place(name);
      if (this.#whole ? fresh || !existsSync(kept) : fresh)
        this.#write(this.#whole ? kept : partial(kept), script);
    }
  }

  /** A program that may not write beside itself compiles each time. */
  #write(path: string, script: Script): void {
    try {
      mkdirSync(this.#cache, { mode: 0o700, recursive: true });
      const fresh = `${path}.${process.pid}`;
      writeFileSync(fresh, script.createCachedData(), { mode: 0o600 });
      renameSync(fresh, path);
    } catch {}
  }
}

/** What a run has left that failed or was interrupted: better than nothing until one comes to its end. */
const partial = (path: string) => `${path}~`;

function read(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
