import { Config, run as runOclif } from '@oclif/core';
import { report } from './report.ts';

/** Runs one command line (without the program's name) and sets the process's exit code. */
export async function run(argv: string[]): Promise<void> {
  try {
    const config = await Config.load({ root: __dirname });
    await runOclif(argv, config);
  } catch (error) {
    process.exitCode = report(error, { json: argv.includes('--json') });
  }
}
