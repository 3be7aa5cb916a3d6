import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type HelpSource, helpScreen } from '../../src/cli/help.ts';
import { assertGolden } from '../golden.ts';

const GLOBAL = {
  json: { name: 'json', type: 'boolean', description: 'Format output as json.', helpGroup: 'GLOBAL' },
  verbose: {
    name: 'verbose',
    char: 'v',
    type: 'boolean',
    description: 'Show each request',
    helpGroup: 'GLOBAL',
  },
};

const SOURCE: HelpSource = {
  topics: {
    calico: { description: 'not shown' },
    'calico:lab': { description: 'A practice cluster on this machine' },
  },
  commands: {
    calico: {
      id: 'calico',
      summary: 'Put the Calico network on every agent of the cluster',
      examples: ['$ <%= config.bin %> calico install'],
      flags: GLOBAL,
    },
    'calico:install': {
      id: 'calico:install',
      summary: 'Install Calico on every agent',
      description:
        'Looks at the cluster, shows the plan, asks, and carries it out a few agents at a time. The same command again covers agents that joined.\n\nNothing is done twice.',
      examples: [
        {
          command: '<%= config.bin %> <%= command.id %> --dry-run',
          description: 'Show the plan and change nothing',
        },
        'dcos calico install --yes',
      ],
      args: { agent: { name: 'agent', description: 'Only this agent' } },
      flags: {
        canary: {
          name: 'canary',
          type: 'option',
          description:
            'Begin with these: a number, a percentage or a list of agents that is explained in a rather long sentence',
          helpValue: 'N|PERCENT|AGENT,…',
        },
        'max-failures': {
          name: 'max-failures',
          type: 'option',
          description: 'Stop after so many',
          default: '2%',
        },
        exclude: { name: 'exclude', type: 'option', description: 'Leave this agent out', multiple: true },
        output: {
          name: 'output',
          char: 'o',
          type: 'option',
          description: 'How to print',
          options: ['table', 'wide'],
        },
        secret: { name: 'secret', type: 'boolean', hidden: true },
        'no-restart': { name: 'no-restart', type: 'boolean', description: 'Restart nothing' },
        yes: { name: 'yes', char: 'y', type: 'boolean', description: 'Ask nothing' },
        ...GLOBAL,
      },
      exits: [3, 5, 8],
    },
    'calico:lab:start': { id: 'calico:lab:start', summary: 'Start it', flags: {} },
    'calico:lab:stop': { id: 'calico:lab:stop', summary: 'Stop it', flags: {} },
    'calico:internal': { id: 'calico:internal', summary: 'Hidden', hidden: true },
  },
};

for (const width of [80, 120]) {
  test(`screens at ${width} columns`, () => {
    const ids = ['calico', 'calico:install', 'calico:lab', 'calico:lab:start'];
    const screens = ids.map((id) => `# ${id}\n${helpScreen(SOURCE, id, width)}`).join('\n');
    assertGolden(`cli/help-${width}`, screens);
    for (const line of screens.split('\n')) assert.ok(line.length <= width, line);
  });
}

test('a pipe gets 80 columns, a narrow terminal no fewer than 40', () => {
  assert.equal(
    helpScreen(SOURCE, 'calico:install', Number.POSITIVE_INFINITY),
    helpScreen(SOURCE, 'calico:install', 80),
  );
  assert.equal(helpScreen(SOURCE, 'calico:install', 1), helpScreen(SOURCE, 'calico:install', 40));
});
