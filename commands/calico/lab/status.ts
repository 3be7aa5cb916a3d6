import { BaseCommand } from '../../../src/cli/base-command.ts';

export default class LabStatus extends BaseCommand {
  static override summary = 'Show the practice cluster';
  static override description =
    'Its agents and tasks, the faults in force, and what it answered without a recording of the real system, ' +
    'with the source that such an answer follows.';
  static override examples = [
    { command: 'dcos calico lab status', description: 'Is there one, and what is in it?' },
    { command: 'dcos calico lab status --json', description: 'The same, for a script' },
  ];

  async run(): Promise<unknown> {
    await this.parse(LabStatus);
    const { askLab } = await import('../../../src/lab/control/ask.ts');
    const found = await askLab();
    if (!found) {
      this.print('No lab is running');
      if (!this.jsonEnabled()) this.say('Start one: dcos calico lab start');
      return { running: false };
    }
    const { labStatusLines } = await import('../../../src/view/lab.ts');
    this.print(labStatusLines(found.report, found.state.owner, this.out.colour).join('\n'));
    return { running: true, pid: found.state.pid, owner: found.state.owner, ...found.report };
  }
}
