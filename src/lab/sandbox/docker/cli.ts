// The docker command of a sandbox host: what Docker 1.13 to 20.10 print.
import type { Machine } from '../machine.ts';
import { modelled, type Process } from '../systemd/process.ts';
import { Cli, split, type Terminal } from './cli-context.ts';
import { info, inspect, version } from './cli-describe.ts';
import { images, ps } from './cli-list.ts';
import { network } from './cli-network.ts';
import { attach, each, exec, logs, pull, run } from './cli-run.ts';
import { DockerError } from './container.ts';

async function command(cli: Cli, given: readonly string[]): Promise<number> {
  let args = [...given];
  while (args[0]?.startsWith('-')) {
    if (args[0] === '--version' || args[0] === '-v') {
      cli.say(
        `Docker version ${cli.machine.spec.docker?.versionOnDisk ?? cli.engine.version}, build 5d6db84`,
      );
      return 0;
    }
    args = args.slice(
      ['--config', '-H', '--host', '-l', '--log-level', '-c', '--context'].includes(args[0]) ? 2 : 1,
    );
  }
  let [verb, ...rest] = args;
  if (verb === 'container' || verb === 'system') [verb, ...rest] = rest;
  else if (verb === 'image') {
    const [inner, ...more] = rest;
    if (inner === 'inspect') return inspect(cli, more, 'image');
    if (inner === 'ls' || inner === 'list') return images(cli, more);
    verb = inner === 'rm' ? 'rmi' : inner;
    rest = more;
  }
  const { engine } = cli;
  switch (verb) {
    case 'version':
      return version(cli, rest);
    case 'info':
      return info(cli, rest);
    case 'ps':
    case 'ls':
      return ps(cli, rest);
    case 'inspect':
      return inspect(cli, rest, args[0] === 'container' ? 'container' : undefined);
    case 'images':
      return images(cli, rest);
    case 'pull':
      return pull(cli, rest);
    case 'run':
    case 'create':
      return run(cli, rest, verb === 'run');
    case 'update':
      return each(cli, rest, ['--memory', '-m', '--cpu-shares', '-c'], (container, options) => {
        container.options.restart = options.get('--restart') ?? container.options.restart;
      });
    case 'start':
      return each(cli, rest, [], (container) => engine.begin(container));
    case 'stop':
      return each(cli, rest, ['-t', '--time'], (container) => engine.kill(container, 143));
    case 'kill':
      return each(cli, rest, ['-s', '--signal'], (container) => {
        if (!container.running) {
          throw new DockerError(
            `Cannot kill container: ${container.options.name}: Container ${container.id} is not running`,
          );
        }
        engine.kill(container, 137);
      });
    case 'restart':
      return each(cli, rest, ['-t', '--time'], (container) => {
        engine.kill(container, 143);
        engine.begin(container);
      });
    case 'rm':
      return each(cli, rest, [], (container, options) => {
        const force = options.has('-f') || options.has('--force') || options.has('-fv') || options.has('-vf');
        if (container.running && !force) {
          throw new DockerError(
            `You cannot remove a running container ${container.id}. Stop the container before attempting removal or force remove`,
          );
        }
        engine.remove(container);
      });
    case 'rmi': {
      if (!engine.running) return cli.noDaemon();
      let failed = 0;
      for (const word of split(rest, []).words) {
        const image = engine.image(word);
        if (!image) {
          cli.terminal.err(`Error: No such image: ${word}\n`);
          failed = 1;
        } else {
          engine.images.splice(engine.images.indexOf(image), 1);
          cli.say(`Untagged: ${image.reference}`);
        }
      }
      return failed;
    }
    case 'wait': {
      const container = engine.find(rest[0] ?? '');
      if (container) cli.say(String(await attach(cli, container)));
      return container ? 0 : 1;
    }
    case 'logs':
      return logs(cli, rest);
    case 'exec':
      return exec(cli, rest);
    case 'network':
      return network(cli, rest);
    default:
      return cli.unknown(verb ?? '');
  }
}

/** Runs docker for a caller. A bad template is docker's own error. */
export async function docker(machine: Machine, args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await command(new Cli(machine, terminal), args);
  } catch (error) {
    if (!/^template/.test((error as Error).message)) throw error;
    terminal.err(`${(error as Error).message}\n`);
    return 64;
  }
}

/** `docker …` as a unit runs it: a process of the model, whose SIGTERM reaches the container it waits for. */
export function dockerProcess(machine: Machine, args: readonly string[], unit: string): Process {
  const process = modelled(machine.nextPid());
  const abort = new AbortController();
  const say = (text: string | Uint8Array) => {
    for (const line of String(text).split('\n')) if (line) machine.log(unit, line);
  };
  const name = args[0] === 'run' ? args.find((word) => word.startsWith('--name='))?.slice(7) : undefined;
  const named = name ?? (args[0] === 'run' ? args[args.indexOf('--name') + 1] : undefined);
  process.handle = (signal) => {
    const container = named ? machine.engine.find(named) : undefined;
    if (container?.running) machine.engine.kill(container, signal === 'SIGTERM' ? 143 : 137);
    abort.abort();
    process.end(signal === 'SIGTERM' ? 143 : null, signal === 'SIGTERM' ? null : signal);
  };
  const fault = machine.faults.draw('docker', args);
  if (fault?.fail !== undefined && !fault.after) {
    if (fault.stderr) say(fault.stderr);
    process.end(fault.fail, null);
    return process;
  }
  void docker(machine, args, { out: say, err: say, signal: abort.signal }).then(
    (code) => process.end(code, null),
    (error: unknown) => {
      say(String(error));
      process.end(254, null);
    },
  );
  return process;
}
