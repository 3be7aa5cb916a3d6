import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../src/cli/base-command.ts';
import { MARATHON_FLAG } from '../../src/cli/flags.ts';
import type { LogStep } from '../../src/logs/choose.ts';
import { STEP_NAMES } from '../../src/steps/state.ts';

export default class Logs extends BaseCommand {
  static override summary = 'Show what a step printed on an agent';
  static override description =
    'A step prints a line, with its time, whenever its state changes and for each thing it does to the agent. Shown are the last lines ' +
    'of its newest task there; of one that has ended, as long as the agent keeps its sandbox. The step turn is the task that ' +
    'gives an agent its turn, while an install is at work on it. Changes nothing.';
  static override args = {
    agent: Args.string({ description: "The agent's address or Mesos id", required: true }),
    step: Args.string({ description: 'The step', required: true, options: [...STEP_NAMES, 'turn'] }),
  };
  static override flags = {
    follow: Flags.boolean({
      char: 'f',
      description: 'Go on with what it prints, also when its task is replaced, until Ctrl-C',
      exclusive: ['json'],
    }),
    lines: Flags.integer({
      char: 'n',
      description: 'Show this many lines at most',
      helpValue: 'N',
      min: 0,
      max: 100_000,
      default: 100,
    }),
    stderr: Flags.boolean({ description: 'Show standard error instead of standard output' }),
    marathon: MARATHON_FLAG,
  };
  static override examples = [
    { command: 'dcos calico logs 10.0.1.13 docker', description: 'What the step docker did on one agent' },
    { command: 'dcos calico logs 10.0.1.13 node --follow', description: 'And what it does from now on' },
    {
      command: 'dcos calico logs 10.0.1.13 cni --stderr --lines 20',
      description: 'Its error output: a traceback, if the step broke off',
    },
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Logs);
    const [{ readLog }, { logSource }, view, { wrap }] = await Promise.all([
      import('../../src/logs/read.ts'),
      import('../../src/logs/source.ts'),
      import('../../src/view/logs.ts'),
      import('../../src/view/wrap.ts'),
    ]);
    const source = logSource(await this.connect({ marathon: flags.marathon }));
    const wanted = { agent: args.agent, step: args.step as LogStep, stderr: flags.stderr };
    const read = await readLog(source, wanted, flags.lines);
    if (this.jsonEnabled()) return view.logDocument(read);
    for (const line of wrap(view.logHeading(read), this.talk.width)) this.say(line);
    for (const line of read.tail.lines) this.print(view.logLine(line));
    if (!flags.follow) {
      for (const line of view.logFooter(read, flags.lines)) this.say(line);
      return undefined;
    }
    const { followLog } = await import('../../src/logs/follow.ts');
    await followLog(source, wanted, read, {
      line: (text) => this.print(view.logLine(text)),
      say: (text) => this.say(view.logLine(text)),
      sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    });
    return undefined;
  }
}
