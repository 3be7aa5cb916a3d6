// The search for secrets finds them: in command lines, in a step's environment, in files, packed ones too.
import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { filesBelow, ProcessWatch } from './searched.ts';
import { PLANTED, secretsIn } from './secrets.ts';

/** What is seen of a process that waits until it is told to end. */
async function seenOf(args: string[], env: Record<string, string>, typed: string[] = []): Promise<string[]> {
  const watch = new ProcessWatch([], 5, typed);
  const child: ChildProcess = spawn(
    process.execPath,
    ['-e', 'process.stdin.resume(); console.log(1)', ...args],
    {
      env,
      stdio: ['pipe', 'pipe', 'ignore'],
    },
  );
  await new Promise((resolve) => child.stdout!.once('data', resolve));
  await watch.looked();
  child.stdin!.end();
  await new Promise((resolve) => child.once('exit', resolve));
  return watch.stop();
}

test('in a command line, and in the environment of a step alone', async () => {
  const env = { A: '1', DCOS_CALICO_ROOT: '/x', SECRET: PLANTED };
  assert.match((await seenOf([PLANTED], {})).join(), /a planted secret in a command line/);
  assert.deepEqual(await seenOf([PLANTED], {}, [PLANTED]), []);
  assert.match((await seenOf([], env)).join(), /a planted secret in the environment/);
  assert.deepEqual(await seenOf([], { A: '1', DCOS_ACS_TOKEN: PLANTED }), []);
});

test('in files of any depth, packed ones too', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-searched-'));
  try {
    mkdirSync(join(folder, 'a', 'b'), { recursive: true });
    writeFileSync(join(folder, 'a', 'b', 'case.tar.gz'), gzipSync(`x${PLANTED}x`));
    writeFileSync(join(folder, 'a', 'plain'), PLANTED);
    writeFileSync(join(folder, 'a', 'left'), PLANTED);
    const found = [...filesBelow(folder, (path) => path.endsWith('left'))];
    assert.equal(found.length, 2);
    for (const { text } of found) assert.deepEqual(secretsIn(text, []), ['a planted secret']);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
