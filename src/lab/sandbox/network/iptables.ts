// iptables, ip6tables, iptables-save and ipset: what refers to what, as the kernel holds it.
import type { Call } from '../call.ts';
import { BUILT_IN, type Tables } from '../kernel.ts';
import type { Machine } from '../machine.ts';

export function iptables(machine: Machine, call: Call): number {
  const family = call.name === 'ip6tables' ? 6 : 4;
  const tables = machine.kernel.tables[family];
  const args = [...call.args];
  let table = 'filter';
  const rest: string[] = [];
  while (args.length) {
    const argument = args.shift()!;
    if (argument === '-t' || argument === '--table') table = args.shift() ?? '';
    else if (argument === '-w' || argument === '--wait' || argument === '-n' || argument === '-v') {
      if (argument[1] === 'w' && /^\d+$/.test(args[0] ?? '')) args.shift();
    } else rest.push(argument);
  }
  if (rest[0] === '--version' || rest[0] === '-V') {
    call.out('iptables v1.4.21\n');
    return 0;
  }
  const chains = tables[table];
  if (!chains) {
    call.err(
      `iptables v1.4.21: can't initialize iptables table \`${table}': Table does not exist (do you need to insmod?)\n`,
    );
    return 3;
  }
  const [action, chain, ...more] = rest;
  const noChain = (): number => {
    call.err('iptables: No chain/target/match by that name.\n');
    return 1;
  };
  const rule = more
    .map((word) => (/\s/.test(word) || word.startsWith('cali:') ? `"${word}"` : word))
    .join(' ');
  switch (action) {
    case '-S':
    case '--list-rules':
      if (chain && !chains[chain]) return noChain();
      call.out(listing(table, chain ? { [chain]: chains[chain]! } : chains));
      return 0;
    case '-L':
    case '--list':
      for (const [name, rules] of Object.entries(chains)) {
        if (chain && chain !== name) continue;
        call.out(
          `Chain ${name} (${BUILT_IN[table]!.includes(name) ? 'policy ACCEPT' : '1 references'})\ntarget     prot opt source               destination\n${rules.map((each) => `${/-j (\S+)/.exec(each)?.[1] ?? ''}  all  --  0.0.0.0/0  0.0.0.0/0\n`).join('')}\n`,
        );
      }
      return chain && !chains[chain] ? noChain() : 0;
    case '-N':
      if (chains[chain!]) {
        call.err('iptables: Chain already exists.\n');
        return 1;
      }
      chains[chain!] = [];
      return 0;
    case '-F':
      if (chain && !chains[chain]) return noChain();
      for (const name of chain ? [chain] : Object.keys(chains)) chains[name] = [];
      return 0;
    case '-X': {
      if (!chains[chain!]) return noChain();
      const used = Object.values(chains).some((rules) =>
        rules.some((each) => new RegExp(`-[jg] ${chain}(\\s|$)`).test(each)),
      );
      if (used) {
        call.err('iptables: Too many links.\n');
        return 1;
      }
      if (chains[chain!]!.length) {
        call.err('iptables: Directory not empty.\n');
        return 1;
      }
      delete chains[chain!];
      return 0;
    }
    case '-A':
    case '-I':
    case '-C':
    case '-D': {
      const rules = chains[chain!];
      if (!rules) return noChain();
      if (action === '-A') rules.push(rule);
      else if (action === '-I')
        rules.splice(
          /^\d+$/.test(more[0] ?? '') ? Number(more.shift()) - 1 : 0,
          0,
          rule.replace(/^\d+ /, ''),
        );
      else {
        const index = /^\d+$/.test(rule)
          ? Number(rule) - 1
          : rules.findIndex((each) => each === rule || each.replaceAll('"', '') === rule.replaceAll('"', ''));
        if (index < 0 || index >= rules.length) {
          call.err('iptables: Bad rule (does a matching rule exist in that chain?).\n');
          return 1;
        }
        if (action === '-D') rules.splice(index, 1);
      }
      return 0;
    }
    default:
      call.err(`iptables v1.4.21: unknown option "${action}"\n`);
      return 2;
  }
}

function listing(table: string, chains: Tables[string]): string {
  const built = BUILT_IN[table]!;
  return [
    ...Object.keys(chains).map((name) => (built.includes(name) ? `-P ${name} ACCEPT` : `-N ${name}`)),
    ...Object.entries(chains).flatMap(([name, rules]) => rules.map((rule) => `-A ${name} ${rule}`)),
  ]
    .map((line) => `${line}\n`)
    .join('');
}

export function iptablesSave(machine: Machine, call: Call): number {
  const only = call.args.includes('-t') ? call.args[call.args.indexOf('-t') + 1] : undefined;
  const family = call.name === 'ip6tables-save' ? 6 : 4;
  for (const [table, chains] of Object.entries(machine.kernel.tables[family])) {
    if (only && only !== table) continue;
    call.out(
      `*${table}\n${Object.keys(chains)
        .map((name) => `:${name} ${BUILT_IN[table]!.includes(name) ? 'ACCEPT' : '-'} [0:0]\n`)
        .join('')}${Object.entries(chains)
        .flatMap(([name, rules]) => rules.map((rule) => `-A ${name} ${rule}\n`))
        .join('')}COMMIT\n`,
    );
  }
  return 0;
}

export function ipset(machine: Machine, call: Call): number {
  const { ipsets } = machine.kernel;
  const [verb, ...rest] = call.args.filter((argument) => !argument.startsWith('-') || argument === '-n');
  const name = rest.find((word) => word !== '-n');
  const gone = (): number => {
    call.err(`ipset v7.1: The set with the given name does not exist\n`);
    return 1;
  };
  if (verb === 'list' || verb === 'save') {
    if (name && !ipsets.has(name)) return gone();
    for (const [key, set] of ipsets) {
      if (name && name !== key) continue;
      if (call.args.includes('-n') || call.args.includes('-name')) call.out(`${key}\n`);
      else if (verb === 'save')
        call.out(
          `create ${key} ${set.type}\n${set.members.map((member) => `add ${key} ${member}\n`).join('')}`,
        );
      else call.out(`Name: ${key}\nType: ${set.type}\nMembers:\n${set.members.join('\n')}\n\n`);
    }
    return 0;
  }
  if (verb === 'destroy') {
    if (name && !ipsets.has(name)) return gone();
    const tables = Object.values(machine.kernel.tables[4]);
    if (
      name &&
      tables.some((chains) =>
        Object.values(chains).some((rules) => rules.some((rule) => rule.includes(`--match-set ${name} `))),
      )
    ) {
      call.err('ipset v7.1: Set cannot be destroyed: it is in use by a kernel component\n');
      return 1;
    }
    if (name) ipsets.delete(name);
    else ipsets.clear();
    return 0;
  }
  if (verb === 'flush') {
    if (!name || !ipsets.has(name)) return gone();
    ipsets.get(name)!.members = [];
    return 0;
  }
  if (verb === 'create') {
    ipsets.set(name!, { type: rest[1] ?? 'hash:ip', members: [] });
    return 0;
  }
  if (verb === 'version' || call.args.includes('--version')) {
    call.out('ipset v7.1, protocol version: 7\n');
    return 0;
  }
  call.err(`ipset v7.1: Unknown argument ${verb}\n`);
  return 1;
}
