// Looks for secrets wherever a run may have left them.
import { type Dirent, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { secretsIn } from './secrets.ts';

/** Every regular file below a folder, with its bytes as text, unpacked; `leave` names paths that are not looked at. */
export function* filesBelow(
  folder: string,
  leave: (path: string) => boolean = () => false,
): Generator<{ path: string; text: string; mode: number }> {
  for (const entry of entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (leave(path)) continue;
    if (entry.isDirectory()) yield* filesBelow(path, leave);
    if (!entry.isFile()) continue;
    try {
      const raw = readFileSync(path);
      const text = (/\.t?gz$/.test(path) ? gunzipSync(raw) : raw).toString('latin1');
      yield { path, text, mode: lstatSync(path).mode & 0o777 };
    } catch (error) {
      // Gone since it was listed: hosts go on working.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

/** Looks at every process of this machine, again and again, as `ps -ef` shows it to everybody; Linux. */
export class ProcessWatch {
  readonly #found = new Set<string>();
  readonly #tokens: readonly string[];
  readonly #typed: readonly string[];
  readonly #timer: NodeJS.Timeout;
  readonly #waiting: (() => void)[] = [];
  /** Command lines that were seen of steps, by their beginning. */
  readonly steps = new Set<string>();

  /** @param typed what somebody typed, which is the shell's to hide: what stands besides is looked at */
  constructor(tokens: readonly string[], everyMs = 50, typed: readonly string[] = []) {
    this.#tokens = tokens;
    this.#typed = typed;
    this.#timer = setInterval(() => this.#look(), everyMs);
  }

  /** Resolves when it has looked once more. */
  looked(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
    });
  }

  stop(): string[] {
    clearInterval(this.#timer);
    return [...this.#found];
  }

  #look(): void {
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      try {
        const whole = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
        const line = this.#typed.reduce((rest, one) => rest.replace(one, ''), whole);
        this.#judge(line, `a command line among the processes: ${line.slice(0, 60)}`);
        // A step's own environment; that of the program holds the login, as `dcos` hands it over.
        const env = readFileSync(`/proc/${pid}/environ`, 'utf8');
        if (!env.includes('\0DCOS_CALICO_ROOT=')) continue;
        this.steps.add(line.slice(0, 40));
        this.#judge(env, 'the environment of a process on an agent');
      } catch {
        // It has ended.
      }
    }
    for (const resolve of this.#waiting.splice(0)) resolve();
  }

  #judge(text: string, where: string): void {
    for (const which of secretsIn(text, this.#tokens)) this.#found.add(`${which} in ${where}`);
  }
}
