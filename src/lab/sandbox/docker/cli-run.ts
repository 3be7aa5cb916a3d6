// docker run, create, pull, logs and exec, and what takes a list of containers.
import { birdProtocols } from '../programs/calico-node.ts';
import { type Cli, NO_DAEMON, split } from './cli-context.ts';
import { type Container, DockerError, fullReference } from './container.ts';
import { parseRun, UsageError } from './run-options.ts';

export function pull(cli: Cli, args: readonly string[]): number {
  if (!cli.engine.running) return cli.noDaemon();
  const { options, words } = split(args, []);
  const [reference] = words;
  if (!reference) {
    cli.terminal.err(`"docker pull" requires exactly 1 argument.\nSee 'docker pull --help'.\n`);
    return 1;
  }
  const quiet = options.has('-q') || options.has('--quiet');
  return fetchImage(cli, reference, quiet, cli.terminal.out) ? 0 : 1;
}

export function fetchImage(
  cli: Cli,
  reference: string,
  quiet: boolean,
  say: (text: string) => void,
): boolean {
  const full = fullReference(reference);
  const { registry } = cli.machine.spec.docker ?? {};
  if (registry && !registry.some((known) => fullReference(known) === full)) {
    cli.terminal.err(
      `Error response from daemon: manifest for ${full} not found: manifest unknown: manifest unknown\n`,
    );
    return false;
  }
  const tag = full.slice(full.lastIndexOf(':') + 1);
  const known = cli.engine.image(full);
  const image = known ?? cli.engine.addImage(full);
  if (quiet) say(`${full}\n`);
  else {
    say(
      `${tag}: Pulling from ${full.replace(/^[^/]*[.:][^/]*\//, '').replace(/:[^:/]*$/, '')}\n` +
        `Digest: ${image.id}\n` +
        `Status: ${known ? 'Image is up to date for' : 'Downloaded newer image for'} ${full}\n` +
        `${full.includes('.') && full.indexOf('.') < full.indexOf('/') ? full : `docker.io/${full}`}\n`,
    );
  }
  return true;
}

export async function run(cli: Cli, args: readonly string[], start: boolean): Promise<number> {
  let request: ReturnType<typeof parseRun>;
  try {
    request = parseRun(cli.machine, args);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    cli.terminal.err(`docker: ${error.message}\nSee 'docker run --help'.\n`);
    return 125;
  }
  if (!cli.engine.running) {
    cli.terminal.err(`docker: ${NO_DAEMON}See 'docker run --help'.\n`);
    return 125;
  }
  if (!cli.engine.image(request.options.image)) {
    cli.terminal.err(`Unable to find image '${fullReference(request.options.image)}' locally\n`);
    if (request.pull === 'never' || !fetchImage(cli, request.options.image, false, cli.terminal.err))
      return 125;
  }
  const mode = request.options.network;
  if (
    !['default', 'bridge', 'host', 'none'].includes(mode) &&
    !cli.engine.allNetworks().some((each) => each.name === mode)
  ) {
    cli.terminal.err(`docker: Error response from daemon: network ${mode} not found.\n`);
    return 125;
  }
  let container: Container;
  try {
    container = cli.engine.create(request.options);
  } catch (error) {
    if (!(error instanceof DockerError)) throw error;
    cli.terminal.err(`docker: Error response from daemon: ${error.message}\nSee 'docker run --help'.\n`);
    return 125;
  }
  if (!start) {
    cli.say(container.id);
    return 0;
  }
  cli.engine.begin(container);
  if (request.detach) {
    cli.say(container.id);
    return 0;
  }
  return attach(cli, container);
}

/** Waits for a container's end. A signal to the client reaches the container, as `--sig-proxy` does it. */
export async function attach(cli: Cli, container: Container): Promise<number> {
  await new Promise<void>((resolve) => {
    if (!container.running) return resolve();
    container.waiters.push(resolve);
    cli.terminal.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  return container.exitCode;
}

export function each(
  cli: Cli,
  args: readonly string[],
  valued: readonly string[],
  act: (container: Container, options: Map<string, string>) => void,
): number {
  if (!cli.engine.running) return cli.noDaemon();
  const { options, words } = split(args, valued);
  let failed = false;
  for (const word of words) {
    const container = cli.engine.find(word);
    try {
      if (!container) throw new DockerError(`No such container: ${word}`);
      act(container, options);
      cli.say(word);
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
      failed = true;
      cli.terminal.err(
        `Error${error.message.startsWith('No such') ? '' : ' response from daemon'}: ${error.message}\n`,
      );
    }
  }
  return failed ? 1 : 0;
}

export function logs(cli: Cli, args: readonly string[]): number {
  if (!cli.engine.running) return cli.noDaemon();
  const { options, words } = split(args, ['--tail', '-n', '--since', '--until']);
  const container = cli.engine.find(words[0] ?? '');
  if (!container) {
    cli.terminal.err(`Error: No such container: ${words[0]}\n`);
    return 1;
  }
  const tail = Number(options.get('--tail') ?? options.get('-n'));
  const lines = Number.isFinite(tail) ? container.logs.slice(-tail || container.logs.length) : container.logs;
  for (const { stream, line } of lines)
    (stream === 'stdout' ? cli.terminal.out : cli.terminal.err)(`${line}\n`);
  return 0;
}

export async function exec(cli: Cli, args: readonly string[]): Promise<number> {
  if (!cli.engine.running) return cli.noDaemon();
  let i = 0;
  while (i < args.length && args[i]!.startsWith('-'))
    i += ['-e', '--env', '-u', '--user', '-w'].includes(args[i]!) ? 2 : 1;
  const container = cli.engine.find(args[i] ?? '');
  if (!container) {
    cli.terminal.err(`Error: No such container: ${args[i]}\n`);
    return 1;
  }
  if (!container.running) {
    cli.terminal.err(`Error response from daemon: Container ${container.id} is not running\n`);
    return 1;
  }
  const command = args.slice(i + 1);
  const line = command.join(' ');
  if (/\bbirdc6?l?\b|birdcl/.test(line)) {
    if (!container.halt || !/node/.test(container.options.image)) {
      cli.terminal.out(
        'Unable to connect to server control socket (/var/run/calico/bird.ctl): No such file or directory\n',
      );
      return 1;
    }
    if (/show protocols/.test(line)) {
      try {
        cli.terminal.out(await birdProtocols(cli.machine, container));
      } catch {
        cli.terminal.out(
          'BIRD v0.3.3+birdv1.6.3 ready.\nname     proto    table    state  since       info\n',
        );
      }
    } else cli.terminal.out('BIRD v0.3.3+birdv1.6.3 ready.\nDaemon is up and running\n');
    return 0;
  }
  if (command[0] === 'true') return 0;
  cli.terminal.err(
    `OCI runtime exec failed: exec failed: unable to start container process: exec: "${command[0]}": executable file not found in $PATH: unknown\n`,
  );
  return 126;
}
