// What an operator may get wrong, one case each: what is set on top of the defaults, and what is said of it.

export interface Case {
  name: string;
  set: Record<string, unknown>;
  /** `LEVEL CODE: OPTION OTHER-OPTION…` */
  found: string[];
}

const STATIC = { 'etcd.run-proxy': false, 'etcd.etcd-endpoints': 'http://10.0.0.5:2379' };
const TLS = {
  'etcd.run-proxy': false,
  'etcd.etcd-endpoints': 'https://10.0.0.5:2379',
  'etcd.ca-file': '/etc/ca.pem',
};
const contradiction = (...paths: string[]): string => `error contradiction: ${paths.join(' ')}`;
const notAllowed = (path: string): string => `error not-allowed: ${path}`;
const warning = (code: string, ...paths: string[]): string => `warning ${code}: ${paths.join(' ')}`;

const ENDPOINTS = 'etcd.etcd-endpoints';
const UPSTREAM = 'etcd.proxy-endpoints';
const STORE = 'docker.override-docker-cluster-store';
const POOL = 'node.pool-cidr';
const PEERS = 'node.bgp-peers';
const peer = (address: string, agent = '', number = 64512) => ({ peer: address, 'as-number': number, agent });

const ETCD: Case[] = [
  { name: 'static endpoints without the proxy are fine', set: STATIC, found: [] },
  {
    name: '127.0.0.1 and [::1] lead to the proxy as localhost does',
    set: { [ENDPOINTS]: 'http://127.0.0.1:2379,http://[::1]:2379/' },
    found: [],
  },
  {
    name: 'the proxy with endpoints elsewhere',
    set: { [ENDPOINTS]: 'http://10.0.0.5:2379' },
    found: [contradiction('etcd.run-proxy', ENDPOINTS)],
  },
  {
    name: 'the proxy with another local port',
    set: { [ENDPOINTS]: 'http://localhost:4001' },
    found: [contradiction('etcd.run-proxy', ENDPOINTS)],
  },
  {
    name: 'the proxy with https to itself',
    set: { [ENDPOINTS]: 'https://localhost:2379', 'etcd.ca-file': '/etc/ca.pem', 'docker.enable': false },
    found: [
      contradiction('etcd.run-proxy', ENDPOINTS),
      warning('needs-own', 'libnetwork.enable', 'docker.enable'),
    ],
  },
  {
    name: 'no proxy, but localhost: a proxy of their own may be there',
    set: { 'etcd.run-proxy': false },
    found: [warning('needs-own', 'etcd.run-proxy', ENDPOINTS)],
  },
  {
    name: 'members for the proxy without the proxy',
    set: { ...STATIC, [UPSTREAM]: ['http://10.0.0.5:2379'] },
    found: [contradiction(UPSTREAM, 'etcd.run-proxy')],
  },
  {
    name: 'a proxy that forwards to itself',
    set: { [UPSTREAM]: ['http://localhost:2379'] },
    found: [contradiction(UPSTREAM, 'etcd.run-proxy')],
  },
  {
    name: 'a discovery domain that nobody reads',
    set: { ...STATIC, 'etcd.etcd-discovery-url': 'etcd.example.com' },
    found: [warning('not-used', 'etcd.etcd-discovery-url', 'etcd.run-proxy')],
  },
  {
    name: 'a discovery domain beside named members',
    set: { [UPSTREAM]: ['http://10.0.0.5:2379'], 'etcd.etcd-discovery-url': 'etcd.example.com' },
    found: [warning('not-used', 'etcd.etcd-discovery-url', UPSTREAM)],
  },
  {
    name: 'http and https mixed',
    set: {
      ...TLS,
      [ENDPOINTS]: 'https://10.0.0.5:2379,http://10.0.0.6:2379',
      'docker.enable': false,
      'libnetwork.enable': false,
    },
    found: [contradiction(ENDPOINTS)],
  },
  {
    name: 'https without a CA',
    set: { [UPSTREAM]: ['https://10.0.0.5:2379'] },
    found: [contradiction(UPSTREAM, 'etcd.ca-file')],
  },
  {
    name: 'TLS behind the proxy is fine',
    set: { [UPSTREAM]: ['https://10.0.0.5:2379'], 'etcd.ca-file': '/etc/ca.pem' },
    found: [],
  },
  {
    name: 'files for TLS without TLS',
    set: { 'etcd.ca-file': '/etc/ca.pem' },
    found: [contradiction('etcd.ca-file', UPSTREAM)],
  },
  {
    name: 'files for TLS with static endpoints without TLS',
    set: { ...STATIC, 'etcd.cert-file': '/etc/c.pem', 'etcd.key-file': '/etc/k.pem' },
    found: [contradiction('etcd.cert-file', 'etcd.key-file', ENDPOINTS)],
  },
  {
    name: 'a certificate without its key',
    set: {
      [UPSTREAM]: ['https://10.0.0.5:2379'],
      'etcd.ca-file': '/etc/ca.pem',
      'etcd.cert-file': '/etc/c.pem',
    },
    found: [contradiction('etcd.cert-file', 'etcd.key-file')],
  },
  {
    name: 'a key without its certificate',
    set: {
      [UPSTREAM]: ['https://10.0.0.5:2379'],
      'etcd.ca-file': '/etc/ca.pem',
      'etcd.key-file': '/etc/k.pem',
    },
    found: [contradiction('etcd.key-file', 'etcd.cert-file')],
  },
  {
    name: 'a port that is none',
    set: { ...STATIC, [ENDPOINTS]: 'http://10.0.0.5:70000' },
    found: [notAllowed(ENDPOINTS)],
  },
  {
    name: 'an address that is none',
    set: { ...STATIC, [ENDPOINTS]: 'http://10.0.0.500:2379' },
    found: [notAllowed(ENDPOINTS)],
  },
  {
    name: 'an address to listen on',
    set: { [UPSTREAM]: ['http://0.0.0.0:2379'] },
    found: [notAllowed(UPSTREAM)],
  },
  {
    name: "etcd's port for its members",
    set: { [UPSTREAM]: ['http://10.0.0.5:2380'] },
    found: [warning('odd-port', UPSTREAM)],
  },
  {
    name: 'a member named twice',
    set: { ...STATIC, [ENDPOINTS]: 'http://10.0.0.5:2379,http://10.0.0.5:2379/' },
    found: [warning('twice', ENDPOINTS)],
  },
];

