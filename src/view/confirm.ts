// One question, yes or no.
import { createInterface } from 'node:readline/promises';
import { EXIT, UserError } from '../errors.ts';

/** Where there is nobody to ask. */
export function mustSayYes(what: string): UserError {
  return new UserError({
    code: 'not-confirmed',
    what: `${what} must be confirmed, and there is nobody to ask`,
    why: 'this is not a terminal, or the answer goes into a document (--json)',
    remedy: ['Add --yes', 'Or --dry-run to see the plan only'],
    exit: EXIT.usage,
  });
}

/** Asks on stderr, stdout being for results. Anything but yes is no. */
export async function confirm(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<boolean> {
  const asking = createInterface({ input, output, terminal: true });
  // Without this readline keeps Ctrl-C to itself, and the question could not be left.
  asking.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  // End of input without an answer: no. Else the promise of the question would stay open for ever.
  const ended = new Promise<string>((resolve) => asking.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([asking.question(`${question} [y/N] `), ended]);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    asking.close();
  }
}
