// The docker command of a sandbox host: what Docker 1.13 to 20.10 print.
import type { Call } from '../call.ts';
import type { Machine } from '../machine.ts';
import { birdProtocols } from '../programs/calico-node.ts';
import { modelled, type Process } from '../systemd/process.ts';
import { type Container, DockerError, fullReference } from './engine.ts';
import { parseRun, UsageError } from './run-options.ts';
import { format } from './template.ts';
import * as views from './views.ts';

type Terminal = Pick<Call, 'out' | 'err' | 'signal'>;

const NO_DAEMON =
  'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n';

/** Splits arguments into options (with values where `valued` says so) and words. */
function split(args: readonly string[], valued: readonly string[]) {
  const options = new Map<string, string>();
  const words: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const argument = args[i]!;
    if (!argument.startsWith('-') || argument === '-') {
      words.push(argument);
      continue;
    }
    const equals = argument.indexOf('=');
    const name = equals > 0 ? argument.slice(0, equals) : argument;
    if (equals > 0) options.set(name, argument.slice(equals + 1));
    else options.set(name, valued.includes(name) ? (args[++i] ?? '') : 'true');
  }
  return { options, words };
}

const formatOf = (options: Map<string, string>) => options.get('--format') ?? options.get('-f');

function table(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) => row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]! + 3))).join(''))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

class Docker {
  readonly #machine: Machine;
  readonly #terminal: Terminal;

  constructor(machine: Machine, terminal: Terminal) {
    this.#machine = machine;
    this.#terminal = terminal;
  }

