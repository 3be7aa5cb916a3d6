// Writes a tar archive (ustar) that depends on its content alone: no time, no owner. Files are not read into memory.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs';

const BLOCK = 512;
const AT_A_TIME = 1 << 20;

export type TarEntry = { name: string } & ({ file: string } | { content: string });

function header(name: string, size: number): Buffer {
  if (Buffer.byteLength(name) > 100) throw new RangeError(`${name} is too long a name for an archive`);
  const block = Buffer.alloc(BLOCK);
  const octal = (value: number, width: number) => `${value.toString(8).padStart(width - 1, '0')}\0`;
  block.write(name, 0);
  block.write(octal(0o644, 8), 100);
  block.write(octal(0, 8), 108);
  block.write(octal(0, 8), 116);
  block.write(octal(size, 12), 124);
  block.write(octal(0, 12), 136);
  block.write(' '.repeat(8), 148);
  block.write('0', 156);
  block.write('ustar\u000000', 257);
  const sum = block.reduce((all, byte) => all + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

/** Writes the archive and gives its SHA-256 and its size in bytes. */
export function writeTar(path: string, entries: readonly TarEntry[]): { sha256: string; bytes: number } {
  const out = openSync(path, 'w', 0o644);
  const hash = createHash('sha256');
  let bytes = 0;
  const put = (data: Buffer) => {
    hash.update(data);
    for (let at = 0; at < data.length; ) at += writeSync(out, data, at);
    bytes += data.length;
  };
  try {
    for (const entry of entries) {
      const size = 'file' in entry ? statSync(entry.file).size : Buffer.byteLength(entry.content);
      put(header(entry.name, size));
      if ('file' in entry) copy(entry.file, put);
      else put(Buffer.from(entry.content));
      put(Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK));
    }
    put(Buffer.alloc(2 * BLOCK));
  } finally {
    closeSync(out);
  }
  return { sha256: hash.digest('hex'), bytes };
}

function copy(file: string, put: (data: Buffer) => void): void {
  const from = openSync(file, 'r');
  const buffer = Buffer.alloc(AT_A_TIME);
  try {
    for (let read = readSync(from, buffer); read > 0; read = readSync(from, buffer))
      put(buffer.subarray(0, read));
  } finally {
    closeSync(from);
  }
}
