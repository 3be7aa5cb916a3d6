import { Flags } from '@oclif/core';
import { MARATHON_FLAG, REPORT_FLAG, UNTIL_FLAG, YES_FLAG } from '../../../src/cli/flags.ts';
import { RolloutCommand } from '../../../src/cli/rollout-command.ts';
import { EXIT } from '../../../src/errors.ts';

export default class PlanResume extends RolloutCommand {
  static override summary = 'Go on with the rollout';
  static override description =
    'From any machine, whoever began it: which agents are done is read from the cluster, what is left is shown and asked for. It ends a ' +
    'pause. The options stay those in force.';
  static override flags = {
    'dry-run': Flags.boolean({
      description: 'Show what is left, change nothing; exit code 7 if there is anything',
    }),
    'no-restart': Flags.boolean({
      description: 'Restart nothing; agents that need it stay at "restart pending"',
    }),
    until: UNTIL_FLAG,
    report: REPORT_FLAG,
    marathon: MARATHON_FLAG,
    yes: YES_FLAG,
  };
  static override exits = [EXIT.notReady, EXIT.paused, EXIT.changesPending, EXIT.preflightFailed];
  static override examples = [
    { command: 'dcos calico plan resume', description: 'Show what is left, ask, and go on' },
    {
      command: 'dcos calico plan resume --until 22:00',
      description: 'Begin no agent after ten in the evening',
    },
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(PlanResume);
    const cluster = await this.connect({ marathon: flags.marathon });
    const request = {
      sources: {},
      command: this.commandLine('plan', 'resume'),
      message: '',
      plan: { noRestart: flags['no-restart'] },
      installedOnly: true,
    };
    return this.rollOut(cluster, request, flags);
  }
}
