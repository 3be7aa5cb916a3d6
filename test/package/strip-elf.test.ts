// What stripping leaves is also run: by the test of the zip.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
// @ts-expect-error: a script without types
import { stripElf } from '../../scripts/package/strip-elf.mjs';

test('what is loaded stays byte for byte, the tables stay whole, and a second time changes nothing', () => {
  const elf = readFileSync(process.execPath);
  const stripped: Buffer = stripElf(elf);
  assert.ok(stripped.length < elf.length - 20_000_000);
  const [headersAt, size, count] = [
    Number(elf.readBigUInt64LE(32)),
    elf.readUInt16LE(54),
    elf.readUInt16LE(56),
  ];
  let loaded = 0;
  for (let at = headersAt; at < headersAt + size * count; at += size) {
    if (elf.readUInt32LE(at) !== 1) continue;
    const [from, length] = [Number(elf.readBigUInt64LE(at + 8)), Number(elf.readBigUInt64LE(at + 32))];
    // The first one holds the file's header, whose section table has moved.
    const start = from === 0 ? 64 : from;
    assert.ok(elf.subarray(start, from + length).equals(stripped.subarray(start, from + length)));
    loaded += length;
  }
  assert.ok(loaded > 50_000_000);
  const sectionsEnd = Number(stripped.readBigUInt64LE(40)) + stripped.readUInt16LE(60) * 64;
  assert.equal(sectionsEnd, stripped.length);
  assert.ok(stripElf(stripped).equals(stripped));
});

test('something else than a Linux executable is refused', () => {
  assert.throws(() => stripElf(Buffer.alloc(128)), /Not a 64-bit little-endian ELF file/);
});
