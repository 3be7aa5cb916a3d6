// Every error that the program can end with, in one place: what, why, what to do, exit code. A test holds the sources against it.
import { AGENTS } from './agents.ts';
import { CHANGES } from './changes.ts';
import { COMMAND_LINE } from './command-line.ts';
import { CONFIGURE } from './configure.ts';
import { CONNECTION } from './connection.ts';
import { LAB } from './lab.ts';
import { OPTIONS } from './options.ts';
import { PROGRAM } from './program.ts';
import type { ErrorSection } from './types.ts';

export const ERROR_SECTIONS: readonly ErrorSection[] = [
  COMMAND_LINE,
  CONNECTION,
  OPTIONS,
  CHANGES,
  AGENTS,
  CONFIGURE,
  LAB,
  PROGRAM,
];
