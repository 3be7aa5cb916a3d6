// Where agents fetch from.
import { fileName } from '../../options/addresses.ts';
import { defaultOptions } from '../../options/defaults.ts';
import type { Options } from '../../options/types.ts';
import type { Question } from '../types.ts';
import { NONE } from './lists.ts';

const FILES = ['etcd', 'calico', 'calico-ipam'] as const;
const IMAGES = {
  node: 'node.override-node-image',
  libnetwork: 'libnetwork.override-libnetwork-image',
} as const;

function files({ etcd, cni, artifacts }: Options): string[] {
  return FILES.filter((name) => (name === 'etcd' ? etcd['run-proxy'] : cni.enable)).map((name) =>
    fileName(artifacts[name].url),
  );
}

/** `calico/node:v2.6.12`, without the registry. */
const withoutRegistry = (image: string) => image.replace(/^[^/]*[.:][^/]*\//, '');

function images({ node, libnetwork }: Options, defaults = defaultOptions()): string[] {
  return [
    ...(node.enable ? [withoutRegistry(defaults.node['override-node-image'])] : []),
    ...(libnetwork.enable ? [withoutRegistry(defaults.libnetwork['override-libnetwork-image'])] : []),
  ];
}

const fetches = (options: Options) => files(options).length + images(options).length > 0;

function isDefault({ artifacts, node, libnetwork }: Options): boolean {
  const defaults = defaultOptions();
  return (
    artifacts.mirrors.length === 0 &&
    FILES.every((name) => artifacts[name].url === defaults.artifacts[name].url) &&
    node['override-node-image'] === defaults.node['override-node-image'] &&
    libnetwork['override-libnetwork-image'] === defaults.libnetwork['override-libnetwork-image']
  );
}

export const downloads: Question = {
  id: 'downloads',
  title: 'Downloads',
  paths: ['artifacts.mirrors', IMAGES.node, IMAGES.libnetwork],
  prompt: 'Where do agents fetch files and images from?',
  isOpen: ({ options }) => fetches(options),
  text: ({ options }) => [
    `Every agent fetches, once, after a random wait: ${[...files(options), ...images(options)].join(', ')}. Files whose SHA-256 is known are checked against it; images are pulled by Docker.`,
  ],
  suggest: () => ({ value: 'internet', why: 'it needs nothing of yours' }),
  choices: () => [
    {
      value: 'internet',
      name: 'From the internet',
      effect: 'From github.com and quay.io. Every agent must reach both.',
    },
    {
      value: 'mirror',
      name: 'From a mirror and a registry of your own',
      effect: 'Agents need no internet; the files and images must be there before. You name both next.',
    },
  ],
  current: (options) => (isDefault(options) ? 'internet' : undefined),
  read: (answer) => {
    if (answer !== 'internet') return { settings: {} };
    const defaults = defaultOptions();
    return {
      settings: {
        'artifacts.mirrors': [],
        [IMAGES.node]: defaults.node['override-node-image'],
        [IMAGES.libnetwork]: defaults.libnetwork['override-libnetwork-image'],
      },
    };
  },
};

export const mirror: Question = {
  id: 'mirror',
  title: 'Mirror',
  paths: ['artifacts.mirrors'],
  prompt: `Base URL of the files, or ${NONE}:`,
  isOpen: ({ answers, options }) => answers.downloads === 'mirror' && files(options).length > 0,
  text: ({ options }) => [
    `Below it every agent looks for ${files(options).join(', ')}; what is not there it fetches from the internet. ${NONE}: all from the internet.`,
  ],
  suggest: () => ({ value: undefined, why: '' }),
  current: ({ artifacts }) => (artifacts.mirrors.length === 1 ? artifacts.mirrors[0] : undefined),
  read: (answer) => ({ settings: { 'artifacts.mirrors': answer === NONE ? [] : [answer] } }),
};

export const registry: Question = {
  id: 'registry',
  title: 'Registry',
  paths: [IMAGES.node, IMAGES.libnetwork],
  prompt: `Registry with the images, as registry.example.com:5000, or ${NONE}:`,
  isOpen: ({ answers, options }) => answers.downloads === 'mirror' && images(options).length > 0,
  text: ({ options }) => [
    `Docker on every agent pulls ${images(options).join(' and ')} from it. If it asks for a login, each agent needs one: registry.config-dir names the directory of Docker's config.json there. ${NONE}: from quay.io.`,
  ],
  suggest: () => ({ value: undefined, why: '' }),
  current: ({ node }) => {
    const name = withoutRegistry(node['override-node-image']);
    const own = node['override-node-image'].slice(0, -name.length - 1);
    return name === withoutRegistry(defaultOptions().node['override-node-image']) && own ? own : undefined;
  },
  read: (answer) => {
    const defaults = defaultOptions();
    const from = (image: string) =>
      answer === NONE
        ? image
        : `${answer.replace(/^https?:\/\//, '').replace(/\/+$/, '')}/${withoutRegistry(image)}`;
    return {
      settings: {
        [IMAGES.node]: from(defaults.node['override-node-image']),
        [IMAGES.libnetwork]: from(defaults.libnetwork['override-libnetwork-image']),
      },
    };
  },
};
