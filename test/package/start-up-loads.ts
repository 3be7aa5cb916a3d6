// Which modules a run of the program evaluates: esbuild wraps each one in a function named by its path, and these are noted.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface Loads {
  /** Paths of modules in the repository, in the order of loading. */
  modules: string[];
  /** Packages among them, sorted. */
  packages: string[];
  /** Of all their sources. */
  kilobytes: number;
  stderr: string;
}

/** Has the program in the folder `dist` say on file descriptor 3 what it loads. */
export function noteLoads(dist: string): void {
  const names = /\[__getOwnPropNames\((cb|fn)\)\[0\]\]/g;
  let found = 0;
  for (const name of readdirSync(dist).filter((one) => one.endsWith('.cjs'))) {
    const path = join(dist, name);
    const bundle = readFileSync(path, 'utf8');
    found += bundle.match(names)?.length ?? 0;
    const noted = bundle.replace(names, '[globalThis.__note(__getOwnPropNames($1)[0])]');
    writeFileSync(path, name === 'dcos-calico.cjs' ? `${NOTE}\n${noted}` : noted);
  }
  if (found < 2) throw new Error('esbuild wraps modules in another way now');
}

const NOTE =
  "globalThis.__loads=[];globalThis.__note=(name)=>(globalThis.__loads.push(name),name);process.on('exit',()=>require('node:fs').writeSync(3,globalThis.__loads.join('\\n')));";

const packageOf = (module: string) => module.match(/^.*node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1];

/** What `dcos calico ARGS…` loads. `program` is in a folder of `noteLoads`. */
export function loads(program: string, args: readonly string[], env: Record<string, string>): Promise<Loads> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, 'calico', ...args], {
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
    });
    let [said, stderr] = ['', ''];
    (child.stdio[3] as NodeJS.ReadableStream).on('data', (part) => {
      said += part;
    });
    child.stderr!.on('data', (part) => {
      stderr += part;
    });
    child.on('error', reject);
    child.on('close', () => {
      const modules = said.split('\n').filter((name) => /[/.]/.test(name) && !name.includes(':'));
      resolve({
        modules,
        packages: [...new Set(modules.map(packageOf).filter((name) => name !== undefined))].sort(),
        kilobytes: Math.round(modules.reduce((sum, name) => sum + statSync(join(root, name)).size, 0) / 1000),
        stderr,
      });
    });
  });
}
