import { address, agent, EMPTY_OR, image, interfaceMethod, ipv4Cidr, WHOLE } from '../patterns.ts';
import type { Constraints, Section } from '../schema-types.ts';
import { resources } from './resources.ts';

/** AS numbers that BGP keeps for itself: RFC 7607 (0), 6793 (23456), 7300 (the last of each width). */
const asNumber: Constraints = {
  type: 'integer',
  minimum: 1,
  maximum: 4294967294,
  not: { enum: [23456, 65535] },
};
const AS_ALLOWED = 'a whole number from 1 to 4294967294, but not 23456 and 65535, which BGP reserves';

export const node: Section<'node'> = {
  type: 'object',
  title: 'calico/node',
  description:
    'The step `node`: runs the calico/node container (Felix, BIRD, confd) on every agent, which routes the addresses and enforces policy.',
  additionalProperties: false,
  properties: {
    enable: {
      type: 'boolean',
      title: 'Run calico/node',
      description:
        'Runs the container on every agent, kept by the systemd unit dcos-calico-node. Turned off, nothing routes the addresses of CNI and libnetwork unless a calico/node of your own runs there.',
      default: true,
    },
    'override-node-image': {
      type: 'string',
      maxLength: 255,
      pattern: WHOLE(image),
      title: 'Image of calico/node',
      description:
        'The image that every agent pulls for calico/node. It is pulled before the old container is stopped.',
      default: 'quay.io/calico/node:v2.6.12',
      examples: ['registry.example.com:5000/calico/node:v2.6.12'],
      'x-allowed': 'an image as [REGISTRY[:PORT]/]NAME[:TAG][@sha256:DIGEST], up to 255 characters',
    },
    'pool-cidr': {
      type: 'string',
      maxLength: 18,
      pattern: WHOLE(ipv4Cidr),
      title: 'IP pool',
      description:
        'The addresses that tasks get. Must not overlap with any network that the agents have to reach. It is used when the first agent starts and no pool exists; a pool that is there is never changed.',
      default: '192.168.0.0/16',
      examples: ['192.168.0.0/16', '10.200.0.0/16'],
      'x-allowed': 'an IPv4 network as 10.200.0.0/16, with a prefix from /8 to /26',
    },
    ipip: {
      type: 'string',
      enum: ['off', 'always', 'cross-subnet'],
      title: 'IP-in-IP',
      description:
        'Whether agents wrap packets between tasks in IP-in-IP: never, always, or only towards agents in another subnet. Needed where the network between agents does not carry the pool (clouds, for one). Firewalls must pass IP protocol 4. Goes with the pool: a change reaches all agents at once.',
      default: 'off',
      examples: ['cross-subnet'],
    },
    'nat-outgoing': {
      type: 'boolean',
      title: 'NAT outgoing traffic',
      description:
        "Gives what leaves the pool the agent's own address. Turned off, the network outside must know the way to the pool. Goes with the pool: a change reaches all agents at once.",
      default: true,
    },
    interface: {
      type: 'string',
      maxLength: 255,
      pattern: EMPTY_OR(interfaceMethod),
      title: 'Interface',
      description:
        "Where calico/node finds the address by which an agent peers with others: the name of a network interface or one of Calico's methods. Empty: the agent's address as DC/OS knows it.",
      default: '',
      examples: ['eth1', 'interface=eth.*', 'can-reach=10.0.0.1', 'first-found'],
      'x-allowed':
        '"", the name of an interface (up to 15 characters), first-found, interface=PATTERN or can-reach=HOST',
    },
    'as-number': {
      ...asNumber,
      title: 'AS number',
      description: 'The BGP autonomous system that all agents are in. A change resets BGP sessions.',
      default: 64512,
      examples: [64512],
      'x-allowed': AS_ALLOWED,
    },
    'node-to-node-mesh': {
      type: 'boolean',
      title: 'Full mesh',
      description:
        'Has every agent peer with every other. Meant for up to about 50 agents; beyond, turn it off and name route reflectors in `bgp-peers`.',
      default: true,
    },
    'bgp-peers': {
      type: 'array',
      maxItems: 32,
      items: {
        type: 'object',
        required: ['peer', 'as-number'],
        additionalProperties: false,
        properties: {
          peer: {
            type: 'string',
            maxLength: 45,
            pattern: WHOLE(address),
            title: 'Address of the peer',
            'x-allowed': 'an IPv4 or IPv6 address',
          },
          'as-number': { ...asNumber, title: 'AS number of the peer', 'x-allowed': AS_ALLOWED },
          agent: {
            type: 'string',
            maxLength: 64,
            pattern: EMPTY_OR(agent),
            title: 'The agent that peers with it; left out or empty: all',
            'x-allowed': 'the address of an agent, or "" for all',
          },
        },
        'x-allowed': 'an object with `peer`, `as-number` and perhaps `agent`',
      },
      title: 'BGP peers',
      description: 'Routers or route reflectors that agents peer with, beside the full mesh or in its place.',
      default: [],
      examples: [[{ peer: '10.0.0.1', 'as-number': 64512, agent: '' }]],
      'x-allowed': 'a list of up to 32 peers, each with `peer`, `as-number` and perhaps `agent`',
    },
    'networking-backend': {
      type: 'string',
      enum: ['bird', 'gobgp', 'none'],
      title: 'Networking backend',
      description:
        'What carries routes between agents: BIRD, GoBGP, or nothing (`none`), where something else on the network does it and Calico only enforces policy.',
      default: 'bird',
    },
    ...resources(
      { default: 0.2, description: 'CPU share of the container on every agent.' },
      {
        default: 256,
        description: 'Memory that the container may use on every agent; above it the kernel ends it.',
      },
    ),
  },
};
