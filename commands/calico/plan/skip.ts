import { Args, Flags } from '@oclif/core';
import { MARATHON_FLAG } from '../../../src/cli/flags.ts';
import { REAL_TIME, RolloutCommand } from '../../../src/cli/rollout-command.ts';

export default class PlanSkip extends RolloutCommand {
  static override summary = 'Go on without an agent';
  static override description =
    'The rollout waits for the agent no longer and gives it no turn. Who skipped it, when and why is recorded and shown until ' +
    'Calico is ready on it: dcos calico repair --agent AGENT brings it back.';
  static override args = {
    agent: Args.string({ description: "The agent's address or Mesos id", required: true }),
  };
  static override flags = {
    message: Flags.string({
      char: 'm',
      description: 'Why, for the record',
      helpValue: 'WHY',
      required: true,
    }),
    marathon: MARATHON_FLAG,
  };
  static override examples = [
    {
      command: 'dcos calico plan skip 10.0.1.13 -m "its disk is being replaced"',
      description: 'Go on without one agent',
    },
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(PlanSkip);
    const [{ skipAgent }, view] = await Promise.all([
      import('../../../src/rollout/under-way.ts'),
      import('../../../src/view/under-way-run.ts'),
    ]);
    const cluster = await this.connect({ marathon: flags.marathon });
    const looked = await skipAgent(cluster, args.agent, { who: this.who, why: flags.message }, REAL_TIME);
    const shown = view.showSkipped(looked.plan, args.agent);
    this.print(shown.text);
    for (const line of shown.next) this.say(line);
    return this.finish(shown.exit, shown.document);
  }
}
