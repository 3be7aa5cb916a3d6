// Writes a tar archive (ustar) that depends on its content alone: no time, no owner. Files are not read into memory.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { tarHeader } from '../../../src/diagnostics/tar.ts';

const BLOCK = 512;
const AT_A_TIME = 1 << 20;

export type TarEntry = { name: string } & ({ file: string } | { content: string });

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
      put(tarHeader(entry.name, size, 0, 0o644));
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
