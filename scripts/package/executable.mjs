// What `dcos` calls on each platform, and the runtime that it needs.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripElf } from './strip-elf.mjs';

const LOADER = join(import.meta.dirname, 'loader.cjs');

// What is read of a large cluster stays: in the small space that Node begins with, its collector copies it again and again, at a third
// of the CPU of reading 5,000 agents. What is not used of the space takes no memory.
const NODE_OPTIONS = ['--min-semi-space-size=16', '--max-semi-space-size=16'];

/** Node with the loader inside: one executable, started without a shell. `node` is that of the platform it is for. */
function singleExecutable(node) {
  const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-executable-'));
  try {
    const [from, output, config] = ['node', 'output', 'config.json'].map((name) => join(folder, name));
    writeFileSync(from, node);
    chmodSync(from, 0o755);
    writeFileSync(
      config,
      JSON.stringify({
        main: LOADER,
        executable: from,
        output,
        disableExperimentalSEAWarning: true,
        // Compiled code is good for the processor alone that made it; the loader keeps its own.
        useCodeCache: false,
        // NODE_OPTIONS is meant for the user's own Node, and may name what this one does not have.
        execArgvExtension: 'none',
        execArgv: NODE_OPTIONS,
      }),
    );
    execFileSync(process.execPath, ['--build-sea', config], { stdio: ['ignore', 'ignore', 'inherit'] });
    return readFileSync(output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

// macOS runs nothing on Apple's processors whose signature is not right, and adding to an executable breaks it: there Node stays
// as it was signed, and a launcher starts it.
const LAUNCHER = `#!/bin/sh
unset NODE_OPTIONS
lib=$(cd -P "$(dirname "$0")/../lib" && pwd) || exit 1
exec "$lib/node" ${NODE_OPTIONS.join(' ')} "$lib/loader.cjs" "$@"
`;

/** The files of a platform's zip that make it run: `[{name, content, executable?}]`. */
export function executableFiles(platform, runtime) {
  if (platform.startsWith('linux'))
    return [
      {
        name: 'bin/dcos-calico',
        content: singleExecutable(stripElf(runtime.file('bin/node'))),
        executable: true,
      },
    ];
  if (platform.startsWith('win32'))
    return [
      {
        name: 'bin/dcos-calico.exe',
        content: singleExecutable(runtime.file('bin/node.exe')),
        executable: true,
      },
    ];
  return [
    { name: 'bin/dcos-calico', content: Buffer.from(LAUNCHER), executable: true },
    { name: 'lib/node', content: runtime.file('bin/node'), executable: true },
    { name: 'lib/loader.cjs', content: readFileSync(LOADER) },
  ];
}
