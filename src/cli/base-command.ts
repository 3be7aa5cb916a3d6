import { Command, Flags } from '@oclif/core';
import { report } from './report.ts';

/** What every command shares: `--json`, `-v`, and one way to report errors and exit codes. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true;
  static override baseFlags = {
    verbose: Flags.boolean({ char: 'v', description: 'Show HTTP detail of errors', helpGroup: 'GLOBAL' }),
  };

  protected override async catch(error: Error): Promise<void> {
    process.exitCode = report(error, { json: this.jsonEnabled(), verbose: this.argv.includes('-v') });
  }
}
