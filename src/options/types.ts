// The options, as the file `--options` has them: sections, kebab-case keys, the Universe package's names where it has them.
// `schema.ts` describes the same for validation; a test holds the two together.

export interface StepResources {
  /** CPUs, as Mesos counts them. */
  'cpu-limit': number;
  /** MiB. */
  'mem-limit': number;
}

/** A file fetched by an agent. `sha256` is empty where nobody has measured it yet. */
export interface Artifact {
  url: string;
  sha256: string;
}

export interface RolloutOptions {
  /** Agents that change at a time once the canary is through: a count or a percentage ("10%"). */
  'max-concurrent': number | string;
  /** Agents that restart a daemon at a time. */
  'max-concurrent-restarts': number;
  /** Agents that may fail in a wave that restarts nothing before the rollout stops: a count or a percentage. */
  'max-failures': number | string;
  'settle-seconds': number;
  /** The first wave: a count or a percentage, of private and public agents apart, or agents by address. 0: none. */
  canary: number | string | string[];
  /** Agents (addresses) that are left alone. */
  exclude: string[];
  /** Codes of preflight's checks (`CAL1010`) that are told and do not stop. */
  ignore: string[];
}

export interface EtcdOptions extends StepResources {
  'run-proxy': boolean;
  /** Domain of the SRV record `_etcd-server._tcp.DOMAIN` that the proxy reads. */
  'etcd-discovery-url': string;
  /** Comma-separated client URLs that Docker, CNI, libnetwork and node use. */
  'etcd-endpoints': string;
  /** The proxy's upstream (client URLs of etcd) where there is no SRV record. */
  'proxy-endpoints': string[];
  /** Files on the agents, for etcd over TLS. Empty: none. */
  'ca-file': string;
  'cert-file': string;
  'key-file': string;
}

export interface DockerOptions extends StepResources {
  enable: boolean;
  /** `etcd://…`, `zk://…` or `consul://…`; empty: derived from the endpoints. */
  'override-docker-cluster-store': string;
  /** Port that Docker advertises in its store with the agent's address. */
  'cluster-advertise-port': number;
  'replace-cluster-store': boolean;
  'apply-other-changes': boolean;
}

export interface CniOptions extends StepResources {
  enable: boolean;
  'cni-plugins-dir': string;
  'cni-config-dir': string;
  'network-name': string;
}

export interface LibnetworkOptions extends StepResources {
  enable: boolean;
  'override-libnetwork-image': string;
}

export interface BgpPeer {
  /** Address of the peer. */
  peer: string;
  'as-number': number;
  /** Agent that peers with it; empty: all. */
  agent: string;
}

export interface NodeOptions extends StepResources {
  enable: boolean;
  'override-node-image': string;
  'pool-cidr': string;
  ipip: 'off' | 'always' | 'cross-subnet';
  'nat-outgoing': boolean;
  /** Network interface or autodetection method (`first-found`, `interface=eth.*`, `can-reach=10.0.0.1`); empty: the agent's address. */
  interface: string;
  'as-number': number;
  'node-to-node-mesh': boolean;
  'bgp-peers': BgpPeer[];
  'networking-backend': 'bird' | 'gobgp' | 'none';
}

export interface ArtifactOptions {
  etcd: Artifact;
  calico: Artifact;
  'calico-ipam': Artifact;
  calicoctl: Artifact;
  /** Base URLs that are tried, in order, before an artifact's own URL: MIRROR/FILE-NAME. */
  mirrors: string[];
}

export interface Options {
  rollout: RolloutOptions;
  etcd: EtcdOptions;
  docker: DockerOptions;
  cni: CniOptions;
  libnetwork: LibnetworkOptions;
  node: NodeOptions;
  artifacts: ArtifactOptions;
  registry: {
    /** Directory on the agents with Docker's `config.json`; empty: none. Its content is never read, carried or printed. */
    'config-dir': string;
  };
}
