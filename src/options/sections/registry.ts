import { absolutePath, EMPTY_OR } from '../patterns.ts';
import type { Section } from '../schema-types.ts';

export const registry: Section<'registry'> = {
  type: 'object',
  title: 'Registry',
  description: 'How agents log in where the images are.',
  additionalProperties: false,
  properties: {
    'config-dir': {
      type: 'string',
      maxLength: 255,
      pattern: EMPTY_OR(absolutePath),
      title: "Directory of Docker's config.json",
      description:
        'Directory on every agent with the config.json that `docker pull` logs in with. It must be there before; its content is never read, carried or printed. Empty: none, for images that need no login.',
      default: '',
      examples: ['/root/.docker'],
      'x-allowed': 'an absolute path on the agents without "..", of up to 255 characters, or "" for none',
    },
  },
};
