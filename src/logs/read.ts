import { lastLines, type Tail } from '../dcos/last-output.ts';
import { findLog, type LogPlace, type LogWanted, logGone, sandboxOf } from './find.ts';
import type { LogSource } from './source.ts';

export interface LogRead extends LogPlace {
  tail: Tail;
  /** Where the sandbox is; undefined: there is none yet. */
  sandbox: string | undefined;
}

const NOTHING: Tail = { lines: [], size: 0, more: false };

/** The last `count` lines of a step's output. Throws as `findLog`, and `log-gone` where the sandbox was removed. */
export async function readLog(
  source: LogSource,
  wanted: LogWanted,
  count: number,
  signal?: AbortSignal,
): Promise<LogRead> {
  const place = await findLog(source, wanted, signal);
  const sandbox = await sandboxOf(source, place, signal);
  const tail =
    sandbox &&
    (await lastLines(source.files, place.agentId, `${sandbox}/${place.file}`, count, {
      ...(signal && { signal }),
    }));
  if (tail) return { ...place, sandbox, tail };
  // Between its launch and its first line a task has no file.
  if (place.task.startedAt || place.task.ended) throw logGone(place);
  return { ...place, sandbox: undefined, tail: NOTHING };
}
