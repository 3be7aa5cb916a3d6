// What commands that carry a rollout out have in common: who asks, how it is shown, what Ctrl-C leaves.
import { hostname, userInfo } from 'node:os';
import type { Cluster } from '../dcos/cluster.ts';
import { commandLine, whoChanges } from '../rollout/who.ts';
import type { InstallView } from '../view/install-run.ts';
import { BaseCommand } from './base-command.ts';

export const REAL_TIME = {
  now: Date.now,
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
};

export abstract class RolloutCommand extends BaseCommand {
  /** Whose name stands in the record, never the token. */
  protected get who(): string {
    return whoChanges(process.env.DCOS_ACS_TOKEN, { user: userInfo().username, host: hostname() });
  }

  /** The command line as it was typed. */
  protected commandLine(...words: string[]): string {
    return commandLine([...words, ...this.argv]);
  }

  protected async rolloutView(): Promise<InstallView> {
    const { confirm } = await import('../view/confirm.ts');
    const draw = this.talk.interactive
      ? (await import('../view/progress-listr.ts')).drawnProgress
      : undefined;
    return {
      out: this.out,
      talk: this.talk,
      print: (text) => this.print(text),
      say: (text) => this.say(text),
      confirm: (question) => confirm(question, process.stdin, process.stderr),
      onInterrupt: (line) => this.onInterrupt(line),
      ...(draw ? { draw } : {}),
      stream: process.stderr,
    };
  }

  /** Prepares, shows, asks and carries out; as `install`, with another request. */
  protected async rollOut(
    cluster: Cluster,
    request: Omit<Parameters<typeof import('../view/install-run.ts').runInstall>[1], 'who'>,
    flags: { 'dry-run': boolean; yes: boolean; report?: string | undefined; until?: number | undefined },
  ): Promise<unknown> {
    const [{ runInstall }, { mustSayYes }, { withReport }] = await Promise.all([
      import('../view/install-run.ts'),
      import('../view/confirm.ts'),
      import('./with-report.ts'),
    ]);
    if (!flags.yes && !flags['dry-run'] && !this.canAsk) throw mustSayYes('It');
    const { who } = this;
    const { url } = cluster;
    const { command, message } = request;
    const program = this.config.version;
    const ended = await withReport(
      flags.report,
      { url, program, who, command, message },
      await this.rolloutView(),
      (view) =>
        runInstall(
          cluster,
          { ...request, who },
          {
            dryRun: flags['dry-run'],
            yes: flags.yes,
            json: this.jsonEnabled(),
            pauseAfterCanary: false,
            ...(flags.until === undefined ? {} : { until: flags.until }),
          },
          REAL_TIME,
          view,
        ),
    );
    return this.finish(ended.exit, ended.document);
  }
}
