import { Command, Flags } from '@oclif/core';
import type { Cluster } from '../dcos/cluster.ts';
import type { HttpSettings, RequestNote } from '../dcos/http.ts';
import { EXIT, type ExitCode } from '../errors.ts';
import { plainText } from '../view/plain-text.ts';
import { type Terminal, terminalOf } from '../view/terminal.ts';
import { answerInterrupts, type OnInterrupt } from './interrupt.ts';
import { report } from './report.ts';
import { requestLine } from './request-log.ts';
import { timeoutsFrom } from './timeouts.ts';
import { verbosityOf } from './verbosity.ts';

export interface Ended {
  /** Whether the command came to its end, whatever its exit code, and not to an error. */
  whole: boolean;
}

/** What every command shares: `--json`, `-v`, the way to a cluster, who speaks on which stream, errors and exit codes. */
export abstract class BaseCommand extends Command {
  static override enableJsonFlag = true;
  static override baseFlags = {
    verbose: Flags.boolean({
      char: 'v',
      description: 'Show each request and the detail of errors; -vv shows more',
      helpGroup: 'GLOBAL',
    }),
  };

  /** Exit codes besides those that every command has, for its help. */
  static exits: readonly ExitCode[] = [];

  /** Where results go. */
  protected readonly out: Terminal = terminalOf(process.stdout);
  /** Where everything else goes: progress, questions, warnings, errors. */
  protected readonly talk: Terminal = terminalOf(process.stderr);

  #exit: ExitCode = EXIT.done;
  #failed = false;
  #cluster: Cluster | undefined;

  /** Whether there is a person to ask. */
  protected get canAsk(): boolean {
    return this.talk.interactive && process.stdin.isTTY === true && !this.jsonEnabled();
  }

  /** 0, 1 (`-v`) or 2 (`-vv`), given to the plugin or to `dcos` itself. */
  protected get verbosity(): number {
    return verbosityOf(this.argv, process.env.DCOS_VERBOSITY);
  }

  /** The attached cluster. `axios` and all that speaks to a cluster is loaded here, so only by commands that need it. */
  protected async connect(
    settings: HttpSettings & { marathon?: string; env?: Record<string, string | undefined> } = {},
  ): Promise<Cluster> {
    const { env = process.env, ...rest } = settings;
    const [{ connectionFromEnvironment }, { Cluster }] = await Promise.all([
      import('../dcos/connection.ts'),
      import('../dcos/cluster.ts'),
    ]);
    const given = connectionFromEnvironment(env);
    const { verbosity } = this;
    const shared = {
      userAgent: `dcos-calico/${this.config.version}`,
      ...timeoutsFrom(given.settings.timeout),
      ...(verbosity > 0 ? { note: (note: RequestNote) => this.say(requestLine(note, verbosity)) } : {}),
      ...rest,
    };
    const credential = given.token === undefined ? env.DCOS_SERVICE_ACCOUNT_CREDENTIAL : undefined;
    const connection =
      credential === undefined
        ? given
        : connectionFromEnvironment({
            ...env,
            DCOS_ACS_TOKEN: await import('../dcos/service-account.ts').then(({ tokenOf }) =>
              tokenOf(credential, given, Date.now(), shared),
            ),
          });
    this.#cluster = new Cluster(connection, shared);
    return this.#cluster;
  }

  /** Runs it. oclif's own way, `Command.run`, would read all that a program of plugins can have. */
  async start(): Promise<Ended> {
    await this._run();
    return { whole: !this.#failed };
  }

  /** A result, on stdout. Nothing with `--json`, where the value that `run` returns is printed. */
  protected print(text: string): void {
    if (!this.jsonEnabled()) process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  /** Talk, on stderr. */
  protected say(text: string): void {
    process.stderr.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  override warn(input: string | Error): string | Error {
    this.say(`Warning: ${plainText(input instanceof Error ? input.message : input)}`);
    return input;
  }

  /** Sets the exit code, the same as text and with `--json`, and hands the result on: `return this.finish(EXIT.notReady, document)`. */
  protected finish<T>(exit: ExitCode, result?: T): T {
    this.#exit = exit;
    return result as T;
  }

  /** On Ctrl-C, `action` says the line to leave behind (and may do what takes no time); the process ends with 130. */
  protected onInterrupt(action: OnInterrupt): void {
    answerInterrupts(action);
  }

  protected override async init(): Promise<void> {
    answerInterrupts();
  }

  override logJson(json: unknown): void {
    process.stdout.write(`${JSON.stringify(json, null, 2)}\n`);
  }

  // oclif sets other exit codes with --json than without (oclif/core#1423): all go through here instead.
  protected override async catch(error: Error): Promise<void> {
    this.#failed = true;
    this.#exit = report((await this.#cluster?.reasonFor(error)) ?? error, {
      json: this.jsonEnabled(),
      verbose: this.verbosity > 0,
      width: this.talk.width,
      command: this.id?.replaceAll(':', ' '),
    });
  }

  protected override async finally(): Promise<void> {
    this.#cluster?.close();
    process.exitCode = this.#exit;
  }
}
