// What is wrong with options, as data; how it reads in one line.

export interface OptionProblem {
  level: 'error' | 'warning';
  /** Stable, kebab-case: `unknown-option`, `not-allowed`, `contradiction`, … */
  code: string;
  /** The option it is about, `node.ipip`, or where it stands in a Universe file, `Etcd Settings.run-proxy`. Empty: the whole file. */
  path: string;
  /** The other options that it contradicts. */
  others?: string[];
  /** A sentence that stands by itself, without its full stop. */
  what: string;
  /** What is allowed there, in words. */
  allowed?: string;
  /** The name, or the value, that was probably meant. */
  nearest?: string;
  /** The way out: a sentence without its full stop. */
  remedy?: string;
  /** Line in the file. */
  line?: number;
  /** The line itself and, below it, a caret at the place: for what is not JSON. */
  excerpt?: string;
}

/** Sorted as they are read: errors first, then by line, then as they were found. */
export function inOrder(problems: OptionProblem[]): OptionProblem[] {
  const rank = (problem: OptionProblem): number => (problem.level === 'error' ? 0 : 1);
  return problems
    .map((problem, index) => ({ problem, index }))
    .sort(
      (a, b) =>
        rank(a.problem) - rank(b.problem) ||
        (a.problem.line ?? Number.MAX_SAFE_INTEGER) - (b.problem.line ?? Number.MAX_SAFE_INTEGER) ||
        a.index - b.index,
    )
    .map(({ problem }) => problem);
}

/** The problem without its path and line: `"allways" is not allowed. Allowed: …`. */
export function sentences(problem: OptionProblem): string {
  const parts = [problem.what];
  if (problem.allowed) parts.push(`Allowed: ${problem.allowed}`);
  if (problem.nearest) parts.push(`Did you mean ${problem.nearest}?`);
  if (problem.remedy) parts.push(problem.remedy);
  return parts.map((part) => (/[.?]$/.test(part) ? part : `${part}.`)).join(' ');
}

/** Where it is: `node.ipip (line 4)`. */
export function heading({ path, line }: OptionProblem): string {
  return line ? `${path} (line ${line})` : path;
}

/** The problem in one line: `node.ipip (line 4): …`. A sentence that names the option itself is not headed by it. */
export function oneLine(problem: OptionProblem): string {
  const text = sentences(problem);
  if (problem.path && !problem.what.includes(problem.path)) return `${heading(problem)}: ${text}`;
  return problem.line ? `Line ${problem.line}: ${text}` : text;
}

const NOT_PRINTABLE = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Text of unknown origin, fit for a terminal: control and direction characters as \uXXXX, and not too long. */
export function shown(text: string, longest = 60): string {
  const cut = text.length > longest ? `${text.slice(0, longest)}…` : text;
  return cut.replace(NOT_PRINTABLE, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** A value as a sentence names it: `"allways"`, `12`, `a list`, `an object`. */
export function valueInWords(value: unknown): string {
  if (typeof value === 'string') return `"${shown(value)}"`;
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (value !== null && typeof value === 'object') return 'an object';
  return shown(String(value));
}
