// The name that was probably meant.

/** Edits (insert, delete, replace, swap of neighbours) that make one text the other. */
export function distance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, rows[i - 1]![j - 1]! + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, rows[i - 2]![j - 2]! + 1);
      }
      row.push(best);
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}

const LONGEST = 64;
const plain = (name: string): string => name.toLowerCase().replace(/[_\s]/g, '-');

/** The candidate nearest to `name`, if one is near enough to be meant: at most a third of its letters differ, case and `_` aside. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  if (name.length > LONGEST) return undefined;
  let best: { candidate: string; edits: number } | undefined;
  for (const candidate of candidates) {
    const edits = distance(plain(name), plain(candidate));
    if (edits > Math.max(1, Math.floor(Math.max(name.length, candidate.length) / 3))) continue;
    if (!best || edits < best.edits) best = { candidate, edits };
  }
  return best?.candidate;
}

/** The candidate that begins with `name` or of which it is the last part (`pool` and `cidr` of `pool-cidr`), if it is one alone. */
export function completed(name: string, candidates: readonly string[]): string | undefined {
  if (name.length < 3) return undefined;
  const found = candidates.filter((candidate) => {
    return candidate.startsWith(plain(name)) || candidate.endsWith(`-${plain(name)}`);
  });
  return found.length === 1 ? found[0] : undefined;
}
