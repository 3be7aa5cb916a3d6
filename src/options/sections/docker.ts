import { clusterStore, EMPTY_OR } from '../patterns.ts';
import type { Section } from '../schema-types.ts';
import { resources } from './resources.ts';

export const docker: Section<'docker'> = {
  type: 'object',
  title: 'Docker',
  description:
    'The step `docker`: gives the Docker engine of every agent a cluster store, so that Docker networks span hosts. A first store needs no restart of Docker.',
  additionalProperties: false,
  properties: {
    enable: {
      type: 'boolean',
      title: 'Give Docker a cluster store',
      description:
        "Writes `cluster-store` and `cluster-advertise` into /etc/docker/daemon.json of every agent and has Docker reload it. Turned off, Docker's configuration is left alone.",
      default: true,
    },
    'override-docker-cluster-store': {
      type: 'string',
      maxLength: 1024,
      pattern: EMPTY_OR(clusterStore),
      title: "Docker's cluster store",
      description:
        'The store that Docker uses on every agent, where it is not to be etcd at `etcd.etcd-endpoints`. Empty: derived from the endpoints.',
      default: '',
      examples: ['zk://10.0.0.5:2181,10.0.0.6:2181/docker', 'consul://10.0.0.5:8500', 'etcd://10.0.0.5:2379'],
      'x-allowed':
        '"", or etcd://, zk:// or consul:// with HOST:PORT, commas between more of them, and perhaps a path',
    },
    'cluster-advertise-port': {
      type: 'integer',
      minimum: 1,
      maximum: 65535,
      title: 'Advertised port',
      // DC/OS 2.1 itself advertises this port; nothing has to listen there.
      description:
        "Port that Docker writes into the store beside the agent's address. Nothing has to listen there.",
      default: 62376,
      'x-allowed': 'a port from 1 to 65535',
    },
    'replace-cluster-store': {
      type: 'boolean',
      title: 'Replace another cluster store',
      description:
        'Lets the step replace a different store that Docker already has on an agent. That needs a restart of Docker there, which ends its containers, and the networks of the old store are no longer seen. Turned off, such an agent stops with the reason and nothing is touched.',
      default: false,
    },
    'apply-other-changes': {
      type: 'boolean',
      title: 'Apply other changes too',
      description:
        'A reload of Docker also takes every other edit of /etc/docker/daemon.json that was not taken yet. Turned off, an agent with such edits stops and names them; turned on, they are taken with ours.',
      default: false,
    },
    ...resources(
      { default: 0.02, description: "CPUs that the step's task reserves on every agent." },
      { default: 32, description: "Memory that the step's task reserves on every agent." },
    ),
  },
};
