import { Flags } from '@oclif/core';
import { agentFlag, MARATHON_FLAG, REPORT_FLAG, UNTIL_FLAG, YES_FLAG } from '../../src/cli/flags.ts';
import { RolloutCommand } from '../../src/cli/rollout-command.ts';
import { EXIT } from '../../src/errors.ts';

export default class Restart extends RolloutCommand {
  static override summary = 'Restart what is pending';
  static override description =
    'Goes through the agents at "restart pending", few at a time (max-concurrent-restarts), public agents one at a time and last. The plan ' +
    'names what each restart interrupts; an agent on which something else runs by then is left alone and said. A failed restart ' +
    'stops it. Nothing else is changed.';
  static override flags = {
    agent: agentFlag('Only this agent'),
    'dry-run': Flags.boolean({
      description: 'Show the plan, change nothing; exit code 7 if a restart is pending',
    }),
    until: UNTIL_FLAG,
    report: REPORT_FLAG,
    marathon: MARATHON_FLAG,
    yes: YES_FLAG,
  };
  static override exits = [EXIT.notReady, EXIT.paused, EXIT.changesPending, EXIT.preflightFailed];
  static override examples = [
    { command: 'dcos calico restart', description: 'Show what would be interrupted, ask, and restart' },
    {
      command: 'dcos calico restart --agent 10.0.1.13 --until 06:00',
      description: 'One agent, in the night',
    },
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Restart);
    const { words } = await import('../../src/rollout/flags.ts');
    const cluster = await this.connect({ marathon: flags.marathon });
    const request = {
      sources: {},
      command: this.commandLine('restart'),
      message: '',
      plan: { restartOnly: words(flags.agent) },
    };
    return this.rollOut(cluster, request, flags);
  }
}
