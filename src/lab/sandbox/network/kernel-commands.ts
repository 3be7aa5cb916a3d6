// ip, modprobe, ss and netstat: links, addresses, routes, modules and ports.
import type { Call } from '../call.ts';
import type { Machine } from '../machine.ts';

export function ip(machine: Machine, call: Call): number {
  const { kernel } = machine;
  const args = call.args.filter(
    (argument) => !/^-(o|4|6|br|brief|d|details|s|h|j|json|family)$/.test(argument),
  );
  const oneLine = call.args.includes('-o');
  const [object = '', verb = 'show', ...rest] = args;
  const kind = {
    a: 'addr',
    addr: 'addr',
    address: 'addr',
    l: 'link',
    link: 'link',
    r: 'route',
    ro: 'route',
    route: 'route',
  }[object];
  const missing = (name: string): number => {
    call.err(
      verb === 'del' || verb === 'delete'
        ? `Cannot find device "${name}"\n`
        : `Device "${name}" does not exist.\n`,
    );
    return 1;
  };
  const after = (word: string) => (rest.includes(word) ? rest[rest.indexOf(word) + 1] : undefined);
  if (kind === 'link' || kind === 'addr') {
    const name =
      after('dev') ??
      rest.find(
        (word) =>
          !['show', 'set', 'up', 'down', 'type', 'dev'].includes(word) &&
          !word.includes('/') &&
          word !== after('type'),
      );
    const type = after('type');
    if (['show', 'list', 'ls', 'lst'].includes(verb)) {
      const links = kernel.links.filter(
        (link) => (!name || link.name === name) && (!type || link.kind === type),
      );
      if (name && !links.length) return missing(name);
      for (const link of links) {
        const index = kernel.links.indexOf(link) + 1;
        const state = link.up ? 'UP' : 'DOWN';
        if (oneLine && kind === 'addr') {
          for (const address of link.addresses)
            call.out(
              `${index}: ${link.name}    inet ${address} scope global ${link.name}\\       valid_lft forever preferred_lft forever\n`,
            );
          continue;
        }
        call.out(
          `${index}: ${link.name}${link.kind === 'ipip' ? '@NONE' : ''}: <${link.up ? 'UP,LOWER_UP' : ''}> mtu ${link.mtu} qdisc noqueue state ${state} mode DEFAULT group default qlen 1000\n    link/ether 02:42:ac:11:00:02 brd ff:ff:ff:ff:ff:ff\n`,
        );
        if (kind === 'addr')
          for (const address of link.addresses)
            call.out(
              `    inet ${address} scope global ${link.name}\n       valid_lft forever preferred_lft forever\n`,
            );
      }
      return 0;
    }
    const link = name ? kernel.link(name) : undefined;
    if (!link) return missing(name ?? '');
    if (kind === 'link' && (verb === 'del' || verb === 'delete')) {
      if (link.name === 'tunl0') {
        // The ipip module's own device goes only with the module.
        call.err('RTNETLINK answers: Operation not supported\n');
        return 2;
      }
      kernel.links.splice(kernel.links.indexOf(link), 1);
      return 0;
    }
    if (kind === 'link' && verb === 'set') {
      link.up = !rest.includes('down');
      return 0;
    }
    if (kind === 'addr' && verb === 'flush') {
      link.addresses = [];
      return 0;
    }
    const address = rest.find((word) => /^[\d.]+(\/\d+)?$/.test(word));
    if (kind === 'addr' && verb === 'add' && address) {
      if (link.addresses.includes(address)) {
        call.err('RTNETLINK answers: File exists\n');
        return 2;
      }
      link.addresses.push(address);
      return 0;
    }
    if (kind === 'addr' && (verb === 'del' || verb === 'delete') && address) {
      if (!link.addresses.includes(address)) {
        call.err('RTNETLINK answers: Cannot assign requested address\n');
        return 2;
      }
      link.addresses = link.addresses.filter((each) => each !== address);
      return 0;
    }
  }
  if (kind === 'route') {
    const show = ['show', 'list', 'ls', 'save'].includes(verb);
    const proto = after('proto');
    const destination = rest.find((word) => /^(default|[\d.]+(\/\d+)?)$/.test(word));
    const matching = kernel.routes.filter(
      (route) =>
        (!proto || route.proto === proto) &&
        (!destination || route.destination === destination) &&
        (!after('dev') || route.dev === after('dev')),
    );
    if (show) {
      for (const route of matching) {
        call.out(
          `${route.blackhole ? 'blackhole ' : ''}${route.destination}${route.via ? ` via ${route.via}` : ''}${route.dev ? ` dev ${route.dev}` : ''}${route.proto ? ` proto ${route.proto}` : ''}${route.proto === 'kernel' ? ` scope link src ${machine.address}` : ''} \n`,
        );
      }
      return 0;
    }
    if (verb === 'get') {
      call.out(`${destination} dev eth0 src ${machine.address} uid 0 \n    cache \n`);
      return 0;
    }
    if (verb === 'del' || verb === 'delete' || verb === 'flush') {
      if (!matching.length && verb !== 'flush') {
        call.err('RTNETLINK answers: No such process\n');
        return 2;
      }
      kernel.routes = kernel.routes.filter((route) => !matching.includes(route));
      return 0;
    }
  }
  call.err(`Object "${object}" is unknown, try "ip help".\n`);
  return 1;
}

export function modprobe(machine: Machine, call: Call): number {
  const { kernel } = machine;
  const dry = call.args.some((argument) =>
    ['-n', '--dry-run', '--show', '-D', '--show-depends'].includes(argument),
  );
  const remove = call.args.includes('-r');
  for (const name of call.args.filter((argument) => !argument.startsWith('-'))) {
    const module = name.replaceAll('-', '_');
    if (!kernel.available.has(module)) {
      if (!call.args.includes('-q'))
        call.err(
          `modprobe: FATAL: Module ${name} not found in directory /lib/modules/3.10.0-1160.el7.x86_64\n`,
        );
      return 1;
    }
    if (remove) {
      kernel.loaded.delete(module);
      if (module === 'ipip') kernel.links = kernel.links.filter((link) => link.name !== 'tunl0');
    } else if (!dry) {
      kernel.loaded.add(module);
      if (module === 'ipip' && !kernel.link('tunl0')) {
        kernel.links.push({ name: 'tunl0', up: false, mtu: 1480, addresses: [], kind: 'ipip' });
      }
    }
  }
  return 0;
}

/** `ss` and `netstat`: listening TCP ports. By which process, neither can tell in a task's own PID namespace, `-p` or not. */
export function ss(machine: Machine, call: Call): number {
  const rows = [...machine.reach.ports].sort(([a], [b]) => a - b);
  const filter = /sport\s*=\s*:?(\d+)/.exec(call.args.join(' '))?.[1];
  if (call.name === 'netstat')
    call.out(
      'Active Internet connections (only servers)\nProto Recv-Q Send-Q Local Address           Foreign Address         State       PID/Program name\n',
    );
  else if (!call.args.some((argument) => /^-\w*H/.test(argument) || argument === '--no-header')) {
    call.out('State      Recv-Q Send-Q Local Address:Port               Peer Address:Port              \n');
  }
  for (const [port] of rows) {
    if (filter && filter !== String(port)) continue;
    call.out(
      call.name === 'netstat'
        ? `tcp        0      0 127.0.0.1:${port}          0.0.0.0:*               LISTEN      -\n`
        : `LISTEN     0      128    127.0.0.1:${port}                     *:*\n`,
    );
  }
  return 0;
}
