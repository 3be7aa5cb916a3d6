import { Flags } from '@oclif/core';
import {
  LOOK_FLAGS,
  MARATHON_FLAG,
  MESSAGE_FLAG,
  OPTIONS_FLAGS,
  REPORT_FLAG,
  UNTIL_FLAG,
  YES_FLAG,
} from '../../src/cli/flags.ts';
import { REAL_TIME, RolloutCommand } from '../../src/cli/rollout-command.ts';
import { EXIT } from '../../src/errors.ts';

export default class Install extends RolloutCommand {
  static override summary = 'Put Calico on every agent of the cluster';
  static override description =
    'Checks the cluster, shows the plan and asks; then starts the tasks of the steps and goes through the agents wave by wave, ' +
    'the canary first. A failure stops it as the plan says. Nothing goes on by itself: after Ctrl-C, the same command, ' +
    'from any machine, goes on where it was. The same command also covers agents that joined since; a cluster that is as ' +
    'wanted is left as it is.';
  static override flags = {
    ...OPTIONS_FLAGS,
    ...LOOK_FLAGS,
    plan: Flags.string({
      description:
        'Carry out the plan of this file (dcos calico diff --out FILE), or nothing if the cluster is another since',
      helpValue: 'FILE',
      exclusive: ['options', 'set', 'exclude', 'ignore', 'canary', 'message'],
    }),
    'dry-run': Flags.boolean({
      description: 'Show the plan, change nothing; exit code 7 if something would change',
    }),
    canary: Flags.string({
      description: 'Agents of the first wave: a count or share of private and of public agents, or addresses',
      helpValue: 'N|PERCENT|AGENT,…',
    }),
    'pause-after-canary': Flags.boolean({
      description: 'End after the first wave, exit code 5; the same command goes on',
    }),
    'no-restart': Flags.boolean({
      description: 'Restart nothing; agents that need it stay at "restart pending"',
    }),
    leave: Flags.boolean({
      description: 'Leave Calico on excluded agents as it is, and look after it no more',
    }),
    migrated: Flags.boolean({
      description: 'Record what cannot be changed on a living network: it was done by hand',
    }),
    until: UNTIL_FLAG,
    message: MESSAGE_FLAG,
    report: REPORT_FLAG,
    marathon: MARATHON_FLAG,
    yes: YES_FLAG,
  };
  static override exits = [EXIT.notReady, EXIT.paused, EXIT.changesPending, EXIT.preflightFailed];
  static override examples = [
    { command: 'dcos calico install', description: 'With the default options, after asking' },
    { command: 'dcos calico install --options=calico.json --dry-run', description: 'The plan only' },
    {
      command: 'dcos calico install --canary 10.0.1.11 --pause-after-canary',
      description: 'One agent first; the same command without the flags goes on',
    },
    {
      command: 'dcos calico install --options=calico.json --report change-4711.html',
      description: 'With a page for the change ticket',
    },
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Install);
    const [{ canaryFlag, lookFlags }, { runInstall }, { withReport }, { mustSayYes }] = await Promise.all([
      import('../../src/rollout/flags.ts'),
      import('../../src/view/install-run.ts'),
      import('../../src/cli/with-report.ts'),
      import('../../src/view/confirm.ts'),
    ]);
    const canary = flags.canary === undefined ? undefined : canaryFlag(flags.canary);
    if (!flags.yes && !flags['dry-run'] && !this.canAsk) throw mustSayYes('An install');
    const cluster = await this.connect({ marathon: flags.marathon });
    const request = {
      sources: {
        ...(flags.options === undefined ? {} : { file: flags.options, stdin: process.stdin }),
        set: flags.set ?? [],
        flags: lookFlags(flags),
      },
      ...(canary === undefined ? {} : { canary }),
      who: this.who,
      command: this.commandLine('install'),
      message: flags.message ?? '',
      plan: { noRestart: flags['no-restart'], leave: flags.leave, migrated: flags.migrated },
    };
    const { who, command, message } = request;
    const program = this.config.version;
    const ended = await withReport(
      flags.report,
      { url: cluster.url, program, who, command, message },
      await this.rolloutView(),
      (view) =>
        runInstall(
          cluster,
          request,
          {
            dryRun: flags['dry-run'],
            yes: flags.yes,
            json: this.jsonEnabled(),
            pauseAfterCanary: flags['pause-after-canary'],
            apiOnly: flags['api-only'],
            readAtMost: flags.ask,
            programVersion: program,
            ...(flags.plan === undefined ? {} : { plan: flags.plan }),
            ...(flags.until === undefined ? {} : { until: flags.until }),
          },
          REAL_TIME,
          view,
        ),
    );
    return this.finish(ended.exit, ended.document);
  }
}
