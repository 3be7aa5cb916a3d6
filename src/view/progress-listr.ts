// Draws the rows with listr2, on stderr: stdout is for results.
import {
  type DefaultRenderer,
  Listr,
  ListrLogger,
  type ListrRendererFactory,
  type ListrTaskWrapper,
  ProcessOutput,
} from 'listr2';
import type { Listener } from '../rollout/events.ts';
import type { RolloutState } from '../rollout/state.ts';
import { type PhaseRow, PhaseTimes, phaseRows, phases } from './progress-rows.ts';

type Wrapper = ListrTaskWrapper<unknown, typeof DefaultRenderer, ListrRendererFactory>;

interface Phase {
  task?: Wrapper;
  row?: PhaseRow;
  end(): void;
  ended: Promise<void>;
}

function phase(): Phase {
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { end, ended };
}

export interface DrawnProgress {
  listener: Listener;
  /** Leaves the rows as they are and gives the terminal back. */
  close(): Promise<void>;
}

const OVER = new Set<PhaseRow['status']>(['done', 'failed', 'skipped']);

/** Rows for so many waves. */
export function drawnProgress(waves: number, stream: NodeJS.WriteStream, colour: boolean): DrawnProgress {
  const all = phases(waves).map(phase);
  const times = new PhaseTimes();
  const list = new Listr<unknown, 'default'>(
    all.map((one, index) => ({
      title: index === 0 ? 'Tasks are being started' : `Wave ${index}`,
      task: async (_, task) => {
        one.task = task as unknown as Wrapper;
        show(one);
        await one.ended;
        const { row } = one;
        if (row?.status === 'failed') throw new Error(row.title);
        if (row?.status !== 'done') task.skip(row?.title);
      },
    })),
    {
      renderer: 'default',
      // A failed wave is a row; what it means for the rollout is said at the end.
      exitOnError: false,
      registerSignalListeners: false,
      rendererOptions: {
        logger: new ListrLogger({
          useIcons: true,
          toStderr: [],
          processOutput: new ProcessOutput(stream, stream),
        }),
        collapseErrors: false,
        showErrorMessage: false,
      },
      ...(colour ? {} : { forceTTY: true }),
    },
  );
  const running = list.run();
  return {
    listener: (event, state: RolloutState) => {
      times.take(event);
      phaseRows(state, times.seconds).forEach((row, index) => {
        const one = all[index]!;
        one.row = row;
        show(one);
        if (OVER.has(row.status)) one.end();
      });
    },
    close: async () => {
      for (const one of all) one.end();
      await running.catch(() => undefined);
    },
  };
}

function show({ task, row }: Phase): void {
  if (!task || !row) return;
  task.title = row.title;
  task.output = row.below.join('\n');
}
