// Checks of addresses and of the shape of the network.
import { type Cidr, cidr, contains, ipv4, overlap } from '../options/addresses.ts';
import { siteOverlaps } from './host-network.ts';
import type { Check, Facts, Found } from './types.ts';

/** What DC/OS itself uses on every cluster (dcos: gen/calc.py). */
const DCOS_NETWORKS = [
  { network: '9.0.0.0/8', use: "DC/OS's own overlay network" },
  { network: '44.128.0.0/20', use: "the tunnel ends of DC/OS's overlay network" },
];

/** Calico 2.6's documentation: the full mesh is for about 50 nodes, route reflectors from 100 on. */
const MESH_WARNS = 50;
const MESH_STOPS = 200;

/** How many agents would run calico/node. */
function nodes({ agents, unfit, options }: Facts): number {
  if (!options.node.enable) return 0;
  const never = unfit.filter(({ kind }) => kind === 'windows' || kind === 'excluded').length;
  return agents.length - never;
}

export const mesh: Check = {
  code: 'CAL1010',
  title: 'Size of the BGP mesh',
  from: "The number of agents that would run calico/node, and the options' topology.",
  means:
    'In the full mesh each node has a BGP session with every other. Calico 2.6 means it for about 50 nodes, and route reflectors above 100.',
  remedy: 'Peer with route reflectors or routers: node.node-to-node-mesh false, node.bgp-peers.',
  can: ['stops', 'warns'],
  look(facts) {
    const { node } = facts.options;
    const count = nodes(facts);
    if (!node['node-to-node-mesh'] || node['networking-backend'] === 'none' || count <= MESH_WARNS) return [];
    const what = `The full mesh of BGP sessions would have ${count} nodes, each with ${count - 1} sessions; Calico 2.6 means it for about ${MESH_WARNS}`;
    return [
      {
        severity: count > MESH_STOPS ? 'stops' : 'warns',
        what,
        remedy: [
          'Peer with route reflectors or routers instead: node.node-to-node-mesh false, and node.bgp-peers in the options file.',
        ],
      },
    ];
  },
};

export const pool: Check = {
  code: 'CAL1011',
  title: 'Addresses of the pool',
  from: "The pool against DC/OS's own networks, the agents' addresses and, as they tell, the networks that they have addresses in and routes to.",
  means: 'Addresses that two networks share are reached in one of them alone.',
  remedy: 'Choose another network: node.pool-cidr.',
  can: ['stops'],
  look(facts) {
    const { options, agents } = facts;
    const text = options.node['pool-cidr'];
    const wanted = options.node.enable ? cidr(text) : undefined;
    if (!wanted) return [];
    const remedy = ['Choose a network that nothing else uses: --set node.pool-cidr=CIDR'];
    const found: Found[] = DCOS_NETWORKS.filter(({ network }) => overlap(cidr(network)!, wanted)).map(
      ({ network, use }) => ({
        severity: 'stops',
        what: `The pool ${text} overlaps ${network}, ${use}`,
        remedy,
      }),
    );
    const inside = agents
      .map(({ hostname }) => hostname)
      .filter((host) => ipv4(host) !== undefined && contains(wanted, ipv4(host)!));
    if (inside.length > 0)
      found.push({
        severity: 'stops',
        what: `The pool ${text} contains the addresses of agents themselves`,
        agents: inside,
        remedy,
      });
    const told: Cidr[] = [
      ...DCOS_NETWORKS.map(({ network }) => cidr(network)!),
      ...inside.map((host) => ({ base: ipv4(host)!, prefix: 32 })),
    ];
    return [...found, ...siteOverlaps(facts, told)];
  },
};

/** Calico hands out addresses to nodes in blocks of this prefix. */
const BLOCK = 26;

export const blocks: Check = {
  code: 'CAL1017',
  title: 'Blocks of the pool',
  from: 'The size of the pool against the number of agents.',
  means:
    'Calico gives each node whole blocks of 64 addresses (/26). A node that gets none has to borrow single addresses, each with a route of its own in every other node; with fewer blocks than nodes that is so from the start.',
  remedy: 'Choose a larger pool: node.pool-cidr.',
  can: ['stops', 'warns'],
  look(facts) {
    const wanted = cidr(facts.options.node['pool-cidr']);
    const count = nodes(facts);
    if (!wanted || count === 0) return [];
    const blocks = wanted.prefix > BLOCK ? 0 : 2 ** (BLOCK - wanted.prefix);
    if (blocks >= 2 * count) return [];
    return [
      {
        severity: blocks < count ? 'stops' : 'warns',
        what: `The pool ${facts.options.node['pool-cidr']} has ${blocks} blocks of 64 addresses for ${count} agents${blocks < count ? '' : '; one that needs a second block may find none'}`,
        remedy: ['Choose a larger network: --set node.pool-cidr=CIDR'],
      },
    ];
  },
};
