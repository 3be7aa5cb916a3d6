/** What the steps write on an agent, for one example of an agent and for given options. */
export interface HostTexts {
  address: string;
  proxy: { name: string; unit: string; binary: string; data: string };
  /** Keys of Docker's configuration file. */
  docker: { file: string; keys: Record<string, unknown> };
  cni: {
    name: string;
    unit: string;
    /** The network, for Mesos. */
    configuration: string;
    plugins: string;
    networks: string;
    masters: string;
    'put back': string;
    script: string;
  };
  libnetwork: { name: string; unit: string; container: string; image: string };
  node: { name: string; unit: string; container: string; image: string };
}
