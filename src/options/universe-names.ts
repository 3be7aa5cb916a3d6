// The options of the Universe package `calico`, revisions 0 to 3 (v0.1.0, v0.2.0, v0.3.1, v0.4.0), as their `config.json` has them, and what
// becomes of each. Revisions 0 and 1 have flat groups, 2 and 3 groups with titles.

export type Fate =
  /** The options here that it becomes. */
  | { to: string[]; note?: string; unlessDefault?: string[] }
  /** Why nothing here corresponds to it. */
  | { because: string };

const FRAMEWORK = 'there is no framework of its own here: Marathon runs the steps';
const MASTER = 'the cluster is asked through its Admin Router (DCOS_URL)';
const ZK = 'nothing is kept in ZooKeeper: the cluster itself is what is remembered';
const STATUS_DNS = 'there is no status page: `dcos calico status` shows each agent';
const INSTALLER = 'there is no installer binary: the steps are scripts that Marathon carries';
const CALICOCTL =
  'that calicoctl belongs to Calico 0.x and cannot speak to Calico 2.6. Another one is named by artifacts.calicoctl.url';
const OWN_DEFAULT = "it is that package's own default";
const TASK_STAYS =
  "the package's install task ended, the step's task stays and reserves this as long as Calico is there";

const notUsed = (because: string): Fate => ({ because });
const to = (...paths: string[]): Fate => ({ to: paths });
const install = (...paths: string[]): Fate => ({ to: paths, note: TASK_STAYS });

export const OWN_DEFAULT_REASON = `${OWN_DEFAULT}, of another line of Calico than the one installed here`;

/** Revisions 0 and 1. */
const FLAT: Record<string, Record<string, Fate>> = {
  calico: {
    'framework-name': notUsed(FRAMEWORK),
    'calicoctl-url': notUsed(CALICOCTL),
    'calico-node-img': {
      to: ['node.override-node-image'],
      unlessDefault: ['calico/node:v0.18.0', 'calico/node:v0.19.0'],
    },
    'calico-libnetwork-img': {
      to: ['libnetwork.override-libnetwork-image'],
      unlessDefault: ['calico/node-libnetwork:v0.8.0'],
    },
    // Netmodules were what CNI is now: an operator who kept the package off the Mesos agent means the same here.
    'allow-agent-update': {
      to: ['cni.enable'],
      note: "CNI takes the place of the package's netmodules, and restarts no Mesos agent",
    },
    'allow-docker-update': to('docker.enable'),
    'max-concurrent-restarts': to('rollout.max-concurrent-restarts'),
    zk: notUsed(ZK),
    'cpu-limit-framework': notUsed(FRAMEWORK),
    'mem-limit-framework': notUsed(FRAMEWORK),
    'cpu-limit-install': install('docker.cpu-limit', 'cni.cpu-limit'),
    'mem-limit-install': install('docker.mem-limit', 'cni.mem-limit'),
    'cpu-limit-etcd-proxy': to('etcd.cpu-limit'),
    'mem-limit-etcd-proxy': to('etcd.mem-limit'),
    'cpu-limit-node': to('node.cpu-limit'),
    'mem-limit-node': to('node.mem-limit'),
    'cpu-limit-libnetwork': to('libnetwork.cpu-limit'),
    'mem-limit-libnetwork': to('libnetwork.mem-limit'),
    'status-dns': notUsed(STATUS_DNS),
  },
  mesos: {
    master: notUsed(MASTER),
    'cni-plugins-dir': to('cni.cni-plugins-dir'),
    'cni-config-dir': to('cni.cni-config-dir'),
  },
  'resource-overrides': {
    'node-image': to('node.override-node-image'),
    'installer-url': notUsed(INSTALLER),
    'framework-image': notUsed(FRAMEWORK),
  },
};

/** Revisions 2 and 3; the last group is in revision 2 only. */
const TITLED: Record<string, Record<string, Fate>> = {
  'Framework Settings': {
    'framework-name': notUsed(FRAMEWORK),
    master: notUsed(MASTER),
    'max-concurrent-restarts': to('rollout.max-concurrent-restarts'),
    zk: notUsed(ZK),
    'cpu-limit': notUsed(FRAMEWORK),
    'mem-limit': notUsed(FRAMEWORK),
    'status-dns': notUsed(STATUS_DNS),
    'override-framework-image': notUsed(FRAMEWORK),
    'override-installer-url': notUsed(INSTALLER),
  },
  'Etcd Settings': {
    'run-proxy': to('etcd.run-proxy'),
    'etcd-discovery-url': to('etcd.etcd-discovery-url'),
    'etcd-endpoints': to('etcd.etcd-endpoints'),
    'cpu-limit': to('etcd.cpu-limit'),
    'mem-limit': to('etcd.mem-limit'),
  },
  'Configure Docker Cluster-Store': {
    enable: to('docker.enable'),
    'override-docker-cluster-store': to('docker.override-docker-cluster-store'),
    'cpu-limit': install('docker.cpu-limit'),
    'mem-limit': install('docker.mem-limit'),
  },
  'Install CNI': {
    enable: to('cni.enable'),
    'cni-plugins-dir': to('cni.cni-plugins-dir'),
    'cni-config-dir': to('cni.cni-config-dir'),
    'cpu-limit': install('cni.cpu-limit'),
    'mem-limit': install('cni.mem-limit'),
  },
  'Run Calico-Node': {
    enable: to('node.enable'),
    'cpu-limit': to('node.cpu-limit'),
    'mem-limit': to('node.mem-limit'),
    'override-node-image': to('node.override-node-image'),
  },
  'Run Calico-Libnetwork': {
    enable: to('libnetwork.enable'),
    'cpu-limit': to('libnetwork.cpu-limit'),
    'mem-limit': to('libnetwork.mem-limit'),
  },
};

/** Groups that only a Universe file has. Its group `etcd` (revisions 0 and 1) has one option, of the same name here. */
export const UNIVERSE_GROUPS: Record<string, Record<string, Fate>> = { ...FLAT, ...TITLED };

const NAMES_IN: Record<string, string[]> = {
  rollout: [
    'framework-name',
    'master',
    'zk',
    'status-dns',
    'override-framework-image',
    'override-installer-url',
  ],
  etcd: ['cpu-limit-etcd-proxy', 'mem-limit-etcd-proxy'],
  docker: ['allow-docker-update'],
  cni: ['allow-agent-update'],
  libnetwork: ['calico-libnetwork-img', 'cpu-limit-libnetwork', 'mem-limit-libnetwork'],
  node: ['calico-node-img', 'node-image', 'cpu-limit-node', 'mem-limit-node'],
};

/** Names of the package that are not ours, inside our own sections: `{node: {'node-image': …}}`. */
export const NAMES_IN_OUR_SECTIONS: Record<string, Record<string, Fate>> = Object.fromEntries(
  Object.entries(NAMES_IN).map(([section, names]) => [
    section,
    Object.fromEntries(names.map((name) => [name, fateOf(name)])),
  ]),
);

function fateOf(name: string): Fate {
  for (const group of [FLAT.calico!, FLAT['resource-overrides']!, TITLED['Framework Settings']!]) {
    if (Object.hasOwn(group, name)) return group[name]!;
  }
  throw new Error(`no fate for ${name}`);
}
