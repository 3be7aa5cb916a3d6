// DC/OS from 2.1 on has a `dcos calico` of its own, in its core plugin: calicoctl for the Calico that it brings (dcos-core-cli,
// pkg/cmd/calico). `dcos` gives a command that two plugins have to the one whose folder comes first by name, and that is this one: what is
// calicoctl's goes on to the core plugin, with all arguments as they are.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { EXIT } from '../errors.ts';

/** Of calicoctl 3.14, which DC/OS 2.1 and 2.2 have. None is a command of this program (test). */
export const CALICOCTL_COMMANDS: ReadonlySet<string> = new Set([
  'apply',
  'cluster',
  'convert',
  'create',
  'datastore',
  'delete',
  'export',
  'get',
  'import',
  'ipam',
  'label',
  'node',
  'patch',
  'replace',
  'version',
]);

/** The core plugin's program beside this one, if it has a command `calico`. @param inside a folder of this plugin */
export function coreCalico(inside: string): string | undefined {
  const subcommands = above(inside, 'subcommands');
  if (!subcommands) return undefined;
  const folder = join(subcommands, 'dcos-core-cli', 'env');
  const manifest = join(folder, 'plugin.toml');
  if (!existsSync(manifest)) return undefined;
  for (const table of readFileSync(manifest, 'utf8')
    .split(/^\s*\[\[commands\]\]\s*$/m)
    .slice(1)) {
    const value = (key: string) => new RegExp(`^\\s*${key}\\s*=\\s*["']([^"']*)["']`, 'm').exec(table)?.[1];
    const path = value('path');
    if (value('name') === 'calico' && path && existsSync(join(folder, path))) return join(folder, path);
  }
  return undefined;
}

function above(folder: string, name: string): string | undefined {
  for (let at = folder; dirname(at) !== at; at = dirname(at)) if (basename(at) === name) return at;
  return undefined;
}

/** Runs the core plugin's command with the same terminal, and returns its exit code. `argv`: without the word `calico`. */
export function runCoreCalico(program: string, argv: readonly string[]): number {
  const { status, error } = spawnSync(program, ['calico', ...argv], { stdio: 'inherit' });
  if (error) throw error;
  return status ?? EXIT.failed;
}
