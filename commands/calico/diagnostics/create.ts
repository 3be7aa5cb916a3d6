import { Flags } from '@oclif/core';
import { BaseCommand } from '../../../src/cli/base-command.ts';
import { agentFlag, MARATHON_FLAG } from '../../../src/cli/flags.ts';
import { EXIT } from '../../../src/errors.ts';

export default class DiagnosticsCreate extends BaseCommand {
  static override summary = 'Put all that a support case needs into one archive';
  static override description =
    'Reads status, plan, options, apps, deployments, queue and versions, and of each agent what its steps report and last printed: ' +
    'of all agents of a small cluster, of the worst 20 of a large one. Secrets are taken out. What cannot be read, as an agent is ' +
    'down, is listed in manifest.json with why. Nothing on the cluster is changed. The file is yours alone to read (0600).';
  static override flags = {
    output: Flags.string({
      char: 'o',
      description: 'Write to FILE (default: dcos-calico-diagnostics-TIME.tar.gz here)',
      helpValue: 'FILE.tar.gz',
    }),
    agent: agentFlag('Take in this agent, instead of the worst'),
    marathon: MARATHON_FLAG,
  };
  static override examples = [
    { command: 'dcos calico diagnostics create', description: 'Into a file here' },
    {
      command: 'dcos calico diagnostics create --agent 10.0.1.13 -o case-4711.tar.gz',
      description: 'One agent in detail',
    },
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(DiagnosticsCreate);
    const [{ collect }, { archiveName, writeArchive }, view, { words }] = await Promise.all([
      import('../../../src/diagnostics/collect.ts'),
      import('../../../src/diagnostics/write.ts'),
      import('../../../src/view/diagnostics.ts'),
      import('../../../src/rollout/flags.ts'),
    ]);
    const cluster = await this.connect({ marathon: flags.marathon });
    const now = Date.now();
    const path = flags.output ?? archiveName(now);
    const collected = await collect(cluster, {
      agents: words(flags.agent),
      version: this.config.version,
      secrets: [process.env.DCOS_ACS_TOKEN],
      now,
      progress: (what) => this.say(what),
    });
    const bytes = await writeArchive(path, collected.files, now);
    this.print(view.diagnosticsText(collected, path, bytes, this.out));
    return this.finish(EXIT.done, view.diagnosticsDocument(collected, path, bytes));
  }
}