const DOCKER: Case[] = [
  {
    name: 'a ZooKeeper store for Docker is fine',
    set: { [STORE]: 'zk://10.0.0.5:2181,10.0.0.6:2181/docker' },
    found: [],
  },
  { name: 'a Consul store for Docker is fine', set: { [STORE]: 'consul://10.0.0.5:8500' }, found: [] },
  { name: 'the same etcd, named', set: { ...STATIC, [STORE]: 'etcd://10.0.0.5:2379' }, found: [] },
  {
    name: 'a store for a Docker that is left alone',
    set: { [STORE]: 'zk://10.0.0.5:2181/docker', 'docker.enable': false, 'libnetwork.enable': false },
    found: [contradiction(STORE, 'docker.enable')],
  },
  {
    name: "Docker's etcd over TLS",
    set: TLS,
    found: [contradiction('docker.enable', ENDPOINTS)],
  },
  {
    name: 'the same etcd without TLS for Docker',
    set: { ...TLS, [STORE]: 'etcd://10.0.0.5:2379' },
    found: [contradiction(STORE, ENDPOINTS)],
  },
  {
    name: 'etcd over TLS, Docker in ZooKeeper',
    set: { ...TLS, [STORE]: 'zk://10.0.0.5:2181/docker' },
    found: [],
  },
  {
    name: 'two etcd clusters',
    set: { ...STATIC, [STORE]: 'etcd://10.9.9.9:2379' },
    found: [warning('two-stores', STORE, ENDPOINTS)],
  },
  {
    name: 'a store on every agent itself',
    set: { [STORE]: 'consul://localhost:8500' },
    found: [warning('needs-own', STORE)],
  },
  {
    name: "the store in DC/OS's own part of ZooKeeper",
    set: { [STORE]: 'zk://zk-1.zk:2181/mesos' },
    found: [notAllowed(STORE)],
  },
  {
    name: 'libnetwork, and Docker left alone',
    set: { 'docker.enable': false },
    found: [warning('needs-own', 'libnetwork.enable', 'docker.enable')],
  },
  {
    name: 'a store that no network of Calico uses',
    set: { 'libnetwork.enable': false },
    found: [warning('no-effect', 'docker.enable', 'libnetwork.enable')],
  },
];

const SWITCHES = ['etcd.run-proxy', 'docker.enable', 'cni.enable', 'libnetwork.enable', 'node.enable'];
const off = (...paths: string[]) => Object.fromEntries(paths.map((path) => [path, false]));

