// The addresses that tasks get, and those that are taken already.
import { cidr, cidrText, contains, endpoints, ipv4, overlap } from '../addresses.ts';
import type { OptionProblem } from '../problems.ts';
import type { Options } from '../types.ts';
import { contradiction, is, type Rule, the, warning } from './context.ts';

const POOL = 'node.pool-cidr';

/** Calico gives an agent addresses by blocks of this size. */
const BLOCK_PREFIX = 26;
/** Up to so many blocks a pool is small: an agent needs at least one. */
const FEW_BLOCKS = 32;

const NEVER: Record<string, string> = {
  '0.0.0.0/8': 'no address of a host',
  '127.0.0.0/8': 'the loopback addresses of every agent',
  '169.254.0.0/16': 'link-local (and the metadata service of clouds)',
  '198.51.100.0/24': "the addresses of DC/OS's own DNS on every agent",
  '224.0.0.0/4': 'multicast',
  '240.0.0.0/4': 'reserved',
};

/** What DC/OS and Docker use unless they were told otherwise. */
const USUALLY_TAKEN: Record<string, string> = {
  '9.0.0.0/8': 'the overlay network of DC/OS',
  '11.0.0.0/8': 'the virtual addresses of DC/OS services (VIPs)',
  '44.128.0.0/20': 'the tunnel addresses of the DC/OS overlay',
  '172.17.0.0/16': "Docker's own bridge",
};

export const poolRules: Rule = ({ options }) => {
  const text = options.node['pool-cidr'];
  const pool = cidr(text);
  const wrong = (what: string, remedy?: string): OptionProblem[] => [
    { level: 'error', code: 'not-allowed', path: POOL, what, ...(remedy && { remedy }) },
  ];
  if (!pool) return wrong(`${is(options, POOL)}, which is not an IPv4 network`);
  if (pool.prefix > BLOCK_PREFIX) {
    return wrong(
      `${the(options, POOL)} is smaller than a block: Calico gives addresses to agents by blocks of 64 (/26)`,
      'Take a prefix from /8 to /26, and one block for each agent at least',
    );
  }
  if (pool.prefix < 8)
    return wrong(`${the(options, POOL)} is wider than any private network`, 'Take a prefix from /8 to /26');
  if (pool.address !== pool.base) {
    return wrong(
      `${is(options, POOL)}, but that network begins at ${cidrText(pool)}`,
      `Write ${cidrText(pool)}`,
    );
  }
  for (const [network, name] of Object.entries(NEVER)) {
    if (overlap(pool, cidr(network)!))
      return wrong(`${the(options, POOL)} overlaps with ${network}, ${name}`);
  }
  const problems: OptionProblem[] = [];
  for (const [network, name] of Object.entries(USUALLY_TAKEN)) {
    if (!overlap(pool, cidr(network)!)) continue;
    problems.push(
      warning('overlap', {
        at: [POOL],
        what: `${the(options, POOL)} overlaps with ${network}, by default ${name}`,
        remedy: 'Take another network, unless your cluster is set up otherwise',
      }),
    );
  }
  const blocks = 2 ** (BLOCK_PREFIX - pool.prefix);
  if (blocks <= FEW_BLOCKS) {
    problems.push(
      warning('small-pool', {
        at: [POOL],
        what: `${the(options, POOL)} has ${blocks} block${blocks > 1 ? 's' : ''} of 64 addresses, and every agent with tasks takes one or more`,
        remedy: `On more than ${blocks} agents take a wider network`,
      }),
    );
  }
  return [...problems, ...hostsInPool(options, pool)];
};

/** Addresses of real machines that other options name. */
function hostsInPool(options: Options, pool: { base: number; prefix: number }): OptionProblem[] {
  const { rollout, etcd, docker, node } = options;
  const named: [path: string, host: string][] = [
    ...endpoints(etcd['etcd-endpoints']).map(({ host }): [string, string] => ['etcd.etcd-endpoints', host]),
    ...etcd['proxy-endpoints']
      .flatMap(endpoints)
      .map(({ host }): [string, string] => ['etcd.proxy-endpoints', host]),
    ...endpoints(docker['override-docker-cluster-store']).map(({ host }): [string, string] => [
      'docker.override-docker-cluster-store',
      host,
    ]),
    ...(Array.isArray(rollout.canary) ? rollout.canary : []).map((host): [string, string] => [
      'rollout.canary',
      host,
    ]),
    ...rollout.exclude.map((host): [string, string] => ['rollout.exclude', host]),
    ...node['bgp-peers'].flatMap(({ peer, agent }): [string, string][] => [
      ['node.bgp-peers', peer],
      ['node.bgp-peers', agent ?? ''],
    ]),
  ];
  const inside = named.filter(([, host]) => {
    const address = ipv4(host);
    return address !== undefined && contains(pool, address);
  });
  if (inside.length === 0) return [];
  const paths = [...new Set(inside.map(([path]) => path))];
  const hosts = [...new Set(inside.map(([, host]) => host))];
  const shownHosts = hosts.slice(0, 3).join(', ') + (hosts.length > 3 ? ` and ${hosts.length - 3} more` : '');
  return [
    contradiction({
      at: [POOL, ...paths],
      what: `${the(options, POOL)} holds ${shownHosts} of ${paths.join(', ')}: tasks would get the addresses of real machines`,
      remedy: `Take a network for ${POOL} that none of your machines is in`,
    }),
  ];
}
