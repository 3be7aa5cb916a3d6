import { Flags } from '@oclif/core';
import {
  agentFlag,
  MARATHON_FLAG,
  MESSAGE_FLAG,
  REPORT_FLAG,
  UNTIL_FLAG,
  YES_FLAG,
} from '../../src/cli/flags.ts';
import { REAL_TIME, RolloutCommand } from '../../src/cli/rollout-command.ts';
import { EXIT } from '../../src/errors.ts';

export default class Uninstall extends RolloutCommand {
  static override summary = 'Take Calico off every agent of the cluster';
  static override description =
    'Names what is still on Calico networks, shows the plan and asks; then takes the steps off backwards, agent by agent, wave by ' +
    'wave, and puts back what was there before. The group /calico is deleted when every agent that ever had Calico was verified ' +
    'without it; until then an agent that is down is still owed, dcos calico status shows it, and the same command finishes it ' +
    "when it is back. Docker's networks and Calico's data in etcd stay unless asked for.";
  static override flags = {
    agent: agentFlag('Take Calico off this agent only; it is excluded from then on'),
    'dry-run': Flags.boolean({
      description: 'Show the plan, change nothing; exit code 7 if something would change',
    }),
    'force-with-workloads': Flags.boolean({
      description: 'Take Calico off although workloads lose their network',
    }),
    'forget-agents': Flags.boolean({
      description: 'Give up the agents that are still owed, and say what stays on them',
    }),
    'delete-networks': Flags.boolean({
      description: "Remove Docker's networks with Calico's driver too",
      exclusive: ['agent'],
    }),
    'delete-data': Flags.boolean({
      description: 'Remove all that Calico keeps in etcd too',
      exclusive: ['agent'],
    }),
    'no-restart': Flags.boolean({
      description: 'Restart nothing: Docker keeps the store until it is restarted some time',
    }),
    'api-only': Flags.boolean({ description: 'Ask no agent beforehand' }),
    until: UNTIL_FLAG,
    message: MESSAGE_FLAG,
    report: REPORT_FLAG,
    marathon: MARATHON_FLAG,
    yes: YES_FLAG,
  };
  static override exits = [EXIT.notReady, EXIT.paused, EXIT.changesPending];
  static override examples = [
    { command: 'dcos calico uninstall --dry-run', description: 'The plan only' },
    { command: 'dcos calico uninstall', description: 'After asking' },
    {
      command: 'dcos calico uninstall --agent 10.0.1.13',
      description: 'One agent, which is excluded from then on',
    },
    {
      command: 'dcos calico uninstall --forget-agents',
      description: 'When the agents that are still owed will never come back',
    },
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Uninstall);
    const [{ words }, { runUninstall }, { withReport }, { mustSayYes }] = await Promise.all([
      import('../../src/rollout/flags.ts'),
      import('../../src/view/uninstall-run.ts'),
      import('../../src/cli/with-report.ts'),
      import('../../src/view/confirm.ts'),
    ]);
    const agents = words(flags.agent);
    if (!flags.yes && !flags['dry-run'] && !this.canAsk) throw mustSayYes('An uninstall');
    const cluster = await this.connect({ marathon: flags.marathon });
    const request = {
      restart: !flags['no-restart'],
      ...(agents.length > 0 ? { agents } : {}),
      who: this.who,
      command: this.commandLine('uninstall'),
      message: flags.message ?? '',
    };
    const { who, command, message } = request;
    const ended = await withReport(
      flags.report,
      { url: cluster.url, program: this.config.version, who, command, message, removes: true },
      await this.rolloutView(),
      (view) =>
        runUninstall(
          cluster,
          request,
          {
            dryRun: flags['dry-run'],
            yes: flags.yes,
            json: this.jsonEnabled(),
            force: flags['force-with-workloads'],
            forgetAgents: flags['forget-agents'],
            deleteNetworks: flags['delete-networks'],
            deleteData: flags['delete-data'],
            apiOnly: flags['api-only'],
            ...(flags.until === undefined ? {} : { until: flags.until }),
          },
          REAL_TIME,
          view,
        ),
    );
    return this.finish(ended.exit, ended.document);
  }
}
