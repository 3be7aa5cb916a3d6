import { Flags } from '@oclif/core';
import { BaseCommand } from '../../src/cli/base-command.ts';
import { LOOK_FLAGS, MARATHON_FLAG, OPTIONS_FLAGS } from '../../src/cli/flags.ts';
import { EXIT } from '../../src/errors.ts';
import { commandLine } from '../../src/rollout/who.ts';

export default class Preflight extends BaseCommand {
  static override summary = 'Can this cluster take Calico?';
  static override description =
    'Runs every check, first by the APIs, then on the agents that would be changed: one short task on each looks, changes nothing ' +
    'and is taken away again. Each finding has a permanent code; docs/checks.md tells what it means. Changes nothing.';
  static override flags = {
    ...OPTIONS_FLAGS,
    ...LOOK_FLAGS,
    'for-dcos': Flags.string({
      description: 'Judge an upgrade of DC/OS to this version',
      helpValue: 'VERSION',
    }),
    'for-docker': Flags.string({
      description: 'Judge an upgrade of Docker to this version',
      helpValue: 'VERSION',
    }),
    marathon: MARATHON_FLAG,
  };
  static override exits = [EXIT.preflightFailed];
  static override examples = [
    { command: 'dcos calico preflight', description: 'With the default options, or the installed ones' },
    {
      command: 'dcos calico preflight --options=calico.json --api-only',
      description: 'Without a task on any agent',
    },
    { command: 'dcos calico preflight --for-docker 23.0', description: 'Before Docker is upgraded' },
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Preflight);
    const [{ lookFlags, versionFlag }, { runPreflight }] = await Promise.all([
      import('../../src/rollout/flags.ts'),
      import('../../src/view/preflight-run.ts'),
    ]);
    const request = {
      sources: {
        ...(flags.options === undefined ? {} : { file: flags.options, stdin: process.stdin }),
        set: flags.set ?? [],
        flags: lookFlags(flags),
      },
      who: '',
      command: commandLine(['preflight', ...this.argv]),
      message: '',
      ...versionFlag('forDcos', '--for-dcos', flags['for-dcos']),
      ...versionFlag('forDocker', '--for-docker', flags['for-docker']),
    };
    const cluster = await this.connect({ marathon: flags.marathon });
    const ended = await runPreflight(
      cluster,
      request,
      { apiOnly: flags['api-only'], readAtMost: flags.ask },
      { now: Date.now, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
      {
        out: this.out,
        talk: this.talk,
        print: (text) => this.print(text),
        say: (text) => this.say(text),
        onInterrupt: (action) => this.onInterrupt(action),
      },
    );
    return this.finish(ended.exit, ended.document);
  }
}
