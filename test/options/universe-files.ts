// Options files of the Universe package calico as `dcos package describe --config` shows their defaults, by revision.

const RESOURCES = {
  'cpu-limit-framework': 0.2,
  'mem-limit-framework': 512,
  'cpu-limit-install': 0.2,
  'mem-limit-install': 512,
  'cpu-limit-etcd-proxy': 0.1,
  'mem-limit-etcd-proxy': 128,
  'cpu-limit-node': 0.2,
  'mem-limit-node': 256,
  'cpu-limit-libnetwork': 0.2,
  'mem-limit-libnetwork': 256,
};

const FIVE_ZK = 'zk://zk-1.zk:2181,zk-2.zk:2181,zk-3.zk:2181,zk-4.zk:2181,zk-5.zk:2181';

const TITLED = {
  'Framework Settings': {
    'framework-name': 'calico-install-framework',
    master: `${FIVE_ZK}/mesos`,
    'max-concurrent-restarts': 1,
    zk: `${FIVE_ZK}/calico`,
    'cpu-limit': 0.2,
    'mem-limit': 512,
    'status-dns': 'calico.marathon.mesos',
  },
  'Etcd Settings': {
    'run-proxy': true,
    'etcd-discovery-url': 'etcd.mesos',
    'etcd-endpoints': 'http://localhost:2379',
    'cpu-limit': 0.1,
    'mem-limit': 128,
  },
  'Configure Docker Cluster-Store': { enable: true, 'cpu-limit': 0.2, 'mem-limit': 256 },
  'Install CNI': {
    enable: true,
    'cni-plugins-dir': '/opt/mesosphere/active/cni/',
    'cni-config-dir': '/opt/mesosphere/etc/dcos/network/cni/',
    'cpu-limit': 0.2,
    'mem-limit': 512,
  },
  'Run Calico-Node': { enable: true, 'cpu-limit': 0.2, 'mem-limit': 256 },
};

export const UNIVERSE_FILES: Record<string, Record<string, Record<string, unknown>>> = {
  'revision 0': {
    calico: {
      'framework-name': 'calico',
      'calicoctl-url': '{{resource.assets.uris.calicoctl}}',
      'calico-node-img': 'calico/node:v0.18.0',
      'calico-libnetwork-img': 'calico/node-libnetwork:v0.8.0',
      'allow-agent-update': true,
      'allow-docker-update': true,
      'max-concurrent-restarts': 1,
      zk: 'zk://master.mesos:2181/calico',
      ...RESOURCES,
      'status-dns': 'calico.marathon.mesos',
    },
    etcd: { 'etcd-discovery-url': 'etcd.mesos' },
    mesos: { master: 'zk://master.mesos:2181/mesos' },
  },
  'revision 1': {
    calico: {
      'framework-name': 'calico',
      'allow-docker-update': true,
      'max-concurrent-restarts': 1,
      zk: 'zk://master.mesos:2181/calico',
      ...RESOURCES,
      'status-dns': 'calico.marathon.mesos',
    },
    etcd: { 'etcd-discovery-url': 'etcd.mesos' },
    mesos: {
      master: 'zk://master.mesos:2181/mesos',
      'cni-plugins-dir': '/opt/mesosphere/active/cni/',
      'cni-config-dir': '/opt/mesosphere/etc/dcos/network/cni/',
    },
  },
  'revision 2': {
    ...TITLED,
    'Run Calico-Libnetwork': { enable: true, 'cpu-limit': 0.2, 'mem-limit': 256 },
  },
  'revision 3': TITLED,
};
