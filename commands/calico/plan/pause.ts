import { Flags } from '@oclif/core';
import { MARATHON_FLAG } from '../../../src/cli/flags.ts';
import { REAL_TIME, RolloutCommand } from '../../../src/cli/rollout-command.ts';

export default class PlanPause extends RolloutCommand {
  static override summary = 'Begin no further agent';
  static override description =
    'Agents that have their turn finish it; whoever carries the rollout on, from whichever machine, begins no other. The pause is ' +
    'recorded in the cluster with who asked for it, and holds until somebody goes on.';
  static override flags = {
    message: Flags.string({ char: 'm', description: 'Why, for the record', helpValue: 'TEXT' }),
    marathon: MARATHON_FLAG,
  };
  static override examples = [
    { command: 'dcos calico plan pause -m "dashboards look odd"', description: 'From any machine' },
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(PlanPause);
    const [{ pausePlan }, view] = await Promise.all([
      import('../../../src/rollout/under-way.ts'),
      import('../../../src/view/under-way-run.ts'),
    ]);
    const cluster = await this.connect({ marathon: flags.marathon });
    const looked = await pausePlan(cluster, { who: this.who, why: flags.message ?? '' }, REAL_TIME);
    const shown = view.showPaused(looked.plan, this.out);
    this.print(shown.text);
    for (const line of shown.next) this.say(line);
    return this.finish(shown.exit, shown.document);
  }
}
