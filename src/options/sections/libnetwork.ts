import { image, WHOLE } from '../patterns.ts';
import type { Section } from '../schema-types.ts';
import { resources } from './resources.ts';

export const libnetwork: Section<'libnetwork'> = {
  type: 'object',
  title: 'libnetwork',
  description:
    "The step `libnetwork`: runs Calico's libnetwork plugin on every agent, which answers Docker's network calls.",
  additionalProperties: false,
  properties: {
    enable: {
      type: 'boolean',
      title: 'Run the libnetwork plugin',
      description:
        'Runs the plugin as a container of its own on every agent, kept by the systemd unit dcos-calico-libnetwork. Turned off, Docker containers cannot use Calico.',
      default: true,
    },
    'override-libnetwork-image': {
      type: 'string',
      maxLength: 255,
      pattern: WHOLE(image),
      title: 'Image of the plugin',
      description:
        'The image that every agent pulls for the plugin. A changed image restarts the plugin alone.',
      // The image of its own that Calico 2.6 releases (projectcalico/libnetwork-plugin, RELEASING.md); versions: calico's _data/versions.yml.
      default: 'quay.io/calico/libnetwork-plugin:v1.1.3',
      examples: ['registry.example.com:5000/calico/libnetwork-plugin:v1.1.3'],
      'x-allowed': 'an image as [REGISTRY[:PORT]/]NAME[:TAG][@sha256:DIGEST], up to 255 characters',
    },
    ...resources(
      { default: 0.2, description: 'CPU share of the container on every agent.' },
      {
        default: 256,
        description: 'Memory that the container may use on every agent; above it the kernel ends it.',
      },
    ),
  },
};
