// The manifest of the commands as the build makes it, and the topics: what help, completion and the reference are made from.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HelpSource } from '../src/cli/help.ts';

export function helpSource(): HelpSource {
  const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-manifest-'));
  try {
    execFileSync(process.execPath, [join(import.meta.dirname, 'build.mjs')], {
      env: { ...process.env, DIST: folder },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    const read = (name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8'));
    return {
      commands: read('oclif.manifest.json').commands,
      topics: read('package.json').oclif.topics ?? {},
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
