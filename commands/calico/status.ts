import { Args, Flags } from '@oclif/core';
import { BaseCommand } from '../../src/cli/base-command.ts';
import { MARATHON_FLAG } from '../../src/cli/flags.ts';
import { EXIT } from '../../src/errors.ts';
import type { ClusterStatus } from '../../src/status/model.ts';
import { statusExit } from '../../src/status/verdict.ts';
import { waitMsOf, withWaitValue } from '../../src/status/wait-flag.ts';
import { terminalOf } from '../../src/view/terminal.ts';

export default class Status extends BaseCommand {
  static override summary = 'Show the state of Calico on each agent, worst first';
  static override description =
    'With AGENT (an address or a Mesos id), everything about that agent. Changes nothing. ' +
    'A cluster without Calico is "not installed" and no error, except with --wait.';
  static override args = {
    agent: Args.string({ description: 'Show everything about this agent' }),
  };
  static override flags = {
    all: Flags.boolean({ description: 'Show each agent, also where equal ones would fold into a count' }),
    watch: Flags.boolean({
      description: 'Look again and again; in a pipe, print what changes',
      exclusive: ['json'],
    }),
    wait: Flags.string({
      description: 'Wait until every agent is ready or nothing more is going on, at most DURATION (90s, 10m)',
      helpValue: '[DURATION]',
    }),
    html: Flags.string({
      description: 'Write it as a page too, over an earlier one: all agents at once, then each of them',
      helpValue: 'FILE.html',
      exclusive: ['watch'],
    }),
    marathon: MARATHON_FLAG,
  };
  static override exits = [EXIT.notReady, EXIT.stillGoingOn];
  static override examples = [
    { command: 'dcos calico status', description: 'The table, worst first' },
    { command: 'dcos calico status 10.0.1.13', description: 'Everything about one agent' },
    { command: 'dcos calico status --html status.html', description: 'A page to pass on' },
    { command: 'dcos calico status --wait 10m --json', description: 'For a script: wait, then one document' },
  ];

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(Status, withWaitValue(this.argv));
    const waitMs = waitMsOf(flags.wait);
    const [{ StatusReader }, { statusSource }, run, { statusDocument }] = await Promise.all([
      import('../../src/status/read.ts'),
      import('../../src/status/source.ts'),
      import('../../src/view/status-run.ts'),
      import('../../src/view/status-json.ts'),
    ]);
    const cluster = await this.connect({ marathon: flags.marathon });
    const reader = new StatusReader(statusSource(cluster));
    const { agent } = args;
    const read = () => reader.read({ agent });
    const shown = { agent, all: flags.all, terminal: () => terminalOf(process.stdout) };
    const document = (status: ClusterStatus) =>
      this.jsonEnabled() ? statusDocument(status, run.concerned(status, agent).agents) : undefined;
    if (!flags.watch && waitMs === undefined) {
      const status = await read();
      const screen = run.screenOf(status, shown);
      this.print(screen.lines.join('\n'));
      if (!this.jsonEnabled()) for (const line of screen.next) this.say(line);
      await this.#writePage(flags.html, run.concerned(status, agent), cluster.url);
      return this.finish(statusExit(run.concerned(status, agent)), document(status));
    }
    const following = {
      watch: flags.watch,
      wait: waitMs !== undefined,
      waitMs: waitMs ?? Number.POSITIVE_INFINITY,
      read,
      now: Date.now,
      sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
      random: Math.random,
    };
    const { status, exit } = await run.showFollowing(following, shown, {
      print: (text) => this.print(text),
      say: (text) => this.say(text),
      write: (text) => process.stdout.write(text),
    });
    if (!flags.watch) this.print(run.screenOf(status, shown).lines.join('\n'));
    await this.#writePage(flags.html, run.concerned(status, agent), cluster.url);
    return this.finish(exit, document(status));
  }

  async #writePage(file: string | undefined, status: ClusterStatus, url: string): Promise<void> {
    if (file === undefined) return;
    const [{ statusPage }, { writeStatusPage }] = await Promise.all([
      import('../../src/report/status-page.ts'),
      import('../../src/cli/page-file.ts'),
    ]);
    const text = statusPage(status, { url, program: this.config.version }, Date.now());
    const replaced = writeStatusPage(file, text);
    this.say(`Page: ${file}${replaced ? ', in the place of an earlier one' : ''}`);
  }
}