  get #engine() {
    return this.#machine.engine;
  }

  #noDaemon(): number {
    this.#terminal.err(NO_DAEMON);
    return 1;
  }

  #say(line: string): void {
    this.#terminal.out(`${line}\n`);
  }

  version(args: readonly string[]): number {
    const { options } = split(args, ['--format', '-f']);
    const template = formatOf(options);
    const client = views.clientVersion(this.#machine.spec.docker?.versionOnDisk ?? this.#engine.version);
    const server = this.#engine.running ? views.serverVersion(this.#engine.version) : undefined;
    if (template) {
      if (!server && template.includes('.Server')) {
        // docker prints an empty line before its complaint: the server is a nil pointer.
        this.#terminal.out('\n');
        return this.#noDaemon();
      }
      this.#say(format(template, { Client: client, Server: server ?? null }));
      return server ? 0 : this.#noDaemon();
    }
    const block = (title: string, object: Record<string, unknown>, names: [string, string][]) =>
      `${title}\n${names.map(([label, key]) => ` ${`${label}:`.padEnd(19)}${object[key]}\n`).join('')}`;
    this.#terminal.out(
      block('Client: Docker Engine - Community', client, [
        ['Version', 'Version'],
        ['API version', 'ApiVersion'],
        ['Go version', 'GoVersion'],
        ['Git commit', 'GitCommit'],
        ['Built', 'BuildTime'],
      ]),
    );
    if (!server) return this.#noDaemon();
    this.#terminal.out(
      `\n${block('Server: Docker Engine - Community\n Engine:', server, [
        [' Version', 'Version'],
        [' API version', 'ApiVersion'],
        [' Go version', 'GoVersion'],
        [' Git commit', 'GitCommit'],
      ])}`,
    );
    return 0;
  }

  info(args: readonly string[]): number {
    const template = formatOf(split(args, ['--format', '-f']).options);
    if (!this.#engine.running) {
      if (template) {
        if (Number.parseInt(this.#engine.version, 10) >= 19) {
          // Since 19.03 the client prints what it has and fails afterwards.
          this.#say(
            format(template, { ServerErrors: [NO_DAEMON.trim()], ClientInfo: {} }, false).replaceAll(
              '<no value>',
              '',
            ),
          );
        }
        return this.#noDaemon();
      }
      if (Number.parseInt(this.#engine.version, 10) < 19) return this.#noDaemon();
      this.#terminal.out(`Client:\n Context:    default\n Debug Mode: false\n\nServer:\n`);
      this.#terminal.err(`ERROR: ${NO_DAEMON}errors pretty printing info\n`);
      return 1;
    }
    if (template) {
      this.#say(
        template === 'json'
          ? JSON.stringify(views.infoObject(this.#machine))
          : format(template, views.infoObject(this.#machine)),
      );
    } else this.#terminal.out(views.infoText(this.#machine));
    return 0;
  }

  ps(args: readonly string[]): number {
    if (!this.#engine.running) return this.#noDaemon();
    const expanded = args.flatMap((argument) =>
      /^-[aqln]{2,}$/.test(argument) ? [...argument.slice(1)].map((letter) => `-${letter}`) : [argument],
    );
    const filters: [string, string][] = [];
    expanded.forEach((argument, i) => {
      const given =
        argument === '--filter' || argument === '-f'
          ? expanded[i + 1]
          : argument.startsWith('--filter=')
            ? argument.slice(9)
            : undefined;
      if (given) filters.push([given.slice(0, given.indexOf('=')), given.slice(given.indexOf('=') + 1)]);
    });
    const { options } = split(expanded, ['--format', '--filter', '-f', '--last', '-n']);
    const all = options.has('-a') || options.has('--all');
    const status = (container: Container) =>
      container.running ? 'running' : container.started ? 'exited' : 'created';
    const shown = this.#engine.containers
      .filter((container) => all || container.running || filters.some(([key]) => key === 'status'))
      .filter((container) =>
        filters.every(([key, value]) => {
          if (key === 'name')
            return (
              new RegExp(value).test(`/${container.options.name}`) ||
              new RegExp(value).test(container.options.name)
            );
          if (key === 'status') return status(container) === value;
          if (key === 'id') return container.id.startsWith(value);
          if (key === 'ancestor') return fullReference(container.options.image) === fullReference(value);
          if (key === 'label') {
            const [name, wanted] = value.split('=');
            return (
              name! in container.options.labels &&
              (wanted === undefined || container.options.labels[name!] === wanted)
            );
          }
          return true;
        }),
      )
      .reverse();
    const now = this.#machine.clock.now();
    const full = options.has('--no-trunc');
    const rows = shown.map((container) => ({
      ID: full ? container.id : container.id.slice(0, 12),
      Image: container.options.image,
      Command: `"${container.options.command.join(' ') || 'start_runit'}"`,
      CreatedAt: new Date(container.created).toISOString(),
      RunningFor: `${views.containerStatus({ ...container, running: true, started: container.created }, now).slice(3)} ago`,
      Ports: '',
      Status: views.containerStatus(container, now),
      State: status(container),
      Names: container.options.name,
      Labels: Object.entries(container.options.labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(','),
      Networks: container.options.network,
    }));
    const template = options.get('--format');
    if (options.has('-q') || options.has('--quiet')) for (const row of rows) this.#say(row.ID);
    else if (template) for (const row of rows) this.#say(format(template, row));
    else {
      this.#terminal.out(
        table([
          ['CONTAINER ID', 'IMAGE', 'COMMAND', 'CREATED', 'STATUS', 'PORTS', 'NAMES'],
          ...rows.map((row) => [
            row.ID,
            row.Image,
            row.Command,
            row.RunningFor,
            row.Status,
            row.Ports,
            row.Names,
          ]),
        ]),
      );
    }
    return 0;
  }

  inspect(args: readonly string[], only?: 'container' | 'image' | 'network'): number {
    const { options, words } = split(args, ['--format', '-f', '--type']);
    if (!this.#engine.running) return this.#noDaemon();
    const type = options.get('--type') ?? only;
    const found: unknown[] = [];
    let missing = false;
    for (const word of words) {
      const container = type && type !== 'container' ? undefined : this.#engine.find(word);
      const image = type && type !== 'image' ? undefined : this.#engine.image(word);
      const network =
        type && type !== 'network' ? undefined : this.#engine.networks.find((each) => each.name === word);
      if (container) found.push(views.inspectContainer(container, this.#engine));
      else if (image) found.push(views.inspectImage(image));
      else if (network)
        found.push({ Name: network.name, Id: network.id, Driver: network.driver, Scope: network.scope });
      else {
        missing = true;
        this.#terminal.err(
          only === 'image' || type === 'image'
            ? `Error: No such image: ${word}\n`
            : `Error: No such ${type ?? 'object'}: ${word}\n`,
        );
      }
    }
    const template = formatOf(options);
    if (template) for (const object of found) this.#say(format(template, object));
    else this.#say(found.length ? JSON.stringify(found, null, 4) : '[]');
    return missing ? 1 : 0;
  }

  images(args: readonly string[]): number {
    if (!this.#engine.running) return this.#noDaemon();
    const { options, words } = split(args, ['--format', '--filter', '-f']);
    const rows = this.#engine.images
      .filter(
        ({ reference }) =>
          !words[0] || reference === words[0] || reference.replace(/:[^:/]*$/, '') === words[0],
      )
      .map((image) => {
        const colon = image.reference.lastIndexOf(':');
        return {
          Repository: image.reference.slice(0, colon),
          Tag: image.reference.slice(colon + 1),
          ID: image.id.slice(7, 19),
          CreatedSince: '7 years ago',
          Size: '281MB',
        };
      });
    const template = options.get('--format');
    if (options.has('-q') || options.has('--quiet')) for (const row of rows) this.#say(row.ID);
    else if (template) for (const row of rows) this.#say(format(template, row));
    else {
      this.#terminal.out(
        table([
          ['REPOSITORY', 'TAG', 'IMAGE ID', 'CREATED', 'SIZE'],
          ...rows.map((row) => [row.Repository, row.Tag, row.ID, row.CreatedSince, row.Size]),
        ]),
      );
    }
    return 0;
  }

  pull(args: readonly string[]): number {
    if (!this.#engine.running) return this.#noDaemon();
    const { options, words } = split(args, []);
    const [reference] = words;
    if (!reference) {
      this.#terminal.err(`"docker pull" requires exactly 1 argument.\nSee 'docker pull --help'.\n`);
      return 1;
    }
    const quiet = options.has('-q') || options.has('--quiet');
    return this.#pull(reference, quiet, this.#terminal.out) ? 0 : 1;
  }

  #pull(reference: string, quiet: boolean, say: (text: string) => void): boolean {
    const full = fullReference(reference);
    const { registry } = this.#machine.spec.docker ?? {};
    if (registry && !registry.some((known) => fullReference(known) === full)) {
      this.#terminal.err(
        `Error response from daemon: manifest for ${full} not found: manifest unknown: manifest unknown\n`,
      );
      return false;
    }
    const tag = full.slice(full.lastIndexOf(':') + 1);
    const known = this.#engine.image(full);
    const image = known ?? this.#engine.addImage(full);
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

  async run(args: readonly string[], start: boolean): Promise<number> {
    let request: ReturnType<typeof parseRun>;
    try {
      request = parseRun(this.#machine, args);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      this.#terminal.err(`docker: ${error.message}\nSee 'docker run --help'.\n`);
      return 125;
    }
    if (!this.#engine.running) {
      this.#terminal.err(`docker: ${NO_DAEMON}See 'docker run --help'.\n`);
      return 125;
    }
    if (!this.#engine.image(request.options.image)) {
      this.#terminal.err(`Unable to find image '${fullReference(request.options.image)}' locally\n`);
      if (request.pull === 'never' || !this.#pull(request.options.image, false, this.#terminal.err))
        return 125;
    }
    const mode = request.options.network;
    if (
      !['default', 'bridge', 'host', 'none'].includes(mode) &&
      !this.#engine.networks.some((each) => each.name === mode)
    ) {
      this.#terminal.err(`docker: Error response from daemon: network ${mode} not found.\n`);
      return 125;
    }
    let container: Container;
    try {
      container = this.#engine.create(request.options);
    } catch (error) {
      if (!(error instanceof DockerError)) throw error;
      this.#terminal.err(`docker: Error response from daemon: ${error.message}\nSee 'docker run --help'.\n`);
      return 125;
    }
    if (!start) {
      this.#say(container.id);
      return 0;
    }
    this.#engine.begin(container);
    if (request.detach) {
      this.#say(container.id);
      return 0;
    }
    return this.attach(container);
  }

  /** Waits for a container's end. A signal to the client reaches the container, as `--sig-proxy` does it. */
  async attach(container: Container): Promise<number> {
    await new Promise<void>((resolve) => {
      if (!container.running) return resolve();
      container.waiters.push(resolve);
      this.#terminal.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    return container.exitCode;
  }

  each(
    args: readonly string[],
    valued: readonly string[],
    act: (container: Container, options: Map<string, string>) => void,
  ): number {
    if (!this.#engine.running) return this.#noDaemon();
    const { options, words } = split(args, valued);
    let failed = false;
    for (const word of words) {
      const container = this.#engine.find(word);
      try {
        if (!container) throw new DockerError(`No such container: ${word}`);
        act(container, options);
        this.#say(word);
      } catch (error) {
        if (!(error instanceof DockerError)) throw error;
        failed = true;
        this.#terminal.err(
          `Error${error.message.startsWith('No such') ? '' : ' response from daemon'}: ${error.message}\n`,
        );
      }
    }
    return failed ? 1 : 0;
  }

  logs(args: readonly string[]): number {
    if (!this.#engine.running) return this.#noDaemon();
    const { options, words } = split(args, ['--tail', '-n', '--since', '--until']);
    const container = this.#engine.find(words[0] ?? '');
    if (!container) {
      this.#terminal.err(`Error: No such container: ${words[0]}\n`);
      return 1;
    }
    const tail = Number(options.get('--tail') ?? options.get('-n'));
    const lines = Number.isFinite(tail)
      ? container.logs.slice(-tail || container.logs.length)
      : container.logs;
    for (const { stream, line } of lines)
      (stream === 'stdout' ? this.#terminal.out : this.#terminal.err)(`${line}\n`);
    return 0;
  }

  async exec(args: readonly string[]): Promise<number> {
    if (!this.#engine.running) return this.#noDaemon();
    let i = 0;
    while (i < args.length && args[i]!.startsWith('-'))
      i += ['-e', '--env', '-u', '--user', '-w'].includes(args[i]!) ? 2 : 1;
    const container = this.#engine.find(args[i] ?? '');
    if (!container) {
      this.#terminal.err(`Error: No such container: ${args[i]}\n`);
      return 1;
    }
    if (!container.running) {
      this.#terminal.err(`Error response from daemon: Container ${container.id} is not running\n`);
      return 1;
    }
    const command = args.slice(i + 1);
    const line = command.join(' ');
    if (/\bbirdc6?l?\b|birdcl/.test(line)) {
      if (!container.halt || !/node/.test(container.options.image)) {
        this.#terminal.out(
          'Unable to connect to server control socket (/var/run/calico/bird.ctl): No such file or directory\n',
        );
        return 1;
      }
      if (/show protocols/.test(line)) {
        try {
          this.#terminal.out(await birdProtocols(this.#machine, container));
        } catch {
          this.#terminal.out(
            'BIRD v0.3.3+birdv1.6.3 ready.\nname     proto    table    state  since       info\n',
          );
        }
      } else this.#terminal.out('BIRD v0.3.3+birdv1.6.3 ready.\nDaemon is up and running\n');
      return 0;
    }
    if (command[0] === 'true') return 0;
    this.#terminal.err(
      `OCI runtime exec failed: exec failed: unable to start container process: exec: "${command[0]}": executable file not found in $PATH: unknown\n`,
    );
    return 126;
  }

  network(args: readonly string[]): number {
    if (!this.#engine.running) return this.#noDaemon();
    const [verb, ...rest] = args;
    if (verb === 'inspect') return this.inspect(rest, 'network');
    if (verb === 'ls') {
      const { options } = split(rest, ['--format', '--filter', '-f']);
      const filter = options.get('--filter') ?? options.get('-f');
      const rows = this.#engine.networks
        .filter(
          (network) => !filter || filter === `driver=${network.driver}` || filter === `name=${network.name}`,
        )
        .map((network) => ({
          ID: network.id.slice(0, 12),
          Name: network.name,
          Driver: network.driver,
          Scope: network.scope,
        }));
      const template = options.get('--format');
      if (options.has('-q')) for (const row of rows) this.#say(row.ID);
      else if (template) for (const row of rows) this.#say(format(template, row));
      else {
        this.#terminal.out(
          table([
            ['NETWORK ID', 'NAME', 'DRIVER', 'SCOPE'],
            ...rows.map((row) => [row.ID, row.Name, row.Driver, row.Scope]),
          ]),
        );
      }
      return 0;
    }
    if (verb === 'create') {
      const { options, words } = split(rest, [
        '--driver',
        '-d',
        '--ipam-driver',
        '--subnet',
        '--gateway',
        '-o',
        '--opt',
        '--label',
      ]);
      const driver = options.get('--driver') ?? options.get('-d') ?? 'bridge';
      if (driver === 'calico' && !this.#machine.reach.sockets.has('/run/docker/plugins/calico.sock')) {
        this.#terminal.err('Error response from daemon: legacy plugin: plugin not found\n');
        return 1;
      }
      if (driver === 'calico' && !this.#engine.store) {
        this.#terminal.err('Error response from daemon: datastore for scope "global" is not initialized \n');
        return 1;
      }
      const network = {
        id: this.#engine.id(),
        name: words[0] ?? '',
        driver,
        scope: driver === 'calico' ? 'global' : 'local',
      };
      this.#engine.networks.push(network);
      this.#say(network.id);
      return 0;
    }
    if (verb === 'rm') {
      for (const name of rest) {
        const index = this.#engine.networks.findIndex((network) => network.name === name);
        if (index < 0) {
          this.#terminal.err(`Error: No such network: ${name}\n`);
          return 1;
        }
        this.#engine.networks.splice(index, 1);
        this.#say(name);
      }
      return 0;
    }
    return this.#unknown(`network ${verb ?? ''}`);
  }

  #unknown(verb: string): number {
    this.#terminal.err(`docker: '${verb}' is not a docker command.\nSee 'docker --help'\n`);
    return 1;
  }

  async command(given: readonly string[]): Promise<number> {
    let args = [...given];
    while (args[0]?.startsWith('-')) {
      if (args[0] === '--version' || args[0] === '-v') {
        this.#say(
          `Docker version ${this.#machine.spec.docker?.versionOnDisk ?? this.#engine.version}, build 5d6db84`,
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
      if (inner === 'inspect') return this.inspect(more, 'image');
      if (inner === 'ls' || inner === 'list') return this.images(more);
      verb = inner === 'rm' ? 'rmi' : inner;
      rest = more;
    }
    const { engine } = { engine: this.#engine };
    switch (verb) {
      case 'version':
        return this.version(rest);
      case 'info':
        return this.info(rest);
      case 'ps':
      case 'ls':
        return this.ps(rest);
      case 'inspect':
        return this.inspect(rest, args[0] === 'container' ? 'container' : undefined);
      case 'images':
        return this.images(rest);
      case 'pull':
        return this.pull(rest);
      case 'run':
      case 'create':
        return this.run(rest, verb === 'run');
      case 'start':
        return this.each(rest, [], (container) => engine.begin(container));
      case 'stop':
        return this.each(rest, ['-t', '--time'], (container) => engine.kill(container, 143));
      case 'kill':
        return this.each(rest, ['-s', '--signal'], (container) => {
          if (!container.running) {
            throw new DockerError(
              `Cannot kill container: ${container.options.name}: Container ${container.id} is not running`,
            );
          }
          engine.kill(container, 137);
        });
      case 'restart':
        return this.each(rest, ['-t', '--time'], (container) => {
          engine.kill(container, 143);
          engine.begin(container);
        });
      case 'rm':
        return this.each(rest, [], (container, options) => {
          const force =
            options.has('-f') || options.has('--force') || options.has('-fv') || options.has('-vf');
          if (container.running && !force) {
            throw new DockerError(
              `You cannot remove a running container ${container.id}. Stop the container before attempting removal or force remove`,
            );
          }
          engine.remove(container);
        });
      case 'rmi': {
        if (!engine.running) return this.#noDaemon();
        let failed = 0;
        for (const word of split(rest, []).words) {
          const image = engine.image(word);
          if (!image) {
            this.#terminal.err(`Error: No such image: ${word}\n`);
            failed = 1;
          } else {
            engine.images.splice(engine.images.indexOf(image), 1);
            this.#say(`Untagged: ${image.reference}`);
          }
        }
        return failed;
      }
      case 'wait': {
        const container = engine.find(rest[0] ?? '');
        if (container) this.#say(String(await this.attach(container)));
        return container ? 0 : 1;
      }
      case 'logs':
        return this.logs(rest);
      case 'exec':
        return this.exec(rest);
      case 'network':
        return this.network(rest);
      default:
        return this.#unknown(verb ?? '');
    }
  }
}

/** Runs docker for a caller. A bad template is docker's own error. */
export async function docker(machine: Machine, args: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await new Docker(machine, terminal).command(args);
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
