import { baseUrl, EMPTY_OR, fileUrl, sha256, WHOLE } from '../patterns.ts';
import type { Property, Section } from '../schema-types.ts';
import type { Artifact } from '../types.ts';

function artifact(title: string, description: string, url: string): Property<Artifact> {
  return {
    type: 'object',
    title,
    description,
    additionalProperties: false,
    properties: {
      url: {
        type: 'string',
        maxLength: 512,
        pattern: WHOLE(fileUrl),
        title: `URL of ${title}`,
        description: 'Where an agent that lacks the file fetches it. A changed URL fetches it anew.',
        default: url,
        'x-allowed':
          'an http:// or https:// URL of a file, without user, query or fragment, up to 512 characters',
      },
      sha256: {
        type: 'string',
        maxLength: 64,
        pattern: EMPTY_OR(sha256),
        title: `SHA-256 of ${title}`,
        description:
          'An agent refuses a file with another sum. Empty: nobody has measured it, and none is checked.',
        default: '',
        'x-allowed': '64 hexadecimal digits in lower case, or "" for none',
      },
    },
  };
}

// Versions: projectcalico/calico, release-legacy, _data/versions.yml, v2.6.12. No sum is given there, and none is made up here.
export const artifacts: Section<'artifacts'> = {
  type: 'object',
  title: 'Artifacts',
  description:
    'The files that agents fetch themselves, each kept by its hash in /var/lib/dcos-calico/artifacts.',
  additionalProperties: false,
  properties: {
    // The proxy is etcd's v2 proxy, which went with 3.6. 3.3 is the last line that also has the v2 API, which is all that is forwarded,
    // on by itself; 3.3.27 is its last release (etcd's CHANGELOG-3.3).
    etcd: artifact(
      'etcd',
      'etcd for Linux (tar.gz), of which the proxy runs `etcd`. It needs the v2 proxy: etcd 3.5 or older.',
      'https://github.com/etcd-io/etcd/releases/download/v3.3.27/etcd-v3.3.27-linux-amd64.tar.gz',
    ),
    calico: artifact(
      'calico',
      'The CNI plugin `calico`.',
      'https://github.com/projectcalico/cni-plugin/releases/download/v1.11.8/calico',
    ),
    'calico-ipam': artifact(
      'calico-ipam',
      'The CNI plugin `calico-ipam`, which gives out addresses.',
      'https://github.com/projectcalico/cni-plugin/releases/download/v1.11.8/calico-ipam',
    ),
    calicoctl: artifact(
      'calicoctl',
      "Calico's own command of the same release, for work by hand. No step fetches it.",
      'https://github.com/projectcalico/calicoctl/releases/download/v1.6.5/calicoctl',
    ),
    mirrors: {
      type: 'array',
      maxItems: 8,
      uniqueItems: true,
      items: {
        type: 'string',
        maxLength: 255,
        pattern: WHOLE(baseUrl),
        'x-allowed': 'an http:// or https:// URL without user, query or fragment, up to 255 characters',
      },
      title: 'Mirrors',
      description:
        "Base URLs that agents try, in this order, before an artifact's own URL: MIRROR/FILE-NAME. For clusters without internet.",
      default: [],
      examples: [['http://10.0.0.9:8000/calico']],
      'x-allowed': 'a list of up to 8 different http:// or https:// URLs',
    },
  },
};
