import { Flags } from '@oclif/core';
import { BaseCommand } from '../../../src/cli/base-command.ts';
import { MARATHON_FLAG } from '../../../src/cli/flags.ts';
import { REAL_TIME } from '../../../src/cli/rollout-command.ts';
import { EXIT } from '../../../src/errors.ts';

export default class PlanStatus extends BaseCommand {
  static override summary = 'Show the rollout that is under way';
  static override description =
    'As the plans of DC/OS services: phases are waves, steps are agents. It is read from the cluster, so it is the same from every ' +
    'machine: who began what and when, how far it is, whom it goes on without. Complete agents and such as have not begun are counted; ' +
    'WAITING is a rollout that nobody carries on. Changes nothing.';
  static override flags = {
    all: Flags.boolean({ description: 'Name every agent of every wave' }),
    marathon: MARATHON_FLAG,
  };
  static override exits = [EXIT.paused, EXIT.stillGoingOn];
  static override examples = [
    { command: 'dcos calico plan status', description: 'What is under way, and how far' },
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(PlanStatus);
    const [{ lookUnderWay }, view] = await Promise.all([
      import('../../../src/rollout/under-way.ts'),
      import('../../../src/view/under-way-run.ts'),
    ]);
    const cluster = await this.connect({ marathon: flags.marathon });
    const looked = await lookUnderWay(cluster, REAL_TIME);
    const shown = view.showUnderWay(looked?.plan, this.out, { all: flags.all });
    this.print(shown.text);
    for (const line of shown.next) this.say(line);
    return this.finish(shown.exit, shown.document);
  }
}
