import { Flags } from '@oclif/core';
import { agentFlag, MARATHON_FLAG, REPORT_FLAG, UNTIL_FLAG, YES_FLAG } from '../../src/cli/flags.ts';
import { REAL_TIME, RolloutCommand } from '../../src/cli/rollout-command.ts';
import { EXIT, UserError } from '../../src/errors.ts';

export default class Repair extends RolloutCommand {
  static override summary = 'Bring agents back that went bad, joined or were replaced';
  static override description =
    'Brings agents that failed, drifted, joined or were replaced to what the options in force want, and only those; an agent that ' +
    'waits for a rollout to go on is left to it. It also clears what blocks a rollout: places held for agents that are gone for ' +
    'good, apps that were edited by hand, and apps whose deployment was cancelled in the middle. The options stay as they are.';
  static override flags = {
    agent: agentFlag('Only this agent'),
    joined: Flags.boolean({
      description:
        'Only agents that joined or were replaced, without restarts, and not while a rollout is under way or paused',
      exclusive: ['agent'],
    }),
    'dry-run': Flags.boolean({
      description: 'Show the plan, change nothing; exit code 7 if something would change',
    }),
    'no-restart': Flags.boolean({ description: 'Restart nothing' }),
    until: UNTIL_FLAG,
    report: REPORT_FLAG,
    marathon: MARATHON_FLAG,
    yes: YES_FLAG,
  };
  static override exits = [EXIT.notReady, EXIT.paused, EXIT.changesPending, EXIT.preflightFailed];
  static override examples = [
    { command: 'dcos calico repair', description: 'Whoever needs it, after asking' },
    { command: 'dcos calico repair --agent 10.0.1.13', description: 'One agent' },
    { command: 'dcos calico repair --joined --yes', description: 'As a job does it, time and again' },
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Repair);
    const [{ words }, { readStatus }, { afterLastWave }, repairs, refusals] = await Promise.all([
      import('../../src/rollout/flags.ts'),
      import('../../src/rollout/install.ts'),
      import('../../src/rollout/last-wave.ts'),
      import('../../src/status/to-repair.ts'),
      import('../../src/plan/uninstall-refusals.ts'),
    ]);
    const named = words(flags.agent);
    const cluster = await this.connect({ marathon: flags.marathon });
    const status = flags.joined
      ? await afterLastWave(cluster, REAL_TIME)
      : await readStatus(cluster, REAL_TIME);
    if (status.calico === 'not installed') throw new UserError({ ...refusals.notInstalled() });
    if (flags.joined) {
      const { pausedNow } = await import('../../src/rollout/control.ts');
      const why = repairs.heldUp(status, await pausedNow(cluster));
      if (why) {
        this.say(`Left alone: ${why}`);
        return this.finish(EXIT.done, { outcome: 'left alone', why });
      }
    }
    const unknown = repairs.unknownOf(status, named);
    if (unknown.length > 0) throw new UserError({ ...refusals.unknownAgents(unknown) });
    const request = {
      sources: {},
      command: this.commandLine('repair'),
      message: '',
      plan: {
        repair: flags.joined ? repairs.joinedOnly(status) : repairs.toRepair(status, named),
        noRestart: flags['no-restart'] || flags.joined,
      },
    };
    return this.rollOut(cluster, request, flags);
  }
}
