// Checks of addresses and of the shape of the network.
import { cidr, contains, ipv4, overlap } from '../options/addresses.ts';
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
  look({ options, agents }) {
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
    return found;
  },
};
