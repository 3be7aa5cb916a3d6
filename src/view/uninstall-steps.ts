// What taking each step off does on an agent, in one sentence.
import type { Options } from '../options/types.ts';
import { stepNamed } from '../steps/registry.ts';
import type { StepName } from '../steps/state.ts';

const SENTENCES: Record<StepName, (options: Options, restart: boolean) => string> = {
  node: () =>
    "its container and its unit go, with Calico's chains, ipsets, routes and tunnel address, and the agent's entry in etcd",
  libnetwork: () => "its container and its unit go, with the plugin's sockets",
  cni: ({ cni }) =>
    `calico and calico-ipam go out of ${cni['cni-plugins-dir']}, the network ${cni['network-name']} out of ${cni['cni-config-dir']}; what was there before comes back`,
  docker: (_, restart) =>
    `our keys go out of daemon.json, and the rest of it stays${restart ? '; the engine is restarted, as it drops a store only then' : ''}`,
  'etcd-proxy': () =>
    'its unit, its program and its data go, last: when nothing on the agent uses it any more',
};

/** Title and sentence of each step, in the order in which they go. */
export function removalSentences(
  steps: readonly StepName[],
  options: Options,
  restart: boolean,
): [string, string][] {
  return [...steps].reverse().map((step) => [stepNamed(step).title, SENTENCES[step](options, restart)]);
}

/** What a host keeps that nobody takes Calico off, for whoever does it by hand. */
export function leftovers(steps: readonly StepName[], options: Options): string[] {
  const of: Record<StepName, string[]> = {
    node: [
      'the unit dcos-calico-node and the container calico-node',
      "Calico's chains (cali*), ipsets (cali4*, cali6*), routes of proto bird, addresses of tunl0",
    ],
    libnetwork: ['the unit dcos-calico-libnetwork and the container calico-libnetwork'],
    cni: [
      'the unit dcos-calico-cni',
      `${options.cni['cni-config-dir'].replace(/\/$/, '')}/calico.cni, and calico and calico-ipam in ${options.cni['cni-plugins-dir']}`,
    ],
    docker: ['cluster-store and cluster-advertise in /etc/docker/daemon.json'],
    'etcd-proxy': ['the unit dcos-calico-etcd-proxy, which holds localhost:2379'],
  };
  return [...[...steps].reverse().flatMap((step) => of[step]), '/opt/dcos-calico and /var/lib/dcos-calico'];
}
