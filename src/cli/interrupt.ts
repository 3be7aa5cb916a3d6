// Ctrl-C. Under `dcos` the prompt is back at once and the plugin lives on behind it (dcos-cli has no handler for plugins), so there is
// time for one line and no more: whatever matters is on the cluster already.
import { EXIT } from '../errors.ts';

/** What to do and the line to leave behind; without one it says that it was interrupted. */
export type OnInterrupt = () => string | undefined | Promise<string | undefined>;

let current: OnInterrupt | undefined;
let interrupted = false;

/** Ends the process with 130 on Ctrl-C. `action`, the last one given, has its say first; a second Ctrl-C ends at once. */
export function answerInterrupts(action?: OnInterrupt): void {
  if (action) current = action;
  if (process.listeners('SIGINT').includes(end)) return;
  process.on('SIGINT', end);
}

function end(): void {
  // A command that ends itself, as a server does, has the say.
  if (!current && !interrupted && process.listenerCount('SIGINT') > 1) return;
  if (interrupted) process.exit(EXIT.interrupted);
  interrupted = true;
  void Promise.resolve()
    .then(() => current?.())
    .catch(() => undefined)
    .then((line) => {
      process.stderr.write(`${process.stderr.isTTY ? '\n' : ''}${line ?? 'Interrupted'}\n`);
      process.exit(EXIT.interrupted);
    });
}
