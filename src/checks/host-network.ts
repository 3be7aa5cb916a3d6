// Checks of networks on the agents: CNI, ports, etcd as the agents see it, and what an earlier Calico left.
import { type Cidr, cidr, cidrText, overlap } from '../options/addresses.ts';
import type { StepName } from '../steps/state.ts';
import type { HostFacts } from './host-facts.ts';
import { OR_EXCLUDE, onAgents } from './on-agents.ts';
import type { Check, Facts, Found } from './types.ts';

/** Whether a step says that it goes on there: it takes over what it finds. */
const goesOn = ({ steps }: HostFacts, step: StepName) => {
  const state = steps[step]?.state;
  return state !== undefined && state !== 'failed';
};

export const cniName: Check = {
  code: 'CAL1032',
  title: 'Name of the CNI network',
  from: "On each agent: files in Mesos' directory of CNI networks that have the same name as ours, and whether the step cni takes them over.",
  means:
    'Mesos takes one of two networks of the same name and leaves out the other, in an order of its own. A network of an earlier Calico is taken over; one of another kind is left as it is, and the step stops.',
  remedy: 'Remove the other file, or choose another name: cni.network-name.',
  can: ['stops', 'informs'],
  explains: ['cni'],
  look: (facts) =>
    onAgents(facts, (host) => {
      const { cniSameName: files } = host;
      if (!facts.options.cni.enable || files.length === 0) return undefined;
      const what = `${files.join(', ')} has a network of the name ${facts.options.cni['network-name']} already`;
      if (goesOn(host, 'cni')) return { severity: 'informs', what: `${what}, and is taken over`, remedy: [] };
      return {
        severity: 'stops',
        what,
        remedy: [
          'Move the file out of the directory on the agent.',
          'Or choose another name: --set cni.network-name=NAME',
          OR_EXCLUDE,
        ],
      };
    }),
};

export const cniDirectories: Check = {
  code: 'CAL1033',
  title: 'CNI directories of the Mesos agent',
  from: "On each agent: the environment files of the Mesos agent's unit (MESOS_NETWORK_CNI_PLUGINS_DIR, MESOS_NETWORK_CNI_CONFIG_DIR).",
  means:
    'Mesos reads new networks by itself, but only in the directories of its flags. Other flags need a restart of the Mesos agent.',
  remedy:
    "Set cni.cni-plugins-dir and cni.cni-config-dir to where the agents look: DC/OS's own are the defaults.",
  can: ['warns'],
  look: (facts) =>
    onAgents(facts, ({ cniElsewhere: where }) =>
      facts.options.cni.enable && where
        ? {
            severity: 'warns',
            what: `${where.charAt(0).toUpperCase()}${where.slice(1)}: it needs other flags and a restart`,
            remedy: [
              'Put the files where it looks: --set cni.cni-plugins-dir=DIR --set cni.cni-config-dir=DIR',
            ],
          }
        : undefined,
    ),
};

const USES: Record<string, { who: string; wanted: (facts: Facts) => boolean }> = {
  '2379': { who: 'the etcd proxy', wanted: ({ options }) => options.etcd['run-proxy'] },
  '179': {
    who: 'BGP',
    wanted: ({ options }) => options.node.enable && options.node['networking-backend'] === 'bird',
  },
};

export const ports: Check = {
  code: 'CAL1035',
  title: 'Ports 2379 and 179',
  from: 'On each agent: who listens (`ss`, `netstat`).',
  means:
    'The etcd proxy listens on localhost:2379 and BIRD on 179. Mesos can hand out 2379 on every agent and 179 on public ones; the later etcd package of the Universe listens on 2379 of its own hosts.',
  remedy: 'Move what listens there, or do without the proxy (etcd.run-proxy false, etcd.etcd-endpoints).',
  can: ['stops'],
  explains: ['etcd-proxy'],
  look: (facts) =>
    Object.entries(USES).flatMap(([port, { who, wanted }]) =>
      onAgents(facts, (host) => {
        const owner = host.ports[port];
        if (!owner || !wanted(facts)) return undefined;
        return {
          severity: 'stops',
          what: `Port ${port}, which ${who} needs, is taken by ${owner}`,
          remedy: [
            `ss -ltnp 'sport = :${port}'     on the agent`,
            ...(port === '2379'
              ? [
                  'Or do without the proxy: --set etcd.run-proxy=false --set etcd.etcd-endpoints=http://HOST:2379,…',
                ]
              : []),
            OR_EXCLUDE,
          ],
        };
      }),
    ),
};

