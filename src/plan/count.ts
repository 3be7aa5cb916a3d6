/** A count, or a share of all as a percentage: `12`, `"12"`, `"10%"`. */
export type CountOrShare = number | string;

/** What a percentage or a count comes to, with how it was reckoned: "5 at a time (10% of 48, at least 5)". */
export interface Resolved {
  count: number;
  /** Empty for a count that stands as it is. */
  from: string;
}

/**
 * How many of `all` are meant. A percentage is rounded down, but above 0 % it is never nothing, and never more than all; a count
 * is taken as it is, at most all.
 *
 * @param atLeast a percentage gives at least so many (as far as there are so many)
 * @throws RangeError when the text is neither
 */
export function resolveCount(value: CountOrShare, all: number, { atLeast = 1 } = {}): Resolved {
  const text = String(value).trim();
  const share = /^(\d+(?:\.\d+)?)\s*%$/.exec(text);
  if (share) {
    if (Number(share[1]) === 0) return { count: 0, from: `${text} of ${all}` };
    const plain = Math.floor((Number(share[1]) * all) / 100);
    const count = Math.min(all, Math.max(plain, atLeast));
    return { count, from: `${text} of ${all}${count > plain ? `, at least ${atLeast}` : ''}` };
  }
  if (!/^\d+$/.test(text)) throw new RangeError(`${text} is neither a count nor a percentage`);
  return { count: Math.min(Number(text), all), from: '' };
}
