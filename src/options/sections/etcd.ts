import { absolutePath, clientUrl, clientUrls, domain, EMPTY_OR, WHOLE } from '../patterns.ts';
import type { Leaf, Section } from '../schema-types.ts';
import { resources } from './resources.ts';

function file(title: string, description: string, example: string): Leaf<string> {
  return {
    type: 'string',
    maxLength: 255,
    pattern: EMPTY_OR(absolutePath),
    title,
    description,
    default: '',
    examples: [example],
    'x-allowed': 'an absolute path on the agents without "..", of up to 255 characters, or "" for none',
  };
}

export const etcd: Section<'etcd'> = {
  type: 'object',
  title: 'etcd',
  description:
    'Where Calico and Docker find etcd (its v2 API), and the step `etcd-proxy`, which forwards localhost:2379 of every agent to the etcd cluster.',
  additionalProperties: false,
  properties: {
    'run-proxy': {
      type: 'boolean',
      title: 'Run the etcd proxy',
      description:
        'Runs etcd in proxy mode on every agent, as the systemd unit dcos-calico-etcd-proxy: localhost:2379 then leads to the etcd cluster wherever its members are. Turn it off when etcd has addresses that stay, and name them in `etcd-endpoints`.',
      default: true,
    },
    'etcd-discovery-url': {
      type: 'string',
      maxLength: 253,
      pattern: WHOLE(domain),
      title: 'Domain of the SRV record',
      description:
        'The proxy finds the etcd cluster by the SRV record _etcd-server._tcp.DOMAIN. The Universe package etcd (revisions 0 and 1) has it; the later one does not: name its members in `proxy-endpoints`.',
      default: 'etcd.mesos',
      examples: ['etcd.mesos'],
      'x-allowed': 'a domain name of up to 253 characters',
    },
    'etcd-endpoints': {
      type: 'string',
      maxLength: 1024,
      pattern: WHOLE(clientUrls),
      title: 'etcd endpoints',
      description:
        'The client URLs of etcd that Docker, CNI, libnetwork and calico/node on every agent use, with commas between them. With the proxy: http://localhost:2379.',
      default: 'http://localhost:2379',
      examples: ['http://localhost:2379', 'http://10.0.0.5:2379,http://10.0.0.6:2379'],
      'x-allowed':
        'URLs as http://HOST:PORT or https://HOST:PORT with commas and no spaces between them, up to 1024 characters',
    },
    'proxy-endpoints': {
      type: 'array',
      maxItems: 16,
      uniqueItems: true,
      items: {
        type: 'string',
        maxLength: 255,
        pattern: WHOLE(clientUrl),
        'x-allowed': 'a URL as http://HOST:PORT or https://HOST:PORT',
      },
      title: 'Upstream of the proxy',
      description:
        'The client URLs of the etcd cluster that the proxy forwards to, where there is no SRV record. When it changes, only the proxy restarts: Docker and Calico keep localhost:2379.',
      default: [],
      examples: [['http://10.0.0.5:2379', 'http://10.0.0.6:2379', 'http://10.0.0.7:2379']],
      'x-allowed': 'a list of up to 16 different URLs as http://HOST:PORT or https://HOST:PORT',
    },
    'ca-file': file(
      'CA certificates for etcd',
      'File on every agent with the CA certificates that etcd over TLS is checked against. It must be there before: it is never copied, carried or printed.',
      '/etc/etcd/ca.pem',
    ),
    'cert-file': file(
      'Client certificate for etcd',
      'File on every agent with the certificate that it shows etcd.',
      '/etc/etcd/client.pem',
    ),
    'key-file': file(
      'Client key for etcd',
      'File on every agent with the key of that certificate. Its content never leaves the agent.',
      '/etc/etcd/client-key.pem',
    ),
    ...resources(
      { default: 0.1, description: 'CPUs that the step reserves on every agent, for itself and the proxy.' },
      {
        default: 128,
        description: 'Memory that the step reserves on every agent, for itself and the proxy.',
      },
    ),
  },
};
