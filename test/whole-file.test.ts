import assert from 'node:assert/strict';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { writeWhole } from '../src/whole-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-whole-'));
after(() => rmSync(folder, { recursive: true }));

test('a new file is whole, private, and never in the place of another', () => {
  const file = join(folder, 'new');
  writeWhole(file, 'one', 'new');
  assert.equal(statSync(file).mode & 0o777, 0o600);
  assert.throws(() => writeWhole(file, 'two', 'new'), { code: 'EEXIST' });
  assert.equal(readFileSync(file, 'utf8'), 'one');
  assert.deepEqual(readdirSync(folder), ['new']);
});

test('one that is replaced is the old one or the new one, and private', () => {
  const file = join(folder, 'replaced');
  writeFileSync(file, 'old', { mode: 0o644 });
  writeWhole(file, 'new', 'replace');
  assert.deepEqual([readFileSync(file, 'utf8'), statSync(file).mode & 0o777], ['new', 0o600]);
});

test('one that is renewed keeps its mode, behind a link too', () => {
  const file = join(folder, 'shared');
  writeFileSync(file, 'old', { mode: 0o644 });
  symlinkSync('shared', join(folder, 'link'));
  writeWhole(join(folder, 'link'), 'new', 'renew');
  assert.deepEqual([readFileSync(file, 'utf8'), statSync(file).mode & 0o777], ['new', 0o644]);
  assert.ok(lstatSync(join(folder, 'link')).isSymbolicLink());
  writeWhole(join(folder, 'first'), 'new', 'renew');
  assert.equal(statSync(join(folder, 'first')).mode & 0o777, 0o600);
});

test('what cannot be put in place leaves nothing', () => {
  const place = join(folder, 'directory');
  mkdirSync(join(place, 'full'), { recursive: true });
  assert.throws(() => writeWhole(place, 'x', 'replace'));
  assert.ok(!readdirSync(folder).some((name) => name.endsWith('.part')));
});
