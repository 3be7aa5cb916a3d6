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
    const rows = cli.engine
      .allNetworks()
      .filter(
        (network) => !filter || filter === `driver=${network.driver}` || filter === `name=${network.name}`,
      )
      .map((network) => ({
        ID: options.has('--no-trunc') ? network.id : network.id.slice(0, 12),
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
    const places = driver === 'calico' && cli.machine.calico ? cli.machine.calico : cli.engine;
    if (cli.engine.allNetworks().some(({ name }) => name === network.name)) {
      cli.terminal.err(`Error response from daemon: network with name ${network.name} already exists\n`);
      return 1;
    }
    places.networks.push(network);
    cli.say(network.id);
    return 0;
  }
  if (verb === 'rm') {
    for (const name of rest) {
      const network = cli.engine.allNetworks().find((each) => each.name === name || each.id === name);
      if (!network) {
        cli.terminal.err(`Error: No such network: ${name}\n`);
        return 1;
      }
      if (network.driver === 'calico' && cli.machine.calico?.isOn(network.name)) {
        cli.terminal.err(
          `Error response from daemon: error while removing network: network ${network.name} id ${network.id} has active endpoints\n`,
        );
        return 1;
      }
      const places = cli.engine.networks.includes(network)
        ? cli.engine.networks
        : cli.machine.calico!.networks;
      places.splice(places.indexOf(network), 1);
      cli.say(name);
    }
    return 0;
  }
  return cli.unknown(`network ${verb ?? ''}`);
}
