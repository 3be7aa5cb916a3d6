import { EXIT, type ExitCode, type Problem, UserError } from '../errors.ts';

/** Turns whatever was thrown into a problem: ours as it is, oclif's own usage errors as such, all else a bug. */
export function problemOf(error: unknown): Problem & { exit: ExitCode } {
  if (error instanceof UserError) return error.problem;
  const oclif = (error as { oclif?: { exit?: number }; message?: string; code?: string }) ?? {};
  if (oclif.oclif) return { code: 'usage', what: oclif.message ?? 'Usage', exit: EXIT.usage };
  const message = error instanceof Error ? error.message : String(error);
  return {
    code: 'bug',
    what: 'This is a bug in dcos calico',
    why: message,
    detail: error instanceof Error ? error.stack : undefined,
    exit: EXIT.bug,
  };
}

/** Prints an error on stderr, or as one JSON document on stdout, and returns the exit code. */
export function report(
  error: unknown,
  { json, verbose = false }: { json: boolean; verbose?: boolean },
): ExitCode {
  const problem = problemOf(error);
  const exit = (error as { oclif?: { exit?: number } })?.oclif?.exit;
  if (exit === 0) return EXIT.done;
  if (json) process.stdout.write(`${JSON.stringify({ error: problem }, null, 2)}\n`);
  else {
    process.stderr.write(`Error: ${problem.what}${problem.why ? `: ${problem.why}` : ''}\n`);
    for (const line of problem.remedy ?? []) process.stderr.write(`  ${line}\n`);
    if (verbose && problem.detail) process.stderr.write(`${problem.detail}\n`);
  }
  return problem.exit;
}
