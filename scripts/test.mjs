// Runs the tests: those of the files that are named, or all. Many of them wait (for a task, a turn, a time-out) more than they
// work, so more run at a time than there are cores. Sandbox hosts are hundreds of small files: they are kept in memory where
// the machine has a place for that from which programs can be run.
import { spawnSync } from 'node:child_process';
import { chmodSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
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
const place = mkdtempSync(join(tmpdir(), 'dcos-calico-test-'));

/** Runs test files, so many at a time. Gives the exit code, and the files in which something failed. */
function runTests(tests, concurrency) {
  const failed = join(place, 'failed');
  const { status } = spawnSync(
    process.execPath,
    [
      '--import',
      './scripts/text-modules.mjs',
      '--test',
      `--test-concurrency=${concurrency}`,
      '--test-timeout=600000',
      '--test-reporter=spec',
      '--test-reporter-destination=stdout',
      '--test-reporter=./scripts/failed-files.mjs',
      `--test-reporter-destination=${failed}`,
      ...tests,
    ],
    { stdio: 'inherit', env },
  );
  return { status: status ?? 1, failed: readFileSync(failed, 'utf8').split('\n').filter(Boolean) };
}

try {
  let { status, failed } = runTests(files.sort(), 2 * availableParallelism());
  // Tests that start many processes have limits of time that a crowded machine can break. What fails gets one more run by itself,
  // and that is said: a test that is really broken fails there too.
  if (status !== 0 && failed.length > 0 && failed.length <= 10) {
    process.stdout.write(`\nFailed, and run once more by themselves: ${failed.join(', ')}\n\n`);
    ({ status, failed } = runTests(failed, 1));
  }
  process.exitCode = status;
} finally {
  rmSync(place, { recursive: true, force: true });
}
