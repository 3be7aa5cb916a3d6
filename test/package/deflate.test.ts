// The slow packer: anybody unpacks what it makes, it is smaller, and the same every time.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { inflateRawSync } from 'node:zlib';
// @ts-expect-error: a build script, without types
import { deflate, deflateHard } from '../../scripts/package/deflate.mjs';

const place = mkdtempSync(join(tmpdir(), 'dcos-calico-deflate-'));
after(() => rmSync(place, { recursive: true, force: true }));

const root = join(import.meta.dirname, '../..');
const content = Buffer.concat(
  ['package-lock.json', 'biome.json', 'docs/errors.md'].map((name) => readFileSync(join(root, name))),
);

test('smaller than by zlib, and the same bytes from each run', async () => {
  const [plain, hard, again] = await Promise.all([
    deflate(content),
    deflateHard(content, join(place, 'a')),
    deflateHard(content, join(place, 'b')),
  ]);
  assert.ok(inflateRawSync(hard).equals(content));
  assert.ok(hard.length < plain.length, `${hard.length} and ${plain.length}`);
  assert.ok(hard.equals(again));
});

test('what was kept is taken again, unless it is not what it should be', async () => {
  const cache = join(place, 'kept');
  const packed = await deflateHard(content, cache);
  const [kept] = readdirSync(cache).map((name) => join(cache, name));
  const other = await deflate(content);
  writeFileSync(kept!, other);
  assert.ok((await deflateHard(content, cache)).equals(other), 'it unpacks to the same, so it was taken');
  writeFileSync(kept!, packed.subarray(0, 100));
  assert.ok((await deflateHard(content, cache)).equals(packed));
});

test('a small file is left to zlib', async () => {
  const small = Buffer.from('[plugin]\n');
  assert.ok((await deflateHard(small, join(place, 'none'))).equals(await deflate(small)));
});
