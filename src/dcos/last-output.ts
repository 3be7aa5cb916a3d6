// The end of a file, read from its end: an agent hands out at most 64 KiB a request, and a log can be as large as a disk.
import type { AgentFiles, SandboxOf } from './agent-files.ts';

export interface Tail {
  /** Whole lines, without their ends. */
  lines: string[];
  /** Bytes up to which it was read. */
  size: number;
  /** There are lines before these. */
  more: boolean;
}

const PART = 65_536;
/** However many lines are asked for. */
export const MOST_BYTES = 4 * 1024 * 1024;

/**
 * The last `count` lines of a file; undefined if it is not there.
 *
 * @param first bytes of the first read: less than a part where few lines are wanted
 */
export async function lastLines(
  files: Pick<AgentFiles, 'size' | 'range'>,
  agentId: string,
  path: string,
  count: number,
  { first = PART, most = MOST_BYTES, signal }: { first?: number; most?: number; signal?: AbortSignal } = {},
): Promise<Tail | undefined> {
  const size = await files.size(agentId, path, signal);
  if (size === undefined) return undefined;
  if (count === 0) return { lines: [], size, more: size > 0 };
  for (let bytes = Math.min(first, most); ; bytes = Math.min(bytes * 4, most)) {
    const from = Math.max(0, size - bytes);
    const text = await files.range(agentId, path, from, size, signal);
    if (text === undefined) return undefined;
    const lines = text.split('\n');
    // A read that begins within the file begins within a line.
    if (from > 0) lines.shift();
    if (lines.at(-1) === '') lines.pop();
    if (from === 0 || lines.length >= count || bytes >= most) {
      return { lines: lines.slice(-count), size, more: from > 0 || lines.length > count };
    }
  }
}

/** Of a glance: a few lines. */
const GLANCE = 8192;

/** The last `count` lines that a task printed, by at most two reads; undefined where its sandbox is not there. */
export async function lastOutput(
  files: Pick<AgentFiles, 'sandbox' | 'size' | 'range'>,
  task: SandboxOf,
  count: number,
  signal?: AbortSignal,
): Promise<string[] | undefined> {
  const sandbox = await files.sandbox(task, signal);
  if (!sandbox) return undefined;
  const tail = await lastLines(files, task.agentId, `${sandbox}/stdout`, count, {
    first: GLANCE,
    most: GLANCE,
    ...(signal && { signal }),
  });
  return tail?.lines;
}
