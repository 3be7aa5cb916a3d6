import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeWhole } from '../src/whole-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-whole-'));
after(() => rmSync(folder, { recursive: true }));

test('a new file is whole, private, and never in the place of another', async () => {
  const file = join(folder, 'new');
  await writeWhole(file, 'one', 'new');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  await assert.rejects(writeWhole(file, 'two', 'new'), { code: 'EEXIST' });
  assert.equal(readFileSync(file, 'utf8'), 'one');
  assert.deepEqual(readdirSync(folder), ['new']);
});

test('one that is replaced is the old one or the new one, and private', async () => {
  const file = join(folder, 'replaced');
  writeFileSync(file, 'old', { mode: 0o644 });
  await writeWhole(file, 'new', 'replace');
  assert.deepEqual([readFileSync(file, 'utf8'), statSync(file).mode & 0o777], ['new', 0o600]);
});

test('what cannot be put in place leaves nothing', async () => {
  const place = join(folder, 'directory');
  mkdirSync(join(place, 'full'), { recursive: true });
  await assert.rejects(writeWhole(place, 'x', 'replace'));
  assert.ok(!readdirSync(folder).some((name) => name.endsWith('.part')));
});
