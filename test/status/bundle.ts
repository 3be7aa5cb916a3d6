// The built program, run as `dcos` runs it.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Bundle {
  /** `dcos calico ARGS…` against `url`. `onStdout` sees what is printed as it comes. */
  run(
    url: string,
    args: string[],
    onStdout?: (soFar: string, kill: () => void) => void,
    token?: string,
  ): Promise<Ran>;
  path: string;
  remove(): void;
}

export function buildBundle(): Bundle {
  const dist = mkdtempSync(join(tmpdir(), 'dcos-calico-'));
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { env: { ...process.env, DIST: dist } });
  const path = join(dist, 'dcos-calico.cjs');
  return {
    path,
    remove: () => rmSync(dist, { recursive: true }),
    run: (url, args, onStdout, token = 'token-of-the-test') =>
      new Promise((done) => {
        const env = {
          PATH: process.env.PATH,
          HOME: dist,
          DCOS_URL: url,
          DCOS_ACS_TOKEN: token,
        };
        const child = spawn(process.execPath, [path, 'calico', ...args], {
          env,
          stdio: ['ignore', 'pipe', 'pipe'],
        });
        const ran: Ran = { code: null, stdout: '', stderr: '' };
        child.stdout.on('data', (part) => {
          ran.stdout += part;
          onStdout?.(ran.stdout, () => child.kill('SIGINT'));
        });
        child.stderr.on('data', (part) => {
          ran.stderr += part;
        });
        child.on('close', (code) => done({ ...ran, code }));
      }),
  };
}
