// What each step does on an agent, in one sentence, from the options.
import type { Options } from '../options/types.ts';
import { clusterStore } from '../steps/docker/cluster-store.ts';
import { stepNamed } from '../steps/registry.ts';
import type { StepName } from '../steps/state.ts';

const SENTENCES: Record<StepName, (options: Options) => string> = {
  'etcd-proxy': ({ etcd }) =>
    `a systemd unit forwards localhost:2379 to ${etcd['proxy-endpoints'].join(', ') || `the etcd found by _etcd-server._tcp.${etcd['etcd-discovery-url']}`}`,
  docker: (options) =>
    `the engine takes ${clusterStore(options)} as its cluster store by a reload; it is not restarted`,
  cni: ({ cni }) =>
    `calico and calico-ipam go into ${cni['cni-plugins-dir']}, the network ${cni['network-name']} into ${cni['cni-config-dir']}`,
  libnetwork: ({ libnetwork }) => `a systemd unit runs ${libnetwork['override-libnetwork-image']}`,
  node: ({ node }) =>
    `a systemd unit runs ${node['override-node-image']}: pool ${node['pool-cidr']}, IPIP ${node.ipip}, outgoing NAT ${node['nat-outgoing'] ? 'on' : 'off'}`,
};

/** Where some engines have another store. */
const WITH_RESTARTS = (options: Options) =>
  `the engine takes ${clusterStore(options)} as its cluster store: by a reload, or by a restart where it has another`;

/** Title and sentence of each step, in their order. */
export function stepSentences(
  steps: readonly StepName[],
  options: Options,
  restarts = false,
): [string, string][] {
  return steps.map((step) => {
    const { title, isEnabled } = stepNamed(step);
    const sentence = step === 'docker' && restarts ? WITH_RESTARTS : SENTENCES[step];
    return [
      title,
      isEnabled(options) ? sentence(options) : 'is taken off; what was there before is put back',
    ];
  });
}
