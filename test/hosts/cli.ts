// The program itself, as it is shipped, against the lab of these tests.
import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Lab } from '../../src/lab/lab.ts';

const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-cli-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
let bundle: Promise<string> | undefined;

async function built(): Promise<string> {
  const env = { ...process.env, DIST: join(folder, 'dist') };
  await promisify(execFile)(process.execPath, ['scripts/build.mjs'], { env });
  return join(folder, 'dist', 'dcos-calico.cjs');
}

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
  seconds: number;
}

/** `dcos calico ARGUMENTS`; `options` as a file of `--options`. */
export async function calico(lab: Lab, args: readonly string[], options?: object): Promise<Ended> {
  bundle ??= built();
  const program = await bundle;
  const began = Date.now();
  const file = join(folder, 'options.json');
  if (options) writeFileSync(file, JSON.stringify(options));
  const child = spawn(
    process.execPath,
    [program, 'calico', ...args, ...(options ? ['--options', file] : [])],
    {
      env: { PATH: process.env.PATH, HOME: folder, DCOS_URL: lab.url, DCOS_ACS_TOKEN: lab.token },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.setEncoding('utf8').on('data', (chunk) => {
    stderr += chunk;
  });
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, stdout, stderr, seconds: (Date.now() - began) / 1000 };
}
