import { Flags } from '@oclif/core';
import { BaseCommand } from '../../src/cli/base-command.ts';
import { MARATHON_FLAG, OPTIONS_FLAGS, YES_FLAG } from '../../src/cli/flags.ts';
import { EXIT, type ExitCode } from '../../src/errors.ts';
import { ANSWER_NAMES, type AnswerName } from '../../src/wizard/answers.ts';

const ANSWER_FLAGS = Object.fromEntries(
  ANSWER_NAMES.map((name: AnswerName) => [
    name.id,
    Flags.string({
      description: name.flag,
      helpValue: name.helpValue,
      ...(name.options ? { options: [...name.options] } : {}),
    }),
  ]),
);

export default class Configure extends BaseCommand {
  static override summary = 'Make an options file, by a few questions';
  static override description =
    'Looks at the cluster first, and asks only what is open, with the answer that it would give itself and what each ' +
    'answer does to the agents. Shows the result, the same as one command, and what an install would do; writes the file, ' +
    'and offers to install. After Ctrl-C the answers are there again the next time. Each answer is also a flag, and a name in an answers file.';
  static override flags = {
    options: Flags.string({
      description: 'Write the options to FILE; what it says already is suggested',
      helpValue: 'FILE',
      default: 'calico.json',
    }),
    set: OPTIONS_FLAGS.set,
    answers: Flags.string({
      description: 'Read answers from FILE (JSON), - for stdin; a flag wins over it',
      helpValue: 'FILE',
    }),
    ...ANSWER_FLAGS,
    'api-only': Flags.boolean({ description: 'Start no task, not even to ask etcd from an agent' }),
    marathon: MARATHON_FLAG,
    yes: YES_FLAG,
  };
  static override exits = [EXIT.preflightFailed];
  static override examples = [
    { command: 'dcos calico configure', description: 'Ask, and write calico.json' },
    {
      command: 'dcos calico configure --yes --containers ucr --pool 10.200.0.0/16',
      description: 'Ask nothing: these answers, and what is suggested for the others',
    },
    {
      command: 'dcos calico configure --yes --json --options /tmp/calico.json',
      description: 'For a script: the result as one document',
    },
  ];

  async run(): Promise<unknown> {
    const { flags } = await this.parse(Configure);
    const [{ Wizard }, { givenAnswers }, { terminalOf }] = await Promise.all([
      import('../../src/configure/run.ts'),
      import('../../src/configure/given.ts'),
      import('../../src/view/terminal.ts'),
    ]);
    const asks = this.canAsk && !flags.yes;
    const talk = () => terminalOf(process.stderr);
    const request = {
      file: flags.options,
      set: flags.set ?? [],
      given: await givenAnswers(flags.answers, flags, process.stdin),
      apiOnly: flags['api-only'],
      yes: flags.yes,
      marathon: flags.marathon,
    };
    const wizard = new Wizard(
      await this.connect({ marathon: flags.marathon }),
      request,
      {
        print: (text) => this.print(text),
        say: (text) => this.say(text),
        talk,
        out: this.out,
        prompts: asks
          ? async () => {
              const { prompts } = await import('../../src/view/wizard-prompts.ts');
              return prompts({ input: process.stdin, output: process.stderr }, talk);
            }
          : undefined,
        onInterrupt: (action) => this.onInterrupt(action),
        env: process.env,
      },
      { now: Date.now, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
    );
    this.onInterrupt(() => wizard.interrupted());
    // The end of input at a prompt (Ctrl-D, a terminal that is gone) leaves nothing to wait for.
    const over = () => {
      this.say(wizard.interrupted());
      process.exitCode = EXIT.interrupted;
    };
    process.once('beforeExit', over);
    const ended = await wizard.run().finally(() => process.removeListener('beforeExit', over));
    if (!ended.install) return this.finish(ended.exit, ended.document);
    await this.config.runCommand('calico:install', [
      '--options',
      flags.options,
      '--marathon',
      flags.marathon,
    ]);
    return this.finish((process.exitCode ?? EXIT.done) as ExitCode);
  }
}