const STEPS: Case[] = [
  {
    name: 'all steps turned off',
    set: off(...SWITCHES),
    found: [contradiction(...SWITCHES), warning('needs-own', 'etcd.run-proxy', ENDPOINTS)],
  },
  { name: 'only the proxy', set: off(...SWITCHES.slice(1)), found: [warning('no-effect', ...SWITCHES)] },
  {
    name: 'addresses that nothing routes',
    set: off('node.enable'),
    found: [warning('needs-own', 'cni.enable', 'libnetwork.enable', 'node.enable')],
  },
  {
    name: 'calico/node that nobody uses',
    set: off('cni.enable', 'libnetwork.enable', 'docker.enable'),
    found: [warning('no-effect', 'node.enable', 'cni.enable', 'libnetwork.enable')],
  },
  { name: 'CNI alone, without Docker, is fine', set: off('docker.enable', 'libnetwork.enable'), found: [] },
  {
    name: 'options of a step that is turned off',
    set: {
      ...off('docker.enable', 'libnetwork.enable'),
      'docker.replace-cluster-store': true,
      'docker.mem-limit': 64,
      'libnetwork.override-libnetwork-image': 'a/b:v9.9.9',
    },
    found: [
      warning('not-used', 'docker.replace-cluster-store', 'docker.mem-limit', 'docker.enable'),
      warning('not-used', 'libnetwork.override-libnetwork-image', 'libnetwork.enable'),
    ],
  },
  {
    name: 'files of steps that are turned off',
    set: {
      ...STATIC,
      'cni.enable': false,
      'artifacts.etcd.url': 'http://h/etcd.tar.gz',
      'artifacts.calico.url': 'http://h/calico',
      'etcd.mem-limit': 64,
    },
    found: [
      warning('not-used', 'etcd.mem-limit', 'artifacts.etcd.url', 'etcd.run-proxy'),
      warning('not-used', 'artifacts.calico.url', 'cni.enable'),
    ],
  },
];

const HOST: Case[] = [
  {
    name: 'both CNI directories the same',
    set: { 'cni.cni-plugins-dir': '/opt/cni', 'cni.cni-config-dir': '/opt/cni/' },
    found: [contradiction('cni.cni-plugins-dir', 'cni.cni-config-dir')],
  },
  {
    name: "a network name of DC/OS's own",
    set: { 'cni.network-name': 'dcos' },
    found: [notAllowed('cni.network-name')],
  },
  {
    name: 'the file in place of its directory',
    set: { 'registry.config-dir': '/root/.docker/config.json' },
    found: [notAllowed('registry.config-dir')],
  },
  { name: 'a pool with bits of a host', set: { [POOL]: '10.200.1.0/16' }, found: [notAllowed(POOL)] },
  { name: 'a pool that is no network', set: { [POOL]: '10.200.0.0/33' }, found: [notAllowed(POOL)] },
  { name: 'a pool with an address that is none', set: { [POOL]: '300.0.0.0/16' }, found: [notAllowed(POOL)] },
  { name: 'a pool smaller than a block', set: { [POOL]: '10.200.0.0/27' }, found: [notAllowed(POOL)] },
  { name: 'a pool of half the internet', set: { [POOL]: '64.0.0.0/2' }, found: [notAllowed(POOL)] },
  { name: 'a pool of loopback addresses', set: { [POOL]: '127.0.0.0/8' }, found: [notAllowed(POOL)] },
  { name: "a pool over DC/OS's DNS", set: { [POOL]: '198.51.0.0/16' }, found: [notAllowed(POOL)] },
  { name: "a pool over DC/OS's overlay", set: { [POOL]: '9.0.0.0/8' }, found: [warning('overlap', POOL)] },
  {
    name: "a pool over Docker's bridge",
    set: { [POOL]: '172.16.0.0/12' },
    found: [warning('overlap', POOL)],
  },
  { name: 'a pool of one block', set: { [POOL]: '10.200.0.0/26' }, found: [warning('small-pool', POOL)] },
  {
    name: 'a pool that holds real machines',
    set: {
      ...STATIC,
      [POOL]: '10.0.0.0/8',
      'rollout.canary': ['10.1.1.1'],
      'rollout.exclude': ['10.1.1.2'],
      [PEERS]: [peer('10.1.1.3', '10.1.1.4')],
    },
    found: [contradiction(POOL, ENDPOINTS, 'rollout.canary', 'rollout.exclude', PEERS)],
  },
  {
    name: 'the default pool, and etcd in it',
    set: { [UPSTREAM]: ['http://192.168.1.5:2379'] },
    found: [contradiction(POOL, UPSTREAM)],
  },
  {
    name: 'little memory for calico/node',
    set: { 'node.mem-limit': 64 },
    found: [warning('little-memory', 'node.mem-limit')],
  },
  {
    name: 'an interface that leads nowhere',
    set: { 'node.interface': 'interface=docker0' },
    found: [notAllowed('node.interface')],
  },
];

