// Addresses of tasks, and how packets get from agent to agent.
import { mesh, pool as poolCheck } from '../../checks/network.ts';
import { cidr, cidrText, contains, ipv4 } from '../../options/addresses.ts';
import type { BgpPeer } from '../../options/types.ts';
import type { Context, Found, Question } from '../types.ts';
import { listed } from './lists.ts';

/** Private networks in the order in which they are suggested: Calico's own first. */
const POOLS = ['192.168.0.0/16', '10.200.0.0/16', '172.30.0.0/16', '10.100.0.0/16', '100.64.0.0/16'];

function holdsAgent({ agents }: Found, network: string): boolean {
  const wanted = cidr(network)!;
  return agents.some(({ hostname }) => {
    const address = ipv4(hostname);
    return address !== undefined && contains(wanted, address);
  });
}

export const pool: Question = {
  id: 'pool',
  title: 'IP pool',
  paths: ['node.pool-cidr'],
  prompt: 'Network for tasks, as 10.200.0.0/16:',
  isOpen: ({ options }) => options.node.enable,
  text: ({ found }) => [
    'Every container on the Calico network gets an address of this pool. It must overlap with nothing that agents have to reach: your data centre, your VPN, your clouds. Only you know those.',
    `On the agents: each takes blocks of 64 addresses as it needs them, so at least ${found.agents.length} blocks for ${found.agents.length === 1 ? 'this agent' : `these ${found.agents.length} agents`}; a /16 has 1024. The pool is made once, by the first agent; a later change of this option does not change it.`,
  ],
  suggest({ found }) {
    const free = POOLS.find((network) => !holdsAgent(found, network)) ?? POOLS[1]!;
    return {
      value: free,
      why: `no agent has an address in it, and neither DC/OS nor Docker uses it${free === POOLS[0] ? "; it is Calico's own default" : ''}`,
    };
  },
  current: ({ node }) => node['pool-cidr'],
  read: (answer) => ({ settings: { 'node.pool-cidr': answer } }),
  checks: [poolCheck],
};

/** The /24 networks that the agents' addresses are in, in their order. */
export function subnets({ agents }: Found): string[] {
  const found = agents
    .map(({ hostname }) => cidr(`${hostname}/24`))
    .filter((network) => network !== undefined);
  return [...new Set(found.sort((a, b) => a.base - b.base).map(cidrText))];
}

export const ipip: Question = {
  id: 'ipip',
  title: 'From agent to agent',
  paths: ['node.ipip'],
  prompt: 'How do packets of tasks get from agent to agent?',
  isOpen: ({ options }) => options.node.enable && options.node['networking-backend'] !== 'none',
  text: () => [
    'The network between agents carries packets between addresses of the pool as they are, or agents wrap them in IP-in-IP (protocol 4, which firewalls must then pass; 20 bytes less a packet). Made with the pool, like it.',
  ],
  suggest({ found }) {
    const networks = subnets(found);
    if (networks.length === 1)
      return {
        value: 'off',
        why: `all agents have addresses in ${networks[0]}: no router stands between them`,
      };
    if (networks.length === 0)
      return { value: 'cross-subnet', why: 'it does right in both cases, and the addresses do not tell' };
    const some = networks.slice(0, 3).join(', ') + (networks.length > 3 ? ' and others' : '');
    return {
      value: 'cross-subnet',
      why: `agents are in several networks: ${some}; routers do not know the pool`,
    };
  },
  choices: () => [
    {
      value: 'off',
      name: 'As they are',
      effect:
        'Fastest. All agents must be in one layer-2 network, or the routers between them learn the pool by BGP.',
    },
    {
      value: 'cross-subnet',
      name: 'Wrapped only towards agents in another subnet',
      effect: 'As they are within a subnet, wrapped between subnets: a device tunl0 on each agent.',
    },
    {
      value: 'always',
      name: 'Always wrapped',
      effect:
        'Works wherever protocol 4 passes; in most clouds the only way, unless the check of source addresses is off.',
    },
  ],
  current: ({ node }) => node.ipip,
  read: (answer) => ({ settings: { 'node.ipip': answer } }),
};

/** As the checks have it: the full mesh is meant for about so many nodes. */
const MESH_IS_FOR = 50;
/** Route reflectors are what Calico 2.6's documentation has from here on. */
const REFLECTORS_FROM = 100;

function nodes({ found }: Context): number {
  const never = found.unfit.filter(({ kind }) => kind === 'windows' || kind === 'excluded').length;
  return found.agents.length - never;
}

export const topology: Question = {
  id: 'topology',
  title: 'Exchange of routes',
  paths: ['node.node-to-node-mesh'],
  prompt: 'Who exchanges routes with whom?',
  isOpen: (context) =>
    context.options.node.enable &&
    context.options.node['networking-backend'] !== 'none' &&
    nodes(context) > MESH_IS_FOR,
  text: (context) => [
    `Agents tell each other their routes by BGP. With each other, ${nodes(context)} agents have ${nodes(context) - 1} sessions each; Calico 2.6 means that for about ${MESH_IS_FOR}. Route reflectors, or routers of yours, take their place.`,
  ],
  suggest: (context) =>
    nodes(context) >= REFLECTORS_FROM
      ? {
          value: 'peers',
          why: `Calico 2.6 asks for route reflectors from about ${REFLECTORS_FROM} agents on`,
        }
      : { value: 'mesh', why: 'it needs nothing else, and this is not far above what it is meant for' },
  choices: () => [
    {
      value: 'mesh',
      name: 'Every agent with every other',
      effect: 'Preflight warns above 50 agents, and stops the install above 200.',
    },
    {
      value: 'peers',
      name: 'Every agent with route reflectors or routers',
      effect: 'Sessions only with those that you name next. They must be there: nothing sets them up.',
    },
  ],
  current: ({ node }) => (node['node-to-node-mesh'] ? 'mesh' : 'peers'),
  read: (answer) => ({ settings: { 'node.node-to-node-mesh': answer === 'mesh' } }),
  checks: [mesh],
};

export const peers: Question = {
  id: 'peers',
  normal: (answer) => listed(answer).join(','),
  title: 'Route reflectors',
  paths: ['node.bgp-peers'],
  prompt: 'Addresses, each as ADDRESS or ADDRESS@AS, with commas between them:',
  isOpen: (context) => context.answers.topology === 'peers',
  text: ({ options }) => [
    `On the agents: each opens a BGP session with each of these. Without @AS they are in the agents' own autonomous system, ${options.node['as-number']}.`,
  ],
  suggest: () => ({ value: undefined, why: '' }),
  current: ({ node }) =>
    node['bgp-peers']
      .map(({ peer, 'as-number': as }) => (as === node['as-number'] ? peer : `${peer}@${as}`))
      .join(',') || undefined,
  read: (answer, { options }) => {
    const found: BgpPeer[] = [];
    for (const text of listed(answer)) {
      const [peer = '', as, ...more] = text.split('@');
      if (more.length > 0 || (as !== undefined && !/^\d{1,10}$/.test(as)))
        return { wrong: `${text} is not ADDRESS or ADDRESS@AS.` };
      found.push({ peer, 'as-number': as === undefined ? options.node['as-number'] : Number(as), agent: '' });
    }
    return found.length > 0 ? { settings: { 'node.bgp-peers': found } } : { wrong: 'No address is named.' };
  },
};
