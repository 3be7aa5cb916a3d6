// Runs the tests: those of the files that are named, or all. Many of them wait (for a task, a turn, a time-out) more than they
// work, so more run at a time than there are cores. Sandbox hosts are hundreds of small files: they are kept in memory where
// the machine has a place for that from which programs can be run.
import { spawnSync } from 'node:child_process';
import { chmodSync, globSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

function runsPrograms(directory) {
  let place;
  try {
    place = mkdtempSync(join(directory, 'dcos-calico-'));
    const program = join(place, 'program');
    writeFileSync(program, '#!/bin/sh\nexit 0\n');
    chmodSync(program, 0o755);
    return spawnSync(program).status === 0;
  } catch {
    return false;
  } finally {
    if (place) rmSync(place, { recursive: true, force: true });
  }
}

const named = process.argv.slice(2);
const files = named.length
  ? named
  : globSync('test/**/*.test.ts').filter((file) => !file.startsWith('test/hosts/'));
const env = { ...process.env };
if (!env.TMPDIR && runsPrograms('/dev/shm')) env.TMPDIR = '/dev/shm';
const { status } = spawnSync(
  process.execPath,
  [
    '--import',
    './scripts/text-modules.mjs',
    '--test',
    `--test-concurrency=${2 * availableParallelism()}`,
    '--test-timeout=600000',
    ...files.sort(),
  ],
  { stdio: 'inherit', env },
);
process.exitCode = status ?? 1;
