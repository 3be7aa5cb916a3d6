/** `a, b,c` → [`a`, `b`, `c`]. */
export function listed(text: string): string[] {
  return text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
}

/** What stands for "there is none" where something is typed. */
export const NONE = 'none';
