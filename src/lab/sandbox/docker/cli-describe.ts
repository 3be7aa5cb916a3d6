// docker version, info and inspect.
import { type Cli, formatOf, NO_DAEMON, split } from './cli-context.ts';
import { format } from './template.ts';
import * as views from './views.ts';

export function version(cli: Cli, args: readonly string[]): number {
  const { options } = split(args, ['--format', '-f']);
  const template = formatOf(options);
  const client = views.clientVersion(cli.machine.spec.docker?.versionOnDisk ?? cli.engine.version);
  const server = cli.engine.running ? views.serverVersion(cli.engine.version) : undefined;
  if (template) {
    if (!server && template.includes('.Server')) {
      // docker prints an empty line before its complaint: the server is a nil pointer.
      cli.terminal.out('\n');
      return cli.noDaemon();
    }
    cli.say(format(template, { Client: client, Server: server ?? null }));
    return server ? 0 : cli.noDaemon();
  }
  const block = (title: string, object: Record<string, unknown>, names: [string, string][]) =>
    `${title}\n${names.map(([label, key]) => ` ${`${label}:`.padEnd(19)}${object[key]}\n`).join('')}`;
  cli.terminal.out(
    block('Client: Docker Engine - Community', client, [
      ['Version', 'Version'],
      ['API version', 'ApiVersion'],
      ['Go version', 'GoVersion'],
      ['Git commit', 'GitCommit'],
      ['Built', 'BuildTime'],
    ]),
  );
  if (!server) return cli.noDaemon();
  cli.terminal.out(
    `\n${block('Server: Docker Engine - Community\n Engine:', server, [
      [' Version', 'Version'],
      [' API version', 'ApiVersion'],
      [' Go version', 'GoVersion'],
      [' Git commit', 'GitCommit'],
    ])}`,
  );
  return 0;
}

export function info(cli: Cli, args: readonly string[]): number {
  const template = formatOf(split(args, ['--format', '-f']).options);
  if (!cli.engine.running) {
    if (template) {
      if (Number.parseInt(cli.engine.version, 10) >= 19) {
        // Since 19.03 the client prints what it has and fails afterwards.
        cli.say(
          format(template, { ServerErrors: [NO_DAEMON.trim()], ClientInfo: {} }, false).replaceAll(
            '<no value>',
            '',
          ),
        );
      }
      return cli.noDaemon();
    }
    if (Number.parseInt(cli.engine.version, 10) < 19) return cli.noDaemon();
    cli.terminal.out(`Client:\n Context:    default\n Debug Mode: false\n\nServer:\n`);
    cli.terminal.err(`ERROR: ${NO_DAEMON}errors pretty printing info\n`);
    return 1;
  }
  if (template) {
    cli.say(
      template === 'json'
        ? JSON.stringify(views.infoObject(cli.machine))
        : format(template, views.infoObject(cli.machine)),
    );
  } else cli.terminal.out(views.infoText(cli.machine));
  return 0;
}

export function inspect(cli: Cli, args: readonly string[], only?: 'container' | 'image' | 'network'): number {
  const { options, words } = split(args, ['--format', '-f', '--type']);
  if (!cli.engine.running) return cli.noDaemon();
  const type = options.get('--type') ?? only;
  const found: unknown[] = [];
  let missing = false;
  for (const word of words) {
    const container = type && type !== 'container' ? undefined : cli.engine.find(word);
    const image = type && type !== 'image' ? undefined : cli.engine.image(word);
    const network =
      type && type !== 'network' ? undefined : cli.engine.allNetworks().find((each) => each.name === word);
    if (container) found.push(views.inspectContainer(container, cli.engine, cli.machine.address));
    else if (image) found.push(views.inspectImage(image));
    else if (network)
      found.push({ Name: network.name, Id: network.id, Driver: network.driver, Scope: network.scope });
    else {
      missing = true;
      cli.terminal.err(
        only === 'image' || type === 'image'
          ? `Error: No such image: ${word}\n`
          : `Error: No such ${type ?? 'object'}: ${word}\n`,
      );
    }
  }
  const template = formatOf(options);
  if (template) for (const object of found) cli.say(format(template, object));
  else cli.say(found.length ? JSON.stringify(found, null, 4) : '[]');
  return missing ? 1 : 0;
}
