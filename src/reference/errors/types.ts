import type { ExitCode } from '../../errors.ts';

/** One error code, as the reference page explains it. Texts are Markdown; what differs from case to case is in capitals. */
export interface ErrorEntry {
  /** What could not be done, as the first line of the error says it. */
  what: string;
  /** When that happens. */
  why: string;
  todo: string;
  exits: readonly ExitCode[];
}

export interface ErrorSection {
  title: string;
  about: string;
  entries: Readonly<Record<string, ErrorEntry>>;
}
