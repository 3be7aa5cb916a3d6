import { agent, percentage, percentageAboveZero, WHOLE } from '../patterns.ts';
import type { Section } from '../schema-types.ts';

/** Largest count of agents in an option: above the 5,000 that a cluster may have, and still a plain number. */
const MOST_AGENTS = 10000;

export const rollout: Section<'rollout'> = {
  type: 'object',
  title: 'Rollout',
  description: 'How a change goes through the cluster. None of these options changes an agent by itself.',
  additionalProperties: false,
  properties: {
    'max-concurrent': {
      type: ['integer', 'string'],
      anyOf: [
        { type: 'integer', minimum: 1, maximum: MOST_AGENTS },
        { type: 'string', pattern: WHOLE(percentageAboveZero) },
      ],
      title: 'Agents at a time',
      description:
        'How many agents change at the same time, once the first wave is through, where nothing has to be restarted: a number or a percentage of the agents. A percentage means at least 5 agents.',
      default: '10%',
      examples: ['10%', 20],
      'x-allowed': 'a number of agents from 1 to 10000, or a percentage from "1%" to "100%"',
    },
    'max-concurrent-restarts': {
      type: 'integer',
      minimum: 1,
      maximum: 1000,
      title: 'Restarts at a time',
      description:
        'How many agents restart a daemon (Docker, or the Mesos agent) at the same time. Every Docker container on an agent ends when its Docker restarts.',
      default: 1,
      examples: [1],
      'x-allowed': 'a whole number of agents from 1 to 1000',
    },
    'max-failures': {
      type: ['integer', 'string'],
      anyOf: [
        { type: 'integer', minimum: 0, maximum: MOST_AGENTS },
        { type: 'string', pattern: WHOLE(percentage) },
      ],
      title: 'Failures before it stops',
      description:
        'How many agents may fail, in waves that restart nothing, before the rollout stops: a number or a percentage of the agents. A percentage above 0 means at least 1 agent. A failure in the first wave, or with a restart, always stops it. Agents that were bad before do not count.',
      default: '2%',
      examples: ['2%', 0],
      'x-allowed': 'a number of agents from 0 to 10000, or a percentage from "0%" to "100%"',
    },
    'settle-seconds': {
      type: 'integer',
      minimum: 0,
      maximum: 3600,
      title: 'Settling time (seconds)',
      description: 'How long an agent must stay ready after a restart before the next one has its turn.',
      default: 60,
      examples: [60],
      'x-allowed': 'a whole number of seconds from 0 to 3600',
    },
    canary: {
      type: ['integer', 'string', 'array'],
      anyOf: [
        { type: 'integer', minimum: 0, maximum: MOST_AGENTS },
        { type: 'string', pattern: WHOLE(percentage) },
        {
          type: 'array',
          minItems: 1,
          maxItems: 100,
          uniqueItems: true,
          items: {
            type: 'string',
            pattern: WHOLE(agent),
            'x-allowed': 'the address of an agent, as `dcos node` lists it',
          },
        },
      ],
      title: 'First wave',
      description:
        'The agents that change first. A number or a percentage counts private and public agents apart: 1 is one private and one public agent. A list names them. 0 means no first wave.',
      default: 1,
      examples: [1, '5%', ['10.0.1.11', '10.0.2.20']],
      'x-allowed':
        'a number of agents from 0 to 10000, a percentage from "0%" to "100%", or a list of up to 100 agents by address',
    },
    exclude: {
      type: 'array',
      maxItems: 500,
      uniqueItems: true,
      items: {
        type: 'string',
        pattern: WHOLE(agent),
        'x-allowed': 'the address of an agent, as `dcos node` lists it',
      },
      title: 'Agents left alone',
      description: 'Agents, by address, that are left alone: no task of Calico runs there.',
      default: [],
      examples: [['10.0.1.99']],
      'x-allowed': 'a list of up to 500 different agents by address',
    },
    ignore: {
      type: 'array',
      maxItems: 50,
      uniqueItems: true,
      items: {
        type: 'string',
        pattern: WHOLE('CAL1[0-9]{3}'),
        'x-allowed': "the code of one of preflight's checks, as CAL1010",
      },
      title: 'Checks that do not stop',
      description:
        "Codes of preflight's checks whose findings do not stop an install. They are told all the same, and agents that they are about are tried last and do not count as failures.",
      default: [],
      examples: [['CAL1010']],
      'x-allowed': "a list of up to 50 different codes of preflight's checks",
    },
  },
};
