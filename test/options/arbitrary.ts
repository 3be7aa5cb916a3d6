// Options that the schema allows, each value by itself, for property tests.
import fc from 'fast-check';
import { ALL_OPTIONS, type PartialOptions, setAt } from '../../src/options/paths.ts';

const agent = fc.ipV4();
const port = fc.integer({ min: 1, max: 65535 });
const host = fc.oneof(fc.constantFrom('localhost', 'etcd-1.example.com', '[::1]'), agent);
const url = fc
  .tuple(fc.constantFrom('http', 'https'), host, port)
  .map(([scheme, name, number]) => `${scheme}://${name}:${number}`);
const path = fc
  .array(fc.stringMatching(/^[a-z][a-z0-9_.-]{0,8}$/), { minLength: 1, maxLength: 4 })
  .map((parts) => `/${parts.join('/')}`);
const sum = fc.oneof(fc.constant(''), fc.stringMatching(/^[0-9a-f]{64}$/));
const fileUrl = fc.tuple(url, path).map(([base, rest]) => `${base}${rest}`);
const image = fc
  .tuple(
    fc.constantFrom('', 'registry.example.com:5000/'),
    fc.stringMatching(/^[a-z0-9]{1,8}\/[a-z0-9]{1,8}$/),
    fc.constantFrom('', ':v2.6.12', ':latest'),
  )
  .map((parts) => parts.join(''));
const percentage = fc.integer({ min: 1, max: 100 }).map((number) => `${number}%`);
const asNumber = fc.integer({ min: 1, max: 4294967294 }).filter((number) => ![23456, 65535].includes(number));
const peers = fc.uniqueArray(
  fc.record(
    { peer: agent, 'as-number': asNumber, agent: fc.oneof(fc.constant(''), agent) },
    { noNullPrototype: true },
  ),
  { maxLength: 4, selector: (peer) => JSON.stringify(peer) },
);

const BY_PATH: Record<string, fc.Arbitrary<unknown>> = {
  'rollout.max-concurrent': fc.oneof(fc.integer({ min: 1, max: 10000 }), percentage),
  'rollout.max-concurrent-restarts': fc.integer({ min: 1, max: 1000 }),
  'rollout.max-failures': fc.oneof(fc.integer({ min: 0, max: 10000 }), percentage),
  'rollout.settle-seconds': fc.integer({ min: 0, max: 3600 }),
  'rollout.canary': fc.oneof(
    fc.integer({ min: 0, max: 10000 }),
    percentage,
    fc.uniqueArray(agent, { minLength: 1, maxLength: 5 }),
  ),
  'rollout.exclude': fc.uniqueArray(agent, { maxLength: 5 }),
  'rollout.ignore': fc.uniqueArray(fc.constantFrom('CAL1010', 'CAL1027', 'CAL1999'), { maxLength: 3 }),
  'etcd.etcd-discovery-url': fc.constantFrom('etcd.mesos', 'etcd.example.com'),
  'etcd.etcd-endpoints': fc.array(url, { minLength: 1, maxLength: 4 }).map((urls) => urls.join(',')),
  'etcd.proxy-endpoints': fc.uniqueArray(url, { maxLength: 4 }),
  'docker.override-docker-cluster-store': fc.oneof(
    fc.constant(''),
    fc
      .tuple(fc.constantFrom('zk', 'etcd', 'consul'), host, port)
      .map(([scheme, name, number]) => `${scheme}://${name}:${number}`),
  ),
  'docker.cluster-advertise-port': port,
  'cni.cni-plugins-dir': path,
  'cni.cni-config-dir': path,
  'cni.network-name': fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/),
  'libnetwork.override-libnetwork-image': image,
  'node.override-node-image': image,
  'node.pool-cidr': fc
    .tuple(agent, fc.integer({ min: 0, max: 32 }))
    .map(([address, prefix]) => `${address}/${prefix}`),
  'node.ipip': fc.constantFrom('off', 'always', 'cross-subnet'),
  'node.interface': fc.constantFrom('', 'eth0', 'first-found', 'interface=eth.*', 'can-reach=10.0.0.1', 'lo'),
  'node.as-number': asNumber,
  'node.bgp-peers': peers,
  'node.networking-backend': fc.constantFrom('bird', 'gobgp', 'none'),
  'artifacts.mirrors': fc.uniqueArray(url, { maxLength: 3 }),
};

/** A value that the schema allows for an option. */
export function validValue(optionPath: string): fc.Arbitrary<unknown> {
  const own = BY_PATH[optionPath];
  if (own) return own;
  if (optionPath.endsWith('.cpu-limit'))
    return fc.integer({ min: 1, max: 6400 }).map((number) => number / 100);
  if (optionPath.endsWith('.mem-limit')) return fc.integer({ min: 32, max: 65536 });
  if (optionPath.endsWith('.url')) return fileUrl;
  if (optionPath.endsWith('.sha256')) return sum;
  if (/-file$|config-dir$/.test(optionPath)) return fc.oneof(fc.constant(''), path);
  return fc.boolean();
}

/** Any of the options, each with a value that the schema allows; together they may well contradict each other. */
export const partialOptions: fc.Arbitrary<PartialOptions> = fc
  .subarray(ALL_OPTIONS.map((option) => option.path))
  .chain((paths) =>
    fc.tuple(...paths.map((each) => validValue(each).map((value): [string, unknown] => [each, value]))),
  )
  .map((entries) => {
    const options: PartialOptions = {};
    for (const [each, value] of entries) setAt(options, each, value);
    return options;
  });
