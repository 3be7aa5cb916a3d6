import { Flags } from '@oclif/core';
import { MARATHON_FLAG, MESSAGE_FLAG, REPORT_FLAG, UNTIL_FLAG, YES_FLAG } from '../../../src/cli/flags.ts';
import { RolloutCommand } from '../../../src/cli/rollout-command.ts';
import { EXIT } from '../../../src/errors.ts';

export default class PlanUndo extends RolloutCommand {
  static override summary = 'Go back to the options before';
  static override description =
    'Plans the way back to the options, and so the versions, that were in force before the last change, shows it and asks. Agents that the ' +
    'change has not reached yet are not touched. What failed agents tell of it stays. Again, it goes back one change further; ' +
    'five are kept.';
  static override flags = {
    'dry-run': Flags.boolean({ description: 'Show the plan, change nothing; exit code 7' }),
    'no-restart': Flags.boolean({
      description: 'Restart nothing; agents that need it stay at "restart pending"',
    }),
    until: UNTIL_FLAG,
    message: MESSAGE_FLAG,
    report: REPORT_FLAG,
    marathon: MARATHON_FLAG,
    yes: YES_FLAG,
  };
  static override exits = [EXIT.notReady, EXIT.paused, EXIT.changesPending, EXIT.preflightFailed];
  static override examples = [
    { command: 'dcos calico plan undo --dry-run', description: 'What going back would change' },
    { command: 'dcos calico plan undo', description: 'Show it, ask, and go back' },
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(PlanUndo);
    const [{ optionsBefore }, { goingBack }] = await Promise.all([
      import('../../../src/rollout/under-way.ts'),
      import('../../../src/view/under-way-run.ts'),
    ]);
    const cluster = await this.connect({ marathon: flags.marathon });
    const before = await optionsBefore(cluster);
    this.say(goingBack(before));
    const request = {
      sources: { flags: before.options },
      command: this.commandLine('plan', 'undo'),
      message: flags.message ?? '',
      plan: { undo: true, noRestart: flags['no-restart'] },
    };
    return this.rollOut(cluster, request, flags);
  }
}
