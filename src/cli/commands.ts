// Runs the command of an id. oclif's own way there reads plugins, themes and settings that this program does not have.

import { COMMANDS } from 'virtual:commands';
import { Config } from '@oclif/core';
import type { BaseCommand, Ended } from './base-command.ts';
import { reportUncaught, type Shown } from './failures.ts';
import { report } from './report.ts';

export interface Program {
  /** The folder that has it. */
  root: string;
  version: string;
}

type RunCommand = (new (argv: string[], config: Config) => BaseCommand) & { id: string };

/** What commands know of the program that they are part of. */
class ProgramConfig extends Config {
  constructor({ root, version }: Program) {
    super({ root });
    this.root = root;
    this.name = 'dcos-calico';
    this.bin = 'dcos';
    this.version = version;
  }

  /** Hooks are what plugins have. */
  override async runHook(): Promise<never> {
    return { failures: [], successes: [] } as never;
  }

  override async runCommand<T = unknown>(id: string, argv: string[] = []): Promise<T> {
    const Found = COMMANDS[id] as RunCommand | undefined;
    if (!Found) throw new Error(`There is no command ${id}`);
    Found.id = id;
    return new Found(argv, this).start() as Promise<T>;
  }
}

/** Runs one command and sets the process's exit code. Returns whether it came to its end, and was not ended by an error. */
export async function runCommand(
  id: string,
  argv: string[],
  program: Program,
  shown: Shown,
): Promise<boolean> {
  reportUncaught(shown);
  try {
    return (await new ProgramConfig(program).runCommand<Ended>(id, argv)).whole;
  } catch (error) {
    process.exitCode = report(error, shown);
    return false;
  }
}
