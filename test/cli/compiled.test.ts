// The code that a run compiled is there for the next one, and never in the place of another program's.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { bundle } from '../bundle.ts';

const program = bundle();
const folder = join(dirname(program.path), 'compiled');
const kept = () => readdirSync(folder).sort();
const about = /^[0-9a-f]{16}-calico-options-schema-program\.cjs$/;

test('a run that came to its end leaves what it compiled, and the next one uses it as it is', async () => {
  const first = await program.run(['options', 'schema']);
  assert.equal(first.exit, 0, first.stderr);
  const names = kept();
  assert.equal(names.length, 1);
  assert.match(names[0]!, about);
  const file = join(folder, names[0]!);
  assert.equal(statSync(file).mode & 0o077, 0);
  const { mtimeMs } = statSync(file);
  assert.deepEqual(await program.run(['options', 'schema']), first);
  assert.equal(statSync(file).mtimeMs, mtimeMs);
});

test('what an error cut short is replaced by the first run that is not', async () => {
  assert.equal((await program.run(['options', 'validate', '/nowhere.json'])).exit, 2);
  const ofValidate = () => kept().filter((name) => name.includes('validate-program'));
  assert.equal(ofValidate().length, 1);
  assert.ok(ofValidate()[0]!.endsWith('~'));
  const options = join(dirname(program.path), 'options.json');
  writeFileSync(options, '{}');
  assert.equal((await program.run(['options', 'validate', options])).exit, 0);
  assert.ok(ofValidate().some((name) => !name.endsWith('~')));
});

test('code that is damaged is compiled anew', async () => {
  const before = await program.run(['options', 'schema']);
  const file = join(folder, kept().find((name) => about.test(name))!);
  writeFileSync(file, 'not code');
  assert.deepEqual(await program.run(['options', 'schema']), before);
  assert.ok(readFileSync(file).length > 1000);
});
