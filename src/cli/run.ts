import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, UserError } from '../errors.ts';
import { terminalOf } from '../view/terminal.ts';
import { Compiled } from './compiled.ts';
import { type Dispatch, dispatch } from './dispatch.ts';
import { reportUncaught } from './failures.ts';
import { type CommandHelp, type HelpSource, helpScreen } from './help.ts';
import { CALICOCTL_COMMANDS, coreCalico, runCoreCalico } from './native-calico.ts';
import { report } from './report.ts';
import { verbosityOf } from './verbosity.ts';
import { versionsText } from './versions.ts';

/** Of the content of `program.cjs` and the files that it loads, put in by the build. */
declare const PROGRAM_SUM: string;
type Program = typeof import('../program.ts');

/** Runs one command line (without the program's name) and sets the process's exit code. */
export async function run(argv: string[]): Promise<void> {
  endQuietlyWithItsReader();
  const shown = {
    json: argv.includes('--json'),
    verbose: verbosityOf(argv, process.env.DCOS_VERBOSITY) > 0,
    width: terminalOf(process.stderr).width,
  };
  reportUncaught(shown);
  try {
    const { version, ...source } = await manifest();
    const what = dispatch(argv, Object.keys(source.commands));
    if (what.kind === 'version') process.stdout.write(versionsText(version, process.env));
    else if (what.kind === 'help') {
      process.stdout.write(helpScreen(source, what.id, terminalOf(process.stdout).width));
    } else if (what.kind === 'unknown') unknown(what, argv);
    else {
      const compiled = new Compiled(__dirname, PROGRAM_SUM, what.id);
      const { runCommand } = compiled.load('program.cjs') as Program;
      if (await runCommand(what.id, what.argv, { root: __dirname, version }, shown)) compiled.whole();
    }
  } catch (error) {
    process.exitCode = report(error, shown);
  }
}

interface Manifest extends HelpSource {
  version: string;
}

/** The manifest that the build leaves beside the program, and the topics of `package.json`. */
async function manifest(): Promise<Manifest> {
  const read = (name: string) =>
    JSON.parse(readFileSync(join(__dirname, name), 'utf8')) as Record<string, unknown>;
  const { commands, version } = read('oclif.manifest.json') as {
    commands: Record<string, CommandHelp>;
    version: string;
  };
  const { oclif } = read('package.json') as { oclif: { topics?: HelpSource['topics'] } };
  return { commands, version, topics: oclif.topics ?? {} };
}

/** What is calicoctl's goes to DC/OS's own command, where there is one. */
function unknown(what: Extract<Dispatch, { kind: 'unknown' }>, argv: readonly string[]): void {
  if (what.below !== 'calico' || !CALICOCTL_COMMANDS.has(what.word)) throw unknownCommand(what);
  const core = coreCalico(__dirname);
  if (!core) throw calicoctlCommand(what.word);
  process.exitCode = runCoreCalico(core, argv[0] === 'calico' ? argv.slice(1) : argv);
}

function calicoctlCommand(word: string): UserError {
  return new UserError({
    code: 'calicoctl-command',
    what: `dcos calico has no command "${word}"`,
    why: "it is one of calicoctl's, which DC/OS has as dcos calico from 2.1 on, for the Calico that it brings; this cluster's command line has none",
    remedy: ['calicoctl on an agent, or anywhere with the addresses of etcd, does it', 'dcos calico --help'],
    exit: EXIT.usage,
  });
}

function unknownCommand({ below, word, meant }: Extract<Dispatch, { kind: 'unknown' }>): UserError {
  const words = (id: string) => `dcos ${id.replaceAll(':', ' ')}`;
  return new UserError({
    code: 'unknown-command',
    what: `${words(below)} has no command "${word}"`,
    remedy: [...(meant ? [`Did you mean ${words(meant)}?`] : []), `${words(below)} --help`],
    exit: EXIT.usage,
  });
}

/** `dcos calico status | head`: once nobody reads on, there is nothing to say and nothing went wrong. */
function endQuietlyWithItsReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(EXIT.done);
    throw error;
  });
  process.stderr.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
