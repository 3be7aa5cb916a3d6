// How an error is shown: what, why, what to do; or one JSON document.
import { EXIT, type ExitCode, type Problem, UserError } from '../errors.ts';
import { plainText } from '../view/plain-text.ts';
import { wrap } from '../view/wrap.ts';
import { usageProblem } from './usage-errors.ts';

/** Turns whatever was thrown into a problem: ours as it is, oclif's own usage errors as such, all else a bug. */
export function problemOf(error: unknown, command?: string): Problem & { exit: ExitCode } {
  if (error instanceof UserError) return error.problem;
  const usage = usageProblem(error, command);
  if (usage) return usage;
  if ((error as Error | undefined)?.name === 'ExitPromptError') {
    return { code: 'interrupted', what: 'Interrupted', exit: EXIT.interrupted };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'bug',
    what: 'This is a bug in dcos calico',
    why: message || 'it gave no reason',
    remedy: [
      'Nothing more was done. The same command again is safe: it looks first, and goes on from there',
      'To report it, send the command, the output of the same command with -v, and of dcos calico --version',
    ],
    detail: error instanceof Error ? error.stack : undefined,
    exit: EXIT.bug,
  };
}

/** Widest lines of an error, however wide the terminal is. */
const WIDEST = 120;
const NARROWEST = 40;

/** An error as text, ending in a line feed. In a pipe (`width` Infinity) nothing is broken, so that each part is one line. */
export function errorText(
  problem: Problem,
  { width, verbose = false }: { width: number; verbose?: boolean },
): string {
  const widest = width === Number.POSITIVE_INFINITY ? width : Math.max(NARROWEST, Math.min(width, WIDEST));
  const lines = [
    ...labelled('Error: ', wrap(plainText(problem.what), widest, MARGIN)),
    ...(problem.why ? labelled('Why:   ', wrap(plainText(problem.why), widest, MARGIN)) : []),
    ...(problem.items ?? []).flatMap((item) => itemLines(item, widest)),
    ...labelled('To do: ', remedyLines((problem.remedy ?? []).map(plainText), widest)),
  ];
  if (verbose && problem.detail) lines.push(...problem.detail.split('\n').map((line) => plainText(line)));
  return `${lines.join('\n')}\n`;
}

const MARGIN = ' '.repeat('Error: '.length);

function labelled(label: string, lines: string[]): string[] {
  return lines.map((line, index) => (index ? line : label + line.slice(MARGIN.length)));
}

/**
 * Sentences are wrapped. A command stays on one line, so that it can be copied, and what it does stands in a second column,
 * or below it where there is no room.
 */
function remedyLines(remedy: readonly string[], width: number): string[] {
  const parts = remedy.map(
    (line) => /^(\S.*?) {2,}(\S.*)$/.exec(line)?.slice(1) as [string, string] | undefined,
  );
  const column = Math.max(0, ...parts.map((part) => part?.[0].length ?? 0)) + MARGIN.length + 2;
  const inColumns = parts.every((part) => !part || column + part[1].length <= width);
  return remedy.flatMap((line, index) => {
    const part = parts[index];
    if (part && inColumns) return [(MARGIN + part[0]).padEnd(column) + part[1]];
    if (part) return [MARGIN + part[0], ...wrap(part[1], width, `${MARGIN}    `)];
    return /^(dcos|npm|sudo) \S/.test(line) ? [MARGIN + line] : wrap(line, width, MARGIN);
  });
}

/** One of several things that are wrong. Its further lines hang; what begins with spaces is laid out already and stays so. */
function itemLines(item: string, width: number): string[] {
  const plain = plainText(item);
  if (plain.startsWith(' ')) return [MARGIN + plain];
  return wrap(plain, width, `${MARGIN}  `).map((line, index) => (index ? line : line.slice(2)));
}

/** Prints an error on stderr, or as one JSON document on stdout, and returns the exit code. */
export function report(
  error: unknown,
  options: { json: boolean; verbose?: boolean; width?: number; command?: string | undefined },
): ExitCode {
  // oclif ends a command by throwing: `this.exit(0)`.
  if ((error as { code?: string; oclif?: { exit?: number } })?.code === 'EEXIT') {
    return ((error as { oclif?: { exit?: number } }).oclif?.exit ?? EXIT.done) as ExitCode;
  }
  const problem = problemOf(error, options.command);
  if (options.json)
    process.stdout.write(`${JSON.stringify({ error: documentOf(problem, options.verbose) }, null, 2)}\n`);
  else
    process.stderr.write(
      errorText(problem, { ...options, width: options.width ?? Number.POSITIVE_INFINITY }),
    );
  return problem.exit;
}

/** Detail, the stack of a bug among it, only if it was asked for. */
function documentOf(problem: Problem, verbose = false): Problem {
  const { code, what, why, remedy, detail, exit, ...rest } = problem;
  return {
    code,
    what,
    ...(why === undefined ? {} : { why }),
    ...(remedy?.length ? { remedy } : {}),
    ...rest,
    ...(verbose && detail !== undefined ? { detail } : {}),
    exit: exit ?? EXIT.failed,
  };
}
