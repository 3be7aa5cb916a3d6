import { Flags } from '@oclif/core';
import { BaseCommand } from '../../../src/cli/base-command.ts';
import { MARATHON_FLAG, YES_FLAG } from '../../../src/cli/flags.ts';
import { EXIT } from '../../../src/errors.ts';

export default class ConnectivityTest extends BaseCommand {
  static override summary = 'Test that containers reach each other over Calico, and that policy blocks';
  static override description =
    'Starts small containers on some agents, in both containerizers (UCR and Docker), which ask each other; then denies a part of ' +
    'it by a policy, and looks whether that is blocked. Names each link that is broken, with the likely cause. Says first what it ' +
    'will run, and asks. Everything is taken away again, after Ctrl-C too; what a killed run has left is found by the next. Agents ' +
    'form a ring, in which each asks itself and the next, so that it stays small: 6 agents unless you say otherwise.';
  static override flags = {
    agents: Flags.string({
      description: 'Test between these agents, or between so many (at most 50)',
      helpValue: 'AGENT,…|N',
    }),
    image: Flags.string({
      description: "Image of Docker's containers, with sh, nc and wget (default: that of calico/node)",
      helpValue: 'IMAGE',
    }),
    'dry-run': Flags.boolean({ description: 'Say what would be run, run nothing; exit code 7' }),
    'clean-up': Flags.boolean({
      description: 'Only take away what an earlier test has left',
      exclusive: ['dry-run'],
    }),
    marathon: MARATHON_FLAG,
    yes: YES_FLAG,
  };
  static override exits = [EXIT.changesPending];
  static override examples = [
    { command: 'dcos calico connectivity test', description: 'Between 6 agents, after asking' },
    {
      command: 'dcos calico connectivity test --agents 10.0.1.11,10.0.2.20 --yes --json',
      description: 'Between these two, for a program',
    },
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(ConnectivityTest);
    const [{ agentsFlag }, { runConnectivity }, confirming] = await Promise.all([
      import('../../../src/connectivity/choose.ts'),
      import('../../../src/view/connectivity-run.ts'),
      import('../../../src/view/confirm.ts'),
    ]);
    const agents = flags.agents === undefined ? {} : { agents: agentsFlag(flags.agents) };
    if (!flags.yes && !flags['dry-run'] && !flags['clean-up'] && !this.canAsk)
      throw confirming.mustSayYes('A test of the network');
    const ended = await runConnectivity(
      await this.connect({ marathon: flags.marathon }),
      {
        ...agents,
        ...(flags.image === undefined ? {} : { image: flags.image }),
        yes: flags.yes,
        dryRun: flags['dry-run'],
        cleanUp: flags['clean-up'],
      },
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
