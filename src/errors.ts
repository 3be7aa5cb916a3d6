// What can go wrong, as data: what could not be done, why, what to do, and the exit code. Everything else is a bug.

/** Exit codes of every command, the same as text and with `--json` (README, "Exit codes"). */
export const EXIT = {
  done: 0,
  failed: 1,
  usage: 2,
  notReady: 3,
  paused: 5,
  stillGoingOn: 6,
  changesPending: 7,
  preflightFailed: 8,
  bug: 70,
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface Problem {
  /** Stable, kebab-case: `no-token`, `unknown-option`. */
  code: string;
  /** What could not be done: a sentence without its full stop. */
  what: string;
  /** Why, as far as it is known. */
  why?: string;
  /** Where several things are wrong: each of them, a sentence. */
  items?: string[];
  /** What to do about it, each a sentence, or a command to type, which two spaces part from what it does. */
  remedy?: string[];
  /** HTTP and system detail, shown with `-v` only. Never holds a token. */
  detail?: string;
  /** What a program can go on with, e.g. `{deployments: ['…']}` of a lock. Stands in `--json` as it is. */
  data?: Record<string, unknown>;
  exit?: ExitCode;
}

/** An error that the user can understand and act on. */
export class UserError extends Error {
  readonly problem: Problem & { exit: ExitCode };

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.why ? `${problem.what}: ${problem.why}` : problem.what, options);
    this.name = 'UserError';
    this.problem = { exit: EXIT.failed, ...problem };
  }
}
