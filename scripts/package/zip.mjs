// Writes ZIP archives that depend on their content alone: entries by name, one fixed time, one mode for programs and one for the
// rest. Deflate, since the `dcos` CLI (Go's archive/zip) unpacks nothing stronger.
import { crc32 } from 'node:zlib';
import { deflate } from './deflate.mjs';

// 1980-01-01 00:00, the earliest that the format can say.
const DOS_TIME = 0;
const DOS_DATE = 0x21;
const MADE_BY_UNIX = 3 << 8;
const VERSION = 20;
const DEFLATED = 8;
const NAMES_ARE_UTF8 = 0x800;

function header(signature, size, fill) {
  const buffer = Buffer.alloc(size);
  buffer.writeUInt32LE(signature, 0);
  fill(buffer);
  return buffer;
}

/** The fields that the local and the central header share, from their version on. */
function common(buffer, at, { name, content, packed }) {
  buffer.writeUInt16LE(VERSION, at);
  buffer.writeUInt16LE(NAMES_ARE_UTF8, at + 2);
  buffer.writeUInt16LE(DEFLATED, at + 4);
  buffer.writeUInt16LE(DOS_TIME, at + 6);
  buffer.writeUInt16LE(DOS_DATE, at + 8);
  buffer.writeUInt32LE(crc32(content), at + 10);
  buffer.writeUInt32LE(packed.length, at + 14);
  buffer.writeUInt32LE(content.length, at + 18);
  buffer.writeUInt16LE(Buffer.byteLength(name), at + 22);
}

/** The archive of `files`, `{name, content: Buffer, executable?}`, as a Buffer. @param pack content → raw deflate */
export async function zip(files, pack = deflate) {
  const entries = await Promise.all(
    [...files]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(async (file) => ({ ...file, packed: await pack(file.content) })),
  );
  const parts = [];
  const central = [];
  let offset = 0;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    const local = header(0x04034b50, 30, (buffer) => common(buffer, 4, entry));
    parts.push(local, name, entry.packed);
    central.push(
      header(0x02014b50, 46, (buffer) => {
        buffer.writeUInt16LE(MADE_BY_UNIX | VERSION, 4);
        common(buffer, 6, entry);
        buffer.writeUInt32LE(((0o100000 | (entry.executable ? 0o755 : 0o644)) << 16) >>> 0, 38);
        buffer.writeUInt32LE(offset, 42);
      }),
      name,
    );
    offset += local.length + name.length + entry.packed.length;
  }
  const size = central.reduce((sum, part) => sum + part.length, 0);
  const end = header(0x06054b50, 22, (buffer) => {
    buffer.writeUInt16LE(entries.length, 8);
    buffer.writeUInt16LE(entries.length, 10);
    buffer.writeUInt32LE(size, 12);
    buffer.writeUInt32LE(offset, 16);
  });
  return Buffer.concat([...parts, ...central, end]);
}
