import { BaseCommand } from '../../../src/cli/base-command.ts';

export default class LabStop extends BaseCommand {
  static override summary = 'Stop the practice cluster';
  static override description =
    'Ends it and everything that runs in it. Nothing of it is left on this machine.';
  static override examples = [{ command: 'dcos calico lab stop', description: 'Stop it' }];

  async run(): Promise<unknown> {
    await this.parse(LabStop);
    const { stopLab } = await import('../../../src/lab/control/stop.ts');
    const result = await stopLab();
    this.print(
      {
        stopped: 'The lab has ended',
        cleared: 'No lab is running; what a killed one had left is cleared',
        none: 'No lab is running',
      }[result],
    );
    return { result };
  }
}
