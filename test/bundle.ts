// The program as it is shipped, built once for a test file and run as a process of its own.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';

const root = join(import.meta.dirname, '..');

export interface Ended {
  exit: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Bundle {
  /** Runs `dcos calico …` to its end. */
  run(args: string[], env?: Record<string, string>): Promise<Ended>;
  /** Starts it, for tests that do something to it meanwhile. */
  start(args: string[], env?: Record<string, string>): { process: ChildProcess; ended: Promise<Ended> };
  /** The program's file. */
  path: string;
  /** Takes the folder away that it was built to. */
  remove(): void;
}

/** Builds to a folder that is gone after the tests of this file. */
export function bundle(): Bundle {
  const built = buildBundle();
  after(() => built.remove());
  return built;
}

/** Builds to a folder of its own. */
export function buildBundle(): Bundle {
  const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-bundle-'));
  const path = join(folder, 'dcos-calico.cjs');
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], {
    env: { ...process.env, DIST: folder },
  });
  const start = (args: string[], env: Record<string, string> = {}) => {
    const child = spawn(process.execPath, [path, 'calico', ...args], {
      // Nothing of the environment that the tests themselves run in counts.
      env: { PATH: process.env.PATH, HOME: folder, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (part) => {
      stdout += part;
    });
    child.stderr.on('data', (part) => {
      stderr += part;
    });
    const ended = new Promise<Ended>((done) =>
      child.on('close', (exit, signal) => done({ exit, signal, stdout, stderr })),
    );
    return { process: child, ended };
  };
  const remove = () => rmSync(folder, { recursive: true, force: true });
  return { path, start, remove, run: (args, env) => start(args, env).ended };
}
