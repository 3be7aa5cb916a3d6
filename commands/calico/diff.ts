import { hostname, userInfo } from 'node:os';
import { Flags } from '@oclif/core';
import { BaseCommand } from '../../src/cli/base-command.ts';
import { LOOK_FLAGS, MARATHON_FLAG, OPTIONS_FLAGS } from '../../src/cli/flags.ts';
import { EXIT } from '../../src/errors.ts';
import { commandLine, whoChanges } from '../../src/rollout/who.ts';

export default class Diff extends BaseCommand {
  static override summary = 'What an install would change, agent by agent';
  static override description =
    'Makes the plan of an install and asks the agents what each step would do there: files, units, the keys of daemon.json before ' +
    'and after, restarts with what they end. Equal agents are shown once. Changes nothing. A plan that is written to a file can be ' +
    'reviewed and carried out later, as it is or not at all.';
  static override flags = {
    ...OPTIONS_FLAGS,
    ...LOOK_FLAGS,
    canary: Flags.string({
      description: 'Agents of the first wave: a count or share of private and of public agents, or addresses',
      helpValue: 'N|PERCENT|AGENT,…',
    }),
    out: Flags.string({ description: 'Write the plan to this file, for install --plan', helpValue: 'FILE' }),
    message: Flags.string({ char: 'm', description: 'Why, for the record of the plan', helpValue: 'TEXT' }),
    marathon: MARATHON_FLAG,
  };
  static override exits = [EXIT.changesPending, EXIT.preflightFailed];
  static override examples = [
    {
      command: 'dcos calico diff --options=calico.json',
      description: 'Exit code 7 if anything would change',
    },
    {
      command: 'dcos calico diff --options=calico.json --out plan.json',
      description: 'To be carried out by dcos calico install --plan plan.json',
    },
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Diff);
    const [{ canaryFlag, lookFlags }, { runDiff }] = await Promise.all([
      import('../../src/rollout/flags.ts'),
      import('../../src/view/diff-run.ts'),
    ]);
    const request = {
      sources: {
        ...(flags.options === undefined ? {} : { file: flags.options, stdin: process.stdin }),
        set: flags.set ?? [],
        flags: lookFlags(flags),
      },
      ...(flags.canary === undefined ? {} : { canary: canaryFlag(flags.canary) }),
      who: whoChanges(process.env.DCOS_ACS_TOKEN, { user: userInfo().username, host: hostname() }),
      command: commandLine(['diff', ...this.argv]),
      message: flags.message ?? '',
    };
    const cluster = await this.connect({ marathon: flags.marathon });
    const ended = await runDiff(
      cluster,
      request,
      {
        apiOnly: flags['api-only'],
        readAtMost: flags.ask,
        programVersion: this.config.version,
        ...(flags.out === undefined ? {} : { out: flags.out }),
      },
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
