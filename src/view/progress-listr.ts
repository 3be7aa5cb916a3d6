// Draws the rows with listr2, on stderr: stdout is for results.
import {
  type DefaultRenderer,
  Listr,
  ListrLogger,
  type ListrRendererFactory,
  type ListrTaskWrapper,
  ProcessOutput,
} from 'listr2';
import type { Wave } from '../plan/waves.ts';
import type { Listener } from '../rollout/events.ts';
import type { RolloutState } from '../rollout/state.ts';
import { type PhaseRow, PhaseTimes, phaseRows, phases, titleToCome } from './progress-rows.ts';

type Wrapper = ListrTaskWrapper<unknown, typeof DefaultRenderer, ListrRendererFactory>;

interface Phase {
  task?: Wrapper;
  row?: PhaseRow;
  over: boolean;
  end(): void;
  ended: Promise<void>;
}

function phase(): Phase {
  let resolve = () => {};
  const ended = new Promise<void>((done) => {
    resolve = done;
  });
  const one: Phase = {
    over: false,
    ended,
    end: () => {
      one.over = true;
      resolve();
    },
  };
  return one;
}

export interface DrawnProgress {
  listener: Listener;
  /** Leaves the rows as they are and gives the terminal back. */
  close(): Promise<void>;
  /** Gives the terminal back at once, for a last line before the process ends: listr2 holds back what others write. */
  abandon(): void;
}

const OVER = new Set<PhaseRow['status']>(['done', 'failed', 'skipped']);

/** Rows for these waves. */
export function drawnProgress(
  waves: readonly Wave[],
  stream: NodeJS.WriteStream,
  colour: boolean,
): DrawnProgress {
  const shares = phases(waves.length);
  const all = shares.map(phase);
  const times = new PhaseTimes();
  const output = new ProcessOutput(stream, stream);
  const list = new Listr<unknown, 'default'>(
    all.map((one, index) => ({
      title: titleToCome(shares[index], waves),
      task: async (_, task) => {
        one.task = task as unknown as Wrapper;
        show(one);
        // listr2 drops a task's output with the task: nothing may be set once it is over.
        await one.ended;
        const { row } = one;
        if (row?.status === 'failed') throw new Error(row.title);
        if (row?.status !== 'done') task.skip(row?.title);
      },
      rendererOptions: { persistentOutput: true },
    })),
    {
      renderer: 'default',
      // A failed wave is a row; what it means for the rollout is said at the end.
      exitOnError: false,
      registerSignalListeners: false,
      rendererOptions: {
        logger: new ListrLogger({ useIcons: true, toStderr: [], processOutput: output }),
        collapseErrors: false,
        showErrorMessage: false,
      },
      ...(colour ? {} : { forceTTY: true }),
    },
  );
  const running = list.run();
  let closed = false;
  return {
    listener: (event, state: RolloutState) => {
      times.take(event);
      phaseRows(state, times.seconds).forEach((row, index) => {
        const one = all[index]!;
        if (one.over) return;
        one.row = row;
        show(one);
        if (OVER.has(row.status)) one.end();
      });
    },
    close: async () => {
      closed = true;
      for (const one of all) one.end();
      await running.catch(() => undefined);
    },
    abandon: () => {
      if (!closed) output.release();
    },
  };
}

function show({ task, row }: Phase): void {
  if (!task || !row) return;
  task.title = row.title;
  task.output = row.below.join('\n');
}
