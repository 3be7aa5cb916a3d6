import { absolutePath, networkName, WHOLE } from '../patterns.ts';
import type { Leaf, Section } from '../schema-types.ts';
import { resources } from './resources.ts';

function directory(title: string, description: string, path: string): Leaf<string> {
  return {
    type: 'string',
    maxLength: 255,
    pattern: WHOLE(absolutePath),
    title,
    description,
    default: path,
    'x-allowed': 'an absolute path on the agents without "..", of up to 255 characters',
  };
}

export const cni: Section<'cni'> = {
  type: 'object',
  title: 'CNI',
  description:
    "The step `cni`: puts Calico's CNI plugins and a network configuration on every agent, for the Universal Container Runtime. The Mesos agent reads them by itself.",
  additionalProperties: false,
  properties: {
    enable: {
      type: 'boolean',
      title: 'Install the CNI plugins',
      description:
        'Puts `calico`, `calico-ipam` and the network configuration into the two directories of every agent. Turned off, tasks in the Universal Container Runtime cannot use Calico.',
      default: true,
    },
    'cni-plugins-dir': directory(
      'Directory of the plugins',
      'Directory on the agents where the Mesos agent looks for CNI plugins (its flag network_cni_plugins_dir).',
      '/opt/mesosphere/active/cni/',
    ),
    'cni-config-dir': directory(
      'Directory of the networks',
      'Directory on the agents where the Mesos agent looks for CNI networks (its flag network_cni_config_dir).',
      '/opt/mesosphere/etc/dcos/network/cni/',
    ),
    'network-name': {
      type: 'string',
      maxLength: 63,
      pattern: WHOLE(networkName),
      title: 'Name of the network',
      description: 'The name by which apps ask for the Calico network.',
      default: 'calico',
      examples: ['calico'],
      'x-allowed': 'letters, digits, "_", "." and "-", beginning with a letter or digit, up to 63 characters',
    },
    ...resources(
      { default: 0.02, description: "CPUs that the step's task reserves on every agent." },
      { default: 32, description: "Memory that the step's task reserves on every agent." },
    ),
  },
};