/** Of containers of an earlier Calico, those whose step stops there. */
function inTheWay(host: HostFacts): string[] {
  return host.earlier.containers.filter(
    (name) => !goesOn(host, name.startsWith('calico-libnetwork') ? 'libnetwork' : 'node'),
  );
}

const areOrIs = (names: readonly string[]) => `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'}`;

export const leftBehind: Check = {
  code: 'CAL1042',
  title: 'What an earlier Calico left',
  from: 'On each agent: containers calico-node and calico-libnetwork, units with calico in their name, files, iptables chains; and whether the steps take them over.',
  means:
    'Two calico/node on one host fight over chains, routes and the same port. What an earlier Calico set up is taken over where it is Calico; a container of that name that is something else is left as it is, and its step stops.',
  remedy: 'Take the other one off: stop and disable its unit, `docker rm -f NAME`.',
  can: ['stops', 'warns', 'informs'],
  explains: ['libnetwork', 'node'],
  look: (facts) => [
    ...onAgents(facts, (host) => {
      const names = inTheWay(host);
      if (names.length === 0) return undefined;
      return {
        severity: 'stops',
        what: `${areOrIs(names)} there, and not of this program`,
        remedy: [
          `docker rm -f ${names.map((one) => one.split(' ')[0]).join(' ')}     on the agent`,
          OR_EXCLUDE,
        ],
      };
    }),
    ...onAgents(facts, (host) => {
      const { containers, units, files, kernel } = host.earlier;
      if (inTheWay(host).length > 0) return undefined;
      const left = [...containers, ...units, ...files, ...kernel.map((one) => one.replace(/^remove /, ''))];
      if (left.length === 0) return undefined;
      const shown = `${left.slice(0, 6).join(', ')}${left.length > 6 ? ` and ${left.length - 6} more` : ''}`;
      return containers.length > 0
        ? {
            severity: 'informs',
            what: `An earlier Calico is taken over: ${shown}`,
            remedy: ['dcos calico diff     shows how'],
          }
        : {
            severity: 'warns',
            what: `Left by an earlier Calico: ${shown}`,
            remedy: units.length > 0 ? [`systemctl disable --now ${units[0]}     on the agent`] : [],
          };
    }),
  ],
};

export const etcdPool: Check = {
  code: 'CAL1043',
  title: 'IP pools in etcd',
  from: 'From the agents: the pools that Calico has in etcd already.',
  means:
    'calico/node makes a pool of its options only where etcd has none. With another pool there, workloads get addresses of that one, whatever node.pool-cidr says.',
  remedy: 'Set node.pool-cidr to the pool that is there, or change the pools with calicoctl afterwards.',
  can: ['warns'],
  look(facts) {
    const pools = [...new Set(facts.hosts?.told.flatMap((host) => host.pools) ?? [])].sort();
    const wanted = facts.options.node['pool-cidr'];
    if (!facts.options.node.enable || pools.length === 0 || pools.includes(wanted)) return [];
    return [
      {
        severity: 'warns',
        what: `etcd has the IP pool ${pools.join(', ')} already, so ${wanted} of the options is not made`,
        remedy: [`Use the one that is there: --set node.pool-cidr=${pools[0]}`],
      },
    ];
  },
};

/**
 * Networks of the site that the pool overlaps, as the agents' own addresses and routes tell.
 *
 * @param told of already, in words of their own
 */
export function siteOverlaps({ hosts, options }: Facts, told: readonly Cidr[]): Found[] {
  const wanted = cidr(options.node['pool-cidr']);
  if (!wanted) return [];
  const found = new Map<string, Set<string>>();
  for (const { host, networks } of hosts?.told ?? []) {
    for (const text of networks) {
      const network = cidr(text);
      if (!network || !overlap(network, wanted) || told.some((other) => overlap(other, network))) continue;
      const name = cidrText(network);
      found.set(name, (found.get(name) ?? new Set()).add(host));
    }
  }
  return [...found].map(([network, agents]) => ({
    severity: 'stops',
    what: `The pool ${options.node['pool-cidr']} overlaps ${network}, in which agents have an address or to which they have a route`,
    agents: [...agents],
    remedy: ['Choose a network that nothing else uses: --set node.pool-cidr=CIDR'],
  }));
}
