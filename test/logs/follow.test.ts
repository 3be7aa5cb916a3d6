// The followed file itself: appended, cut within a line, rotated, grown out of all measure.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followLog } from '../../src/logs/follow.ts';
import { readLog } from '../../src/logs/read.ts';
import type { LogSource } from '../../src/logs/source.ts';
import { clusterRead } from '../status/cluster.ts';

const WANTED = { agent: '10.0.1.11', step: 'docker' } as const;

/** A sandbox of one task, whose files a test writes. */
function sandbox(files: Record<string, string>) {
  const read = clusterRead({ agents: [{ host: '10.0.1.11' }] });
  const at = (path: string) => files[path.slice('/s/'.length)];
  const source: LogSource = {
    agents: async () => ({ agents: [...read.agents], recovering: false }),
    group: async () => read.group,
    info: async () => ({ version: '1.11.24', frameworkId: 'F' }),
    now: () => 0,
    files: {
      sandbox: async () => '/s',
      size: async (_agent, path) => (at(path) === undefined ? undefined : Buffer.byteLength(at(path)!)),
      range: async (_agent, path, from, to) =>
        Buffer.from(at(path) ?? '')
          .subarray(from, to)
          .toString(),
    } as LogSource['files'],
  };
  return source;
}

/** Each step of `changes` happens between two looks. */
async function followed(files: Record<string, string>, changes: (() => void)[]) {
  const source = sandbox(files);
  const lines: string[] = [];
  const said: string[] = [];
  const read = await readLog(source, WANTED, 0);
  await followLog(source, WANTED, read, {
    line: (text) => lines.push(text),
    say: (text) => said.push(text),
    sleep: async () => changes.shift()!(),
    over: () => changes.length === 0,
  });
  return { lines, said };
}

test('only what is appended, each line once it is whole', async () => {
  const files = { stdout: 'old\n' };
  const { lines, said } = await followed(files, [
    () => (files.stdout += 'fir'),
    () => (files.stdout += 'st\nsecond\nthi'),
    () => (files.stdout += 'rd €\n'),
  ]);
  assert.deepEqual(lines, ['first', 'second', 'third €']);
  assert.deepEqual(said, []);
});

test('a rotated file: its end first, then the new one from its beginning', async () => {
  const files: Record<string, string> = { stdout: 'one\n' };
  const { lines } = await followed(files, [
    () => {
      files['stdout.1'] = 'one\ntwo\n';
      files.stdout = '3\n';
    },
    () => {
      files.stdout += 'four\n';
    },
  ]);
  assert.deepEqual(lines, ['two', '3', 'four']);
});

test('what grew by more than can be shown is shown from its end', async () => {
  const files = { stdout: '' };
  const { lines, said } = await followed(files, [
    () => {
      files.stdout = 'x'.repeat(99).concat('\n').repeat(60_000);
    },
  ]);
  assert.ok(lines.length < 42_000 && lines.length > 41_000);
  assert.deepEqual(said, ['1805696 bytes are left out']);
});
