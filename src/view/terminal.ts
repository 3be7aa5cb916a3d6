/** Where a screen is shown. An argument of every view, so that a screen is a pure function of what it shows. */
export interface Terminal {
  /** Columns. Output that goes to a pipe has no width: `Infinity`, and nothing is folded or cut for it. */
  width: number;
  /** Rows, for folding above a screenful; `Infinity` in a pipe. */
  height: number;
  colour: boolean;
  /** Whether a person sits in front of it: prompts and redrawing are allowed only then. */
  interactive: boolean;
}

/** The terminal behind a stream of this process. Colour follows NO_COLOR and TERM=dumb. */
export function terminalOf(
  stream: { isTTY?: boolean; columns?: number; rows?: number },
  env: Record<string, string | undefined> = process.env,
): Terminal {
  const interactive = stream.isTTY === true;
  return {
    width: interactive ? (stream.columns ?? 80) : Number.POSITIVE_INFINITY,
    height: interactive ? (stream.rows ?? 24) : Number.POSITIVE_INFINITY,
    colour: interactive && !env.NO_COLOR && env.TERM !== 'dumb',
    interactive,
  };
}
