import { loadHelpClass } from '@oclif/core';
import { BaseCommand } from '../../src/cli/base-command.ts';

export default class Calico extends BaseCommand {
  static override summary = 'Puts the Calico network on every agent of the cluster';
  static override enableJsonFlag = false;

  async run(): Promise<void> {
    const Help = await loadHelpClass(this.config);
    await new Help(this.config, this.config.pjson.oclif.helpOptions).showHelp(['calico']);
  }
}