const BGP: Case[] = [
  {
    name: 'route reflectors in place of the mesh',
    set: { 'node.node-to-node-mesh': false, [PEERS]: [peer('10.0.0.1'), peer('fd00::1')] },
    found: [],
  },
  {
    name: 'no mesh and no peers',
    set: { 'node.node-to-node-mesh': false },
    found: [warning('needs-own', 'node.node-to-node-mesh', PEERS)],
  },
  {
    name: 'a public AS number',
    set: { 'node.as-number': 3320 },
    found: [warning('public-as', 'node.as-number')],
  },
  {
    name: 'an AS number for examples',
    set: { 'node.as-number': 64500 },
    found: [warning('public-as', 'node.as-number')],
  },
  { name: 'a private AS number of four bytes', set: { 'node.as-number': 4200000001 }, found: [] },
  { name: 'a peer that is no address', set: { [PEERS]: [peer('10.0.0.300')] }, found: [notAllowed(PEERS)] },
  {
    name: 'a peer that is no IPv6 address',
    set: { [PEERS]: [peer('fd00::1::2')] },
    found: [notAllowed(PEERS)],
  },
  { name: 'a peer on the agent itself', set: { [PEERS]: [peer('127.0.0.1')] }, found: [notAllowed(PEERS)] },
  { name: 'a multicast peer', set: { [PEERS]: [peer('224.0.0.5')] }, found: [notAllowed(PEERS)] },
  {
    name: 'the same peer twice',
    set: { [PEERS]: [peer('10.0.0.1'), peer('10.0.0.1', '', 65001)] },
    found: [notAllowed(PEERS)],
  },
  {
    name: 'the same peer for two agents',
    set: { [PEERS]: [peer('10.0.0.1', '10.1.1.1'), peer('10.0.0.1', '10.1.1.2')] },
    found: [],
  },
  {
    name: 'an agent that peers with itself',
    set: { [PEERS]: [peer('10.0.0.1', '10.0.0.1')] },
    found: [notAllowed(PEERS)],
  },
  {
    name: 'a peer for an agent that is left alone',
    set: { [PEERS]: [peer('10.0.0.1', '10.1.1.1')], 'rollout.exclude': ['10.1.1.1'] },
    found: [warning('not-used', PEERS, 'rollout.exclude')],
  },
  { name: 'no backend is fine', set: { 'node.networking-backend': 'none' }, found: [] },
  {
    name: 'no backend, but peers, tunnels, a mesh and an AS number',
    set: {
      'node.networking-backend': 'none',
      [PEERS]: [peer('10.0.0.1')],
      'node.ipip': 'always',
      'node.node-to-node-mesh': true,
      'node.as-number': 65001,
    },
    found: [
      contradiction(PEERS, 'node.networking-backend'),
      contradiction('node.ipip', 'node.networking-backend'),
      warning('not-used', 'node.node-to-node-mesh', 'node.as-number', 'node.networking-backend'),
    ],
  },
];

const NODE_IMAGE = 'node.override-node-image';
const url = (name: string): string => `artifacts.${name}.url`;
const sum = (name: string): string => `artifacts.${name}.sha256`;

