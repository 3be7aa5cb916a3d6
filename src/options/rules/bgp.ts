// Routing between agents.
import { ipv4, isIpv6 } from '../addresses.ts';
import type { OptionProblem } from '../problems.ts';
import { contradiction, is, type Rule, warning } from './context.ts';

const PEERS = 'node.bgp-peers';
const MESH = 'node.node-to-node-mesh';
const BACKEND = 'node.networking-backend';

/** RFC 6996: for use inside one's own network. */
const isPrivateAs = (number: number): boolean =>
  (number >= 64512 && number <= 65534) || (number >= 4200000000 && number <= 4294967294);
/** RFC 5398: for examples in books. */
const isExampleAs = (number: number): boolean =>
  (number >= 64496 && number <= 64511) || (number >= 65536 && number <= 65551);

export const backendRules: Rule = ({ options, given }) => {
  const { node } = options;
  const problems: OptionProblem[] = [];
  if (node['networking-backend'] === 'none') {
    if (node['bgp-peers'].length > 0) {
      problems.push(
        contradiction({
          at: [PEERS, BACKEND],
          what: `${PEERS} names peers, but ${is(options, BACKEND)}: nothing speaks BGP`,
          remedy: `Leave ${PEERS} out, or set ${BACKEND} to bird`,
        }),
      );
    }
    if (node.ipip !== 'off') {
      problems.push(
        contradiction({
          at: ['node.ipip', BACKEND],
          what: `${is(options, 'node.ipip')}, but ${is(options, BACKEND)}: nothing makes the routes through the tunnel`,
          remedy: `Set node.ipip to off, or ${BACKEND} to bird`,
        }),
      );
    }
    const unused = [MESH, 'node.as-number'].filter(given);
    if (unused.length > 0) {
      problems.push(
        warning('not-used', {
          at: [...unused, BACKEND],
          what: `${unused.join(', ')} ${unused.length > 1 ? 'are' : 'is'} not used: ${is(options, BACKEND)}`,
        }),
      );
    }
    return problems;
  }
  if (!node['node-to-node-mesh'] && node['bgp-peers'].length === 0) {
    problems.push(
      warning('needs-own', {
        at: [MESH, PEERS],
        what: `${is(options, MESH)} and ${PEERS} is empty: no agent learns the routes of another`,
        remedy: `Name peers in ${PEERS}, unless they stand in Calico's datastore already`,
      }),
    );
  }
  if (isExampleAs(node['as-number']) || !isPrivateAs(node['as-number'])) {
    problems.push(
      warning('public-as', {
        at: ['node.as-number'],
        what: `${is(options, 'node.as-number')}, which is ${isExampleAs(node['as-number']) ? 'kept for examples' : 'a public AS number'}`,
        remedy: 'Take one from 64512 to 65534, unless it is yours',
      }),
    );
  }
  return problems;
};

export const peerRules: Rule = ({ options }) => {
  const { node, rollout } = options;
  const wrong = (what: string, remedy?: string): OptionProblem => ({
    level: 'error',
    code: 'not-allowed',
    path: PEERS,
    what,
    ...(remedy && { remedy }),
  });
  const seen = new Map<string, number>();
  return node['bgp-peers'].flatMap((entry, index): OptionProblem[] => {
    const { peer } = entry;
    const agent = entry.agent ?? '';
    const number = ipv4(peer);
    if (number === undefined && !isIpv6(peer)) {
      return [wrong(`Peer ${index + 1}, "${peer}", is neither an IPv4 nor an IPv6 address`)];
    }
    const first = number === undefined ? undefined : Math.floor(number / 2 ** 24);
    if (
      peer === '::1' ||
      peer === '::' ||
      (first !== undefined && (first === 0 || first === 127 || first >= 224))
    ) {
      return [wrong(`Peer ${index + 1}, ${peer}, is not the address of a router`)];
    }
    const problems: OptionProblem[] = [];
    const before = seen.get(`${peer} ${agent}`);
    if (before !== undefined) {
      problems.push(
        wrong(
          `Peers ${before + 1} and ${index + 1} are the same: ${peer}${agent ? ` of agent ${agent}` : ''}`,
          'Leave one of them out',
        ),
      );
    }
    seen.set(`${peer} ${agent}`, index);
    if (agent === peer) problems.push(wrong(`Peer ${index + 1}: agent ${agent} cannot peer with itself`));
    if (agent !== '' && rollout.exclude.includes(agent)) {
      problems.push(
        warning('not-used', {
          at: [PEERS, 'rollout.exclude'],
          what: `Peer ${index + 1} is for agent ${agent}, which rollout.exclude leaves alone`,
        }),
      );
    }
    return problems;
  });
};

/** Interfaces that lead to no other agent. */
const LOCAL =
  /^(?:interface=)?(?:lo|docker0|docker_gwbridge|tunl0|cali[0-9a-z]*|veth[0-9a-z]*|d-dcos6?|m-dcos6?|spartan|minuteman)$/;

export const interfaceRules: Rule = ({ options }) => {
  const path = 'node.interface';
  if (!LOCAL.test(options.node.interface)) return [];
  return [
    {
      level: 'error',
      code: 'not-allowed',
      path,
      what: `${is(options, path)}, which leads to no other agent`,
      remedy: 'Name the interface by which agents reach each other',
    },
  ];
};
