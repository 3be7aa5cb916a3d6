// Reads an archive as POSIX describes it: each header's sum is held.
import assert from 'node:assert/strict';

export function untar(tar: Buffer): Map<string, string> {
  const files = new Map<string, string>();
  for (let at = 0; at + 512 <= tar.length; ) {
    const header = tar.subarray(at, at + 512);
    at += 512;
    if (header.every((byte) => byte === 0)) continue;
    const text = (from: number, to: number) => header.toString('utf8', from, to).replace(/\0.*$/s, '');
    const sum = header.reduce((all, byte, index) => all + (index >= 148 && index < 156 ? 32 : byte), 0);
    assert.equal(Number.parseInt(text(148, 156), 8), sum);
    assert.equal(text(257, 263), 'ustar');
    const size = Number.parseInt(text(124, 136), 8);
    const prefix = text(345, 500);
    files.set(`${prefix ? `${prefix}/` : ''}${text(0, 100)}`, tar.toString('utf8', at, at + size));
    at += Math.ceil(size / 512) * 512;
  }
  return files;
}