const FILES: Case[] = [
  {
    name: 'an image without a version',
    set: { [NODE_IMAGE]: 'registry.example.com:5000/calico/node' },
    found: [warning('not-pinned', NODE_IMAGE)],
  },
  {
    name: 'the latest image',
    set: { [NODE_IMAGE]: 'calico/node:latest' },
    found: [warning('not-pinned', NODE_IMAGE)],
  },
  {
    name: 'an image of Calico 3',
    set: { [NODE_IMAGE]: 'calico/node:v3.20.0' },
    found: [warning('other-line', NODE_IMAGE)],
  },
  {
    name: 'an image of Calico 1',
    set: { [NODE_IMAGE]: 'calico/node:v1.0.0' },
    found: [warning('other-line', NODE_IMAGE)],
  },
  { name: 'an image by digest', set: { [NODE_IMAGE]: `calico/node@sha256:${'a'.repeat(64)}` }, found: [] },
  { name: 'an image with a tag of their own', set: { [NODE_IMAGE]: 'calico/node:prod-7' }, found: [] },
  {
    name: 'an etcd without the v2 proxy',
    set: { [url('etcd')]: 'https://h/etcd-v3.6.1-linux-amd64.tar.gz' },
    found: [contradiction(url('etcd'), 'etcd.run-proxy')],
  },
  {
    name: 'an etcd 3.5 for the proxy',
    set: { [url('etcd')]: 'https://h/etcd-v3.5.9-linux-arm64.tar.gz' },
    found: [],
  },
  {
    name: 'an etcd for macOS',
    set: { [url('etcd')]: 'https://h/etcd-v3.3.27-darwin-amd64.zip' },
    found: [notAllowed(url('etcd'))],
  },
  {
    name: 'a page in place of the file',
    set: { [url('calico')]: 'https://github.com/projectcalico/cni-plugin/releases/tag/v1.11.8' },
    found: [notAllowed(url('calico'))],
  },
  {
    name: 'a port of a download that is none',
    set: { [url('calico')]: 'https://h:99999/calico' },
    found: [notAllowed(url('calico'))],
  },
  {
    name: 'the two plugins swapped',
    set: { [url('calico')]: 'https://h/calico-ipam', [url('calico-ipam')]: 'https://h/calico' },
    found: [contradiction(url('calico'), url('calico-ipam'))],
  },
  {
    name: 'the two plugins the same file',
    set: { [url('calico')]: 'https://h/calico', [url('calico-ipam')]: 'https://h/calico' },
    found: [contradiction(url('calico'), url('calico-ipam'))],
  },
  {
    name: 'plugins of two releases',
    set: { [url('calico')]: 'https://h/v1.11.7/calico' },
    found: [warning('mixed-versions', url('calico'), url('calico-ipam'))],
  },
  {
    name: 'two files of one name on a mirror',
    set: {
      'artifacts.mirrors': ['https://m'],
      [url('etcd')]: 'https://h/calico',
      [url('calico-ipam')]: 'https://h/x/calico-ipam',
    },
    found: [contradiction(url('calico'), url('etcd'), 'artifacts.mirrors')],
  },
  {
    name: 'one sum for two files',
    set: { [sum('calico')]: 'a'.repeat(64), [sum('calico-ipam')]: 'a'.repeat(64) },
    found: [contradiction(sum('calico-ipam'), sum('calico'))],
  },
  {
    name: 'a plain download without a sum',
    set: { [url('calico')]: 'http://h/calico' },
    found: [warning('not-proven', sum('calico'), url('calico'))],
  },
  {
    name: 'a plain mirror without sums',
    set: { 'artifacts.mirrors': ['http://m'] },
    found: [warning('not-proven', sum('etcd'), sum('calico'), sum('calico-ipam'), 'artifacts.mirrors')],
  },
  {
    name: 'a plain download with its sum',
    set: { [url('calico')]: 'http://h/calico', [sum('calico')]: 'a'.repeat(64) },
    found: [],
  },
];

const ROLLOUT: Case[] = [
  {
    name: 'a canary that is left alone',
    set: { 'rollout.canary': ['10.0.0.1', '10.0.0.2'], 'rollout.exclude': ['10.0.0.2'] },
    found: [contradiction('rollout.canary', 'rollout.exclude')],
  },
  { name: 'no canary', set: { 'rollout.canary': '0%' }, found: [warning('no-canary', 'rollout.canary')] },
  {
    name: 'all agents at once',
    set: { 'rollout.max-concurrent': '100%' },
    found: [warning('all-at-once', 'rollout.max-concurrent')],
  },
  {
    name: 'failures that stop nothing',
    set: { 'rollout.max-failures': '100%' },
    found: [warning('never-stops', 'rollout.max-failures')],
  },
  {
    name: 'more restarts than changes at a time',
    set: { 'rollout.max-concurrent': 2, 'rollout.max-concurrent-restarts': 3 },
    found: [warning('odd-order', 'rollout.max-concurrent-restarts', 'rollout.max-concurrent')],
  },
  {
    name: 'no settling',
    set: { 'rollout.settle-seconds': 0 },
    found: [warning('no-settling', 'rollout.settle-seconds')],
  },
];

export const CASES: Case[] = [...ETCD, ...DOCKER, ...STEPS, ...HOST, ...BGP, ...FILES, ...ROLLOUT];
