import { Flags } from '@oclif/core';
import { BaseCommand } from '../../src/cli/base-command.ts';
import { MARATHON_FLAG, YES_FLAG } from '../../src/cli/flags.ts';
import { EXIT, UserError } from '../../src/errors.ts';

export default class Prune extends BaseCommand {
  static override summary = 'Remove what Calico keeps of agents that are gone for good';
  static override description =
    'An agent that is taken out of the cluster leaves its node, its endpoints and its blocks of addresses in etcd. This compares ' +
    'the nodes that Calico has with the agents that Mesos has, shows those without an agent with when they were last seen, and ' +
    'asks. One that reported within a day is kept, as it may only be out of sight; so is one whose tasks Marathon still waits for. ' +
    "It is removed with calicoctl, which one agent fetches for it (`artifacts.calicoctl`); Felix's reports, which calicoctl leaves, " +
    'go by the API of etcd.';
  static override flags = {
    'dry-run': Flags.boolean({
      description: 'Show what would be removed, change nothing; exit code 7 if there is anything',
    }),
    'older-than': Flags.string({
      description: 'Keep nodes that reported within this time',
      helpValue: 'TIME',
      default: '24h',
    }),
    'forget-agents': Flags.boolean({
      description:
        'Count on no agent to come back that is gone from the cluster: neither an uninstall nor a disabled step then waits for it',
    }),
    marathon: MARATHON_FLAG,
    yes: YES_FLAG,
  };
  static override exits = [EXIT.changesPending];
  static override examples = [
    { command: 'dcos calico prune --dry-run', description: 'What there is' },
    { command: 'dcos calico prune --older-than 30d', description: 'Only nodes not seen for a month' },
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Prune);
    const [{ parseDuration }, { runPrune }, confirming] = await Promise.all([
      import('../../src/status/duration.ts'),
      import('../../src/view/prune-run.ts'),
      import('../../src/view/confirm.ts'),
    ]);
    const olderThan = parseDuration(flags['older-than']);
    if (olderThan === undefined)
      throw new UserError({
        code: 'bad-duration',
        what: `--older-than ${flags['older-than']} cannot be used`,
        why: 'it is no time as 30m, 24h or 7d',
        remedy: ['--older-than 24h'],
        exit: EXIT.usage,
      });
    if (!flags.yes && !flags['dry-run'] && !this.canAsk) throw confirming.mustSayYes('A prune');
    const ended = await runPrune(
      await this.connect({ marathon: flags.marathon }),
      { dryRun: flags['dry-run'], yes: flags.yes, olderThan, forget: flags['forget-agents'] },
      { now: Date.now, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
      {
        out: this.out,
        print: (text) => this.print(text),
        say: (text) => this.say(text),
        confirm: (question) => confirming.confirm(question, process.stdin, process.stderr),
        onInterrupt: (line) => this.onInterrupt(line),
      },
    );
    return this.finish(ended.exit, ended.document);
  }
}
