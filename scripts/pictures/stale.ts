// Whether a picture still shows what the program prints. Times and the wheel that turns are others in every run.

const DIFFERENT_EACH_TIME: [RegExp, string][] = [
  [/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/g, 'TIME'],
  [/\b\d\d:\d\d:\d\d\b/g, 'TIME'],
  [/\b\d+ (s|min)\b/g, 'DURATION'],
  [/\d{4}-\d\d-\d\d/g, 'DAY'],
  [/[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/g, '*'],
];

/** Lines as one text, in which two runs of the same program are equal. Where a line breaks depends on names of this machine. */
export function comparable(lines: readonly string[]): string {
  const text = lines.join(' ').replace(/\s+/g, ' ').trim();
  return DIFFERENT_EACH_TIME.reduce((all, [what, word]) => all.replace(what, word), text);
}

/** The same of a page. Agents of one wave do not end in the same order each time, and a busy machine may be asked twice. */
export function comparablePage(text: string): string {
  const lines = text.split('\n').map((line) => comparable([line]));
  return [...new Set(lines)]
    .filter((line) => !line.includes('No answer, asking again'))
    .sort()
    .join('\n');
}

/** Where two texts part, with some of what stands around it; undefined: they are equal. */
export function difference(before: string, after: string): string | undefined {
  if (before === after) return undefined;
  let at = 0;
  while (before[at] === after[at]) at++;
  const around = (text: string) => text.slice(Math.max(0, at - 40), at + 80);
  return `  picture: …${around(before)}…\n  program: …${around(after)}…`;
}
