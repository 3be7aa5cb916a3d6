// `--report FILE`: the page of a run, from before its first request to its end, whatever that is.
import { EXIT, type ExitCode } from '../errors.ts';
import type { RunReport } from '../report/run-report.ts';
import { problemOf } from './report.ts';

export interface ReportOf {
  /** Where the cluster is. */
  url: string;
  /** Version of this program. */
  program: string;
  who: string;
  command: string;
  message: string;
  /** Whether Calico is taken off. */
  removes?: boolean;
}

interface View {
  say(text: string): void;
  onInterrupt(line: () => string | Promise<string>): void;
  report?: RunReport;
}

/**
 * Runs with a report in `file`, which is taken before anything else is done; without one where there is no `file`. A page that cannot
 * be written later is said, and ends nothing: by then agents change.
 */
export async function withReport<V extends View, T extends { exit: ExitCode }>(
  file: string | undefined,
  { removes = false, ...head }: ReportOf,
  view: V,
  run: (view: V) => Promise<T>,
): Promise<T> {
  if (file === undefined) return run(view);
  const [{ placeForReport, replacePage }, { RunReport }] = await Promise.all([
    import('./page-file.ts'),
    import('../report/run-report.ts'),
  ]);
  const place = placeForReport(file);
  if (place !== file) view.say(`${file} has the report of an earlier run; this one's is ${place}`);
  let unwritten = false;
  const report = new RunReport(head, {
    now: Date.now,
    removes,
    write: (text) => {
      try {
        replacePage(place, text);
        unwritten = false;
      } catch (error) {
        if (!unwritten) view.say(`Warning: ${(error as Error).message}; the run goes on without it`);
        unwritten = true;
      }
    },
  });
  const reporting: V = {
    ...view,
    report,
    onInterrupt: (line) =>
      view.onInterrupt(async () => {
        const said = await line();
        report.interrupted(said, EXIT.interrupted);
        return `${said}\nReport: ${place}`;
      }),
  };
  try {
    const ended = await run(reporting);
    view.say(`Report: ${place}`);
    return ended;
  } catch (error) {
    report.failed(problemOf(error));
    view.say(`Report: ${place}`);
    throw error;
  }
}
