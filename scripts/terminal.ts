// A program in a real pseudo-terminal: keys are typed, its screen is read, and a text on it is waited for.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { Screen } from './screen.ts';

export interface TerminalOptions {
  rows: number;
  columns: number;
  env: Record<string, string | undefined>;
  cwd?: string;
  /** Sees what the program prints as it comes. */
  watch?: (data: Buffer) => void;
}

/** Longest wait for a text, in ms: a machine may be busy, but a test must come to its end. */
const PATIENCE = 300_000;

export class PseudoTerminal {
  readonly screen: Screen;
  /** Exit code; 128 + n for signal n. */
  readonly ended: Promise<number>;
  readonly #child: ChildProcess;
  readonly #looks = new Set<() => void>();
  #over = false;

  constructor(command: readonly string[], { rows, columns, env, cwd, watch }: TerminalOptions) {
    this.screen = new Screen(rows, columns);
    const python = [join(import.meta.dirname, 'terminal.py'), String(rows), String(columns)];
    this.#child = spawn('python3', [...python, ...command], {
      stdio: ['pipe', 'pipe', 'inherit'],
      env: { TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env },
      ...(cwd ? { cwd } : {}),
    });
    this.#child.stdout!.on('data', (data: Buffer) => {
      watch?.(data);
      this.screen.write(data);
      this.#look();
    });
    // Keys for a program that has ended are lost, as on a real terminal.
    this.#child.stdin!.on('error', () => undefined);
    this.ended = new Promise((resolve, reject) => {
      this.#child.on('error', reject);
      this.#child.on('close', (code) => {
        this.#over = true;
        this.#look();
        resolve(code ?? 1);
      });
    });
  }

  type(keys: string): void {
    this.#child.stdin!.write(keys);
  }

  /** Waits until the screen is as `condition` says. Throws with the screen when the program ends before, or nothing comes of it. */
  until(what: string, condition: (screen: Screen) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (why: string) => {
        settle();
        reject(new Error(`${what}: ${why}; the screen is\n${this.screen.text()}`));
      };
      const timer = setTimeout(() => fail('did not come'), PATIENCE);
      const look = () => {
        if (condition(this.screen)) {
          settle();
          resolve();
        } else if (this.#over) fail('the program ended before');
      };
      const settle = () => {
        clearTimeout(timer);
        this.#looks.delete(look);
      };
      this.#looks.add(look);
      look();
    });
  }

  /** Waits for a text anywhere on the screen. */
  shows(text: string): Promise<void> {
    return this.until(`"${text}"`, (screen) => screen.text().includes(text));
  }

  /** Ends the program, if it still runs. */
  stop(): Promise<number> {
    this.#child.kill('SIGKILL');
    return this.ended;
  }

  #look(): void {
    for (const look of [...this.#looks]) look();
  }
}
