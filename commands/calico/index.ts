import { BaseCommand } from '../../src/cli/base-command.ts';

/** Alone it shows its help, which `src/cli/run.ts` makes from what stands here. */
export default class Calico extends BaseCommand {
  static override summary = 'Put the Calico network on every agent of the cluster';
  static override description =
    'Every change on an agent is made by a task that Marathon runs there: no SSH, and nothing that the plan does not show first.';
  static override enableJsonFlag = true;
  static override examples = [
    { command: 'dcos calico install', description: 'Show the plan, ask, and put Calico on every agent' },
    { command: 'dcos calico status', description: 'Show every agent, worst first' },
    { command: 'dcos calico lab start', description: 'Start a practice cluster on this machine' },
  ];

  async run(): Promise<void> {
    await this.parse();
  }
}
