import { Flags } from '@oclif/core';
import { BaseCommand } from '../../../src/cli/base-command.ts';
import { MARATHON_FLAG } from '../../../src/cli/flags.ts';

const EVERY = ['5', '10', '15', '20', '30', '60', '120', '240', '360', '720'] as const;

export default class OptionsCoverJob extends BaseCommand {
  static override summary = 'Print a job that covers agents which join, without anybody typing';
  static override description =
    'A job of Metronome, which every DC/OS has, for `dcos job add`: at each run it fetches this plugin to some agent and gives ' +
    '`dcos calico repair --joined --yes`. That covers agents which joined or were replaced and no others, restarts nothing, and ' +
    'does nothing while a rollout is under way, was paused, or waits to go on. It takes DC/OS 1.10 or later, whose Metronome knows ' +
    'such jobs, and a login that lasts: on DC/OS Enterprise that of a service account. DC/OS Open has none, so that there it runs only where Admin Router asks for no login. Changes nothing.';
  static override flags = {
    plugin: Flags.string({
      description: 'Where the agents fetch the zip of this plugin for Linux',
      helpValue: 'URL',
      required: true,
    }),
    every: Flags.string({
      description: 'Minutes between two runs',
      options: [...EVERY],
      default: '15',
    }),
    secret: Flags.string({
      description: 'The secret with the credential of a service account (DC/OS Enterprise)',
      helpValue: 'PATH',
    }),
    marathon: MARATHON_FLAG,
  };
  static override examples = [
    {
      command: 'dcos calico options cover-job --plugin URL --secret calico/cover > job',
      description: 'The job; then dcos job add job',
    },
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(OptionsCoverJob);
    const { coverJob } = await import('../../../src/rollout/cover-job.ts');
    const { plugin, secret, marathon } = flags;
    const job = coverJob({
      plugin,
      every: Number(flags.every),
      marathon,
      ...(secret === undefined ? {} : { secret }),
    });
    if (secret === undefined)
      this.warn(
        'Without --secret the job has no login: it works only where Admin Router asks for none. On DC/OS Enterprise give it a service account.',
      );
    this.print(JSON.stringify(job, null, 2));
    return job;
  }
}
