// The program as it is packed for this machine, in a folder of its own.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../..');

export interface Packed {
  /** Free to use. */
  folder: string;
  /** The command line of `dcos calico …`. */
  command(line: string): string[];
  remove(): void;
}

export function packed(): Packed {
  const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-bench-'));
  const platform = `${process.platform}-${process.arch}`;
  execFileSync(process.execPath, ['scripts/package.mjs', '--unpacked', platform], {
    cwd: root,
    env: { ...process.env, OUT: folder },
  });
  const program = join(folder, platform, 'bin/dcos-calico');
  return {
    folder,
    command: (line) => [program, 'calico', ...line.split(' ')],
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
