import { hostname, userInfo } from 'node:os';
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../src/cli/base-command.ts';
import { LOOK_FLAGS, MARATHON_FLAG, OPTIONS_FLAGS, REPORT_FLAG, YES_FLAG } from '../../src/cli/flags.ts';
import { EXIT } from '../../src/errors.ts';
import { commandLine, whoChanges } from '../../src/rollout/who.ts';
import type { InstallView } from '../../src/view/install-run.ts';

export default class Install extends BaseCommand {
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
    until: Flags.string({
      description: 'Begin no agent after TIME (22:00, 2h, an ISO time)',
      helpValue: 'TIME',
    }),
    message: Flags.string({ char: 'm', description: 'Why, for the record', helpValue: 'TEXT' }),
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
    const [{ canaryFlag, lookFlags, untilTime }, { runInstall }, { withReport }, confirming] =
      await Promise.all([
        import('../../src/rollout/flags.ts'),
        import('../../src/view/install-run.ts'),
        import('../../src/cli/with-report.ts'),
        import('../../src/view/confirm.ts'),
      ]);
    const until = flags.until === undefined ? undefined : untilTime(flags.until, Date.now());
    const canary = flags.canary === undefined ? undefined : canaryFlag(flags.canary);
    const interactive = this.talk.interactive && process.stdin.isTTY === true && !this.jsonEnabled();
    if (!flags.yes && !flags['dry-run'] && !interactive) throw confirming.mustSayYes('An install');
    const cluster = await this.connect({ marathon: flags.marathon });
    const { draw } = this.talk.interactive ? await drawing() : { draw: undefined };
    const request = {
      sources: {
        ...(flags.options === undefined ? {} : { file: flags.options, stdin: process.stdin }),
        set: flags.set ?? [],
        flags: lookFlags(flags),
      },
      ...(canary === undefined ? {} : { canary }),
      who: whoChanges(process.env.DCOS_ACS_TOKEN, { user: userInfo().username, host: hostname() }),
      command: commandLine(['install', ...this.argv]),
      message: flags.message ?? '',
      plan: { noRestart: flags['no-restart'], leave: flags.leave, migrated: flags.migrated },
    };
    const view: InstallView = {
      out: this.out,
      talk: this.talk,
      print: (text) => this.print(text),
      say: (text) => this.say(text),
      confirm: (question) => confirming.confirm(question, process.stdin, process.stderr),
      onInterrupt: (line) => this.onInterrupt(line),
      ...(draw ? { draw } : {}),
      stream: process.stderr,
    };
    const { who, command, message } = request;
    const program = this.config.version;
    const ended = await withReport(
      flags.report,
      { url: cluster.url, program, who, command, message },
      view,
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
            ...(until === undefined ? {} : { until }),
          },
          { now: Date.now, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
          view,
        ),
    );
    return this.finish(ended.exit, ended.document);
  }
}

async function drawing() {
  const { drawnProgress } = await import('../../src/view/progress-listr.ts');
  return { draw: drawnProgress };
}
