// Takes the symbols and debugging data out of a Linux executable, a sixth of what Node's weighs in a zip. Done here and not by
// `strip`, whose output differs with its version and which seldom knows other processors.
const HEADER = { sectionsAt: 40, sectionSize: 58, sectionCount: 60, namesIndex: 62 };
const SECTION = { name: 0, type: 4, flags: 8, offset: 24, size: 32, bytes: 64 };
const NOBITS = 8;
const ALLOCATED = 2n;

function section(elf, at) {
  return {
    name: elf.readUInt32LE(at + SECTION.name),
    type: elf.readUInt32LE(at + SECTION.type),
    allocated: (elf.readBigUInt64LE(at + SECTION.flags) & ALLOCATED) !== 0n,
    offset: Number(elf.readBigUInt64LE(at + SECTION.offset)),
    size: Number(elf.readBigUInt64LE(at + SECTION.size)),
    header: elf.subarray(at, at + SECTION.bytes),
  };
}

/** `elf` (64-bit, little-endian) without what is not loaded; throws where that does not stand together at its end. */
export function stripElf(elf) {
  if (elf.readUInt32BE(0) !== 0x7f454c46 || elf[4] !== 2 || elf[5] !== 1)
    throw new Error('Not a 64-bit little-endian ELF file');
  const at = Number(elf.readBigUInt64LE(HEADER.sectionsAt));
  const sections = Array.from({ length: elf.readUInt16LE(HEADER.sectionCount) }, (_, index) =>
    section(elf, at + index * SECTION.bytes),
  );
  const names = sections[elf.readUInt16LE(HEADER.namesIndex)];
  const nameOf = ({ name }) =>
    elf.toString('latin1', names.offset + name, elf.indexOf(0, names.offset + name));
  const first = sections.findIndex(
    (one) => !one.allocated && /^\.(debug_|symtab$|strtab$)/.test(nameOf(one)),
  );
  if (first < 0) return elf;
  const kept = sections.slice(0, first);
  const dropped = sections.slice(first);
  if (dropped.some((one) => one.allocated)) throw new Error('Something loaded stands behind the symbols');
  const cut = dropped[0].offset;
  if (kept.some((one) => one.type !== NOBITS && one.offset + one.size > cut))
    throw new Error('Something loaded stands behind the symbols');

  const nameTable = elf.subarray(names.offset, names.offset + names.size);
  const namesHeader = Buffer.from(names.header);
  namesHeader.writeBigUInt64LE(BigInt(cut), SECTION.offset);
  const padding = Buffer.alloc((8 - ((cut + nameTable.length) % 8)) % 8);
  const stripped = Buffer.concat([
    elf.subarray(0, cut),
    nameTable,
    padding,
    ...kept.map(({ header }) => header),
    namesHeader,
  ]);
  stripped.writeBigUInt64LE(BigInt(cut + nameTable.length + padding.length), HEADER.sectionsAt);
  stripped.writeUInt16LE(kept.length + 1, HEADER.sectionCount);
  stripped.writeUInt16LE(kept.length, HEADER.namesIndex);
  return stripped;
}
