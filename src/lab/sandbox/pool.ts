// What all hosts of this process have alike, made once: their commands are hard links to it, which cost next to nothing
// where a file of its own costs a millisecond. It is removed when this process ends.
import { linkSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import countingPython from './counting.py';
import endpointPython from './endpoint.py';
import { reaper } from './reaper.ts';
import standinPython from './standin.py';
import standinShell from './standin.sh';
import type { Tools } from './tools.ts';

const SHARED: Record<string, { content: string; mode: number }> = {
  'standin.sh': { content: standinShell, mode: 0o755 },
  'standin.py': { content: standinPython, mode: 0o644 },
  'counting.py': { content: countingPython, mode: 0o644 },
  'endpoint.py': { content: endpointPython, mode: 0o644 },
};

let pool: string | undefined;

function poolOf(tools: Tools): string {
  if (pool) return pool;
  const dir = mkdtempSync(join(tmpdir(), 'dcos-calico-tools-'));
  reaper.addDirectory(dir);
  process.once('exit', () => rmSync(dir, { recursive: true, force: true }));
  for (const [name, { content, mode }] of Object.entries(SHARED))
    writeFileSync(join(dir, name), content, { mode });
  for (const [name, target] of tools.real) symlinkSync(target, join(dir, `real-${name}`));
  pool = dir;
  return dir;
}

/** Puts a shared file at a path; its own copy where the pool is on another file system. */
export function putShared(tools: Tools, name: keyof typeof SHARED, path: string): void {
  try {
    linkSync(join(poolOf(tools), name), path);
  } catch {
    const { content, mode } = SHARED[name]!;
    writeFileSync(path, content, { mode });
  }
}

/** Puts a real command of this machine at a path. */
export function putTool(tools: Tools, name: string, path: string): void {
  const target = tools.real.get(name)!;
  // link(2) follows symbolic links on macOS, and would make a hard link to the system's own file.
  try {
    if (process.platform !== 'linux') throw new Error('no link to a link');
    linkSync(join(poolOf(tools), `real-${name}`), path);
  } catch {
    symlinkSync(target, path);
  }
}
