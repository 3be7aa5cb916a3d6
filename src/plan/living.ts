// Options that a living network does not take as a stopped one would: what cannot be changed, and what happens when it is.
import { EXIT } from '../errors.ts';
import type { OptionDifference } from '../options/differences.ts';
import type { Options } from '../options/types.ts';
import type { Refusal } from './types.ts';

/**
 * calico/node makes the pool of its options only where etcd has none, and containers keep the addresses that they have.
 * Undefined: nothing of the kind is asked for.
 */
export function cannotChange(
  differences: readonly OptionDifference[],
  installed: Options,
  wanted: Options,
): Refusal | undefined {
  const pool = differences.find(({ path }) => path === 'node.pool-cidr');
  if (!pool || !installed.node.enable || !wanted.node.enable) return undefined;
  const [before, after] = [String(pool.before), String(pool.after)];
  return {
    code: 'living-network',
    what: `node.pool-cidr cannot be changed from ${before} to ${after} on a living network`,
    why: 'containers have addresses of the pool that is there, and calico/node makes a pool only where etcd has none',
    remedy: [
      `calicoctl create -f new-pool.yaml       makes the pool ${after} beside the old one (ipip and natOutgoing as in the options)`,
      `calicoctl apply -f old-pool.yaml        with "disabled: true" for ${before}: no new container gets an address of it`,
      'Restart the containers on Calico networks, app by app; each gets an address of the new pool.',
      `calicoctl delete ippool ${before}`,
      `dcos calico install --set node.pool-cidr=${after} --migrated      records it`,
    ],
    exit: EXIT.failed,
  };
}

const SENTENCES: Record<string, (difference: OptionDifference, wanted: Options) => string> = {
  'cni.network-name': ({ before }) =>
    `Apps that name the network ${String(before)} start no further task once their agent has had its turn: change them to the new name.`,
  'node.networking-backend': () =>
    'With another networking backend the routes between agents go and come anew: traffic between agents that had their turn and those that had not may be cut off until the end.',
  'node.as-number': () => ALL_AT_ONCE('node.as-number'),
  'node.node-to-node-mesh': () => ALL_AT_ONCE('node.node-to-node-mesh'),
  'node.ipip': ({ after }) =>
    `node.ipip belongs to the pool, which all agents share: all take ${String(after)} at once, and traffic between agents stops until their routes have come anew (seconds). Between agents in different subnets it needs always or cross-subnet.`,
  'node.nat-outgoing': ({ after }) =>
    `node.nat-outgoing belongs to the pool, which all agents share: all ${after ? 'begin' : 'cease'} at once to put their own address in the place of the containers' towards what is outside of it.`,
};

const ALL_AT_ONCE = (path: string) =>
  `${path} is one value for the whole network: all agents take it at once, and their BGP sessions begin anew.`;

const ETCD = new Set(['etcd.etcd-endpoints', 'etcd.proxy-endpoints', 'etcd.etcd-discovery-url']);

/** What follows from the change for those who use the network; sentences with their full stops. */
export function changeWarnings(differences: readonly OptionDifference[], wanted: Options): string[] {
  const found = differences.flatMap((one) => SENTENCES[one.path]?.(one, wanted) ?? []);
  if (differences.some(({ path }) => ETCD.has(path)))
    found.push(
      'etcd is looked for elsewhere: each agent asks which cluster answers there before it changes anything. The same cluster is taken; another one is refused on the agent, as Calico would lose all that it knows. To go to another cluster: uninstall, then install with the new endpoints.',
    );
  return found;
}
