import { report } from './report.ts';

/** How errors are shown that no command shows itself. */
export interface Shown {
  json: boolean;
  verbose: boolean;
  width: number;
}

/** From here on, what nobody catches is reported and ends the process; so is what a promise throws that nobody waited for. */
export function reportUncaught(shown: Shown): void {
  // The commands' own file has its own kind of errors: the last one that asks is the one that knows them.
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
    // Of requests that were given up (src/dcos/http.ts).
    if (error.code !== 'GIVEN_UP') process.exit(report(error, shown));
  });
}
