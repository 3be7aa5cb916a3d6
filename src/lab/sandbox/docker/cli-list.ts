// docker ps and images.
import { type Cli, split, table } from './cli-context.ts';
import { type Container, fullReference } from './container.ts';
import { format } from './template.ts';
import { containerStatus } from './views.ts';

export function ps(cli: Cli, args: readonly string[]): number {
  if (!cli.engine.running) return cli.noDaemon();
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
  const shown = cli.engine.containers
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
  const now = cli.machine.clock.now();
  const full = options.has('--no-trunc');
  const rows = shown.map((container) => ({
    ID: full ? container.id : container.id.slice(0, 12),
    Image: container.options.image,
    Command: `"${container.options.command.join(' ') || 'start_runit'}"`,
    CreatedAt: new Date(container.created).toISOString(),
    RunningFor: `${containerStatus({ ...container, running: true, started: container.created }, now).slice(3)} ago`,
    Ports: '',
    Status: containerStatus(container, now),
    State: status(container),
    Names: container.options.name,
    Labels: Object.entries(container.options.labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(','),
    Networks: container.options.network,
  }));
  const template = options.get('--format');
  if (options.has('-q') || options.has('--quiet')) for (const row of rows) cli.say(row.ID);
  else if (template) for (const row of rows) cli.say(format(template, row));
  else {
    cli.terminal.out(
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

export function images(cli: Cli, args: readonly string[]): number {
  if (!cli.engine.running) return cli.noDaemon();
  const { options, words } = split(args, ['--format', '--filter', '-f']);
  const rows = cli.engine.images
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
  if (options.has('-q') || options.has('--quiet')) for (const row of rows) cli.say(row.ID);
  else if (template) for (const row of rows) cli.say(format(template, row));
  else {
    cli.terminal.out(
      table([
        ['REPOSITORY', 'TAG', 'IMAGE ID', 'CREATED', 'SIZE'],
        ...rows.map((row) => [row.Repository, row.Tag, row.ID, row.CreatedSince, row.Size]),
      ]),
    );
  }
  return 0;
}
