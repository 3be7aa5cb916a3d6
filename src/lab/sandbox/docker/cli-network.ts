// docker network.
import { type Cli, split, table } from './cli-context.ts';
import { inspect } from './cli-describe.ts';
import { format } from './template.ts';

export function network(cli: Cli, args: readonly string[]): number {
  if (!cli.engine.running) return cli.noDaemon();
  const [verb, ...rest] = args;
  if (verb === 'inspect') return inspect(cli, rest, 'network');
  if (verb === 'ls') {
    const { options } = split(rest, ['--format', '--filter', '-f']);
    const filter = options.get('--filter') ?? options.get('-f');
    const rows = cli.engine.networks
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
    if (options.has('-q')) for (const row of rows) cli.say(row.ID);
    else if (template) for (const row of rows) cli.say(format(template, row));
    else {
      cli.terminal.out(
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
    if (driver === 'calico' && !cli.machine.reach.sockets.has('/run/docker/plugins/calico.sock')) {
      cli.terminal.err('Error response from daemon: legacy plugin: plugin not found\n');
      return 1;
    }
    if (driver === 'calico' && !cli.engine.store) {
      cli.terminal.err('Error response from daemon: datastore for scope "global" is not initialized \n');
      return 1;
    }
    const network = {
      id: cli.engine.id(),
      name: words[0] ?? '',
      driver,
      scope: driver === 'calico' ? 'global' : 'local',
    };
    cli.engine.networks.push(network);
    cli.say(network.id);
    return 0;
  }
  if (verb === 'rm') {
    for (const name of rest) {
      const index = cli.engine.networks.findIndex((network) => network.name === name);
      if (index < 0) {
        cli.terminal.err(`Error: No such network: ${name}\n`);
        return 1;
      }
      cli.engine.networks.splice(index, 1);
      cli.say(name);
    }
    return 0;
  }
  return cli.unknown(`network ${verb ?? ''}`);
}
