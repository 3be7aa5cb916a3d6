// The screens of `status`, as an operator sees them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UserError } from '../../src/errors.ts';
import { buildStatus } from '../../src/status/build.ts';
import { agentOf } from '../../src/view/agent-of.ts';
import { type Screen, statusScreen } from '../../src/view/status.ts';
import { agentScreen } from '../../src/view/status-agent.ts';
import { changeLines, WatchScreen } from '../../src/view/status-watch.ts';
import type { Terminal } from '../../src/view/terminal.ts';
import { assertGolden } from '../golden.ts';
import { type AgentWords, type ClusterWords, clusterRead, report } from '../status/cluster.ts';

const PIPE: Terminal = {
  width: Number.POSITIVE_INFINITY,
  height: Number.POSITIVE_INFINITY,
  colour: false,
  interactive: false,
};
const terminal = (width: number, height = 40, colour = false): Terminal => ({
  width,
  height,
  colour,
  interactive: true,
});

/** The cluster of design, section 4. */
const FOUR: AgentWords[] = [
  {
    host: '10.0.1.13',
    steps: { docker: 'failed', libnetwork: 'waiting for step', node: 'waiting for step' },
    reasons: { docker: 'Docker already uses zk://10.0.0.1:2181 as its store' },
  },
  { host: '10.0.2.20', public: true, steps: { docker: 'restart pending' } },
  { host: '10.0.1.12', steps: { node: 'just started' } },
  { host: '10.0.1.11' },
];
const SIX: AgentWords[] = [
  ...FOUR,
  { host: '10.0.1.9', steps: 'none', mesos: { used_resources: { cpus: 3.98, mem: 400, disk: 0 } } },
  { host: '10.0.1.100', steps: 'unreachable', unlisted: true },
];
const forty = (): AgentWords[] => [
  ...SIX,
  ...Array.from(
    { length: 34 },
    (_, index): AgentWords => ({ host: `10.0.3.${index + 1}`, public: index % 10 === 0 }),
  ),
];
const thousands = (): AgentWords[] => [
  ...SIX,
  ...Array.from({ length: 4994 }, (_, index): AgentWords => {
    const host = `10.${1 + Math.floor(index / 62_500)}.${Math.floor(index / 250)}.${(index % 250) + 1}`;
    if (index % 500 === 7)
      return {
        host,
        steps: { node: 'failed' },
        reasons: { node: `node ${host} has no kernel module ip_set (${index})` },
      };
    if (index % 9 === 0) return { host, steps: 'waiting for turn' };
    return { host, public: index % 50 === 1 };
  }),
];

function screen(
  agents: AgentWords[],
  on: Terminal,
  more: Partial<ClusterWords> & { all?: boolean } = {},
): string {
  const { all = false, ...words } = more;
  return text(statusScreen(buildStatus(clusterRead({ agents, ...words })), on, { all }));
}

const text = ({ lines, next }: Screen) =>
  `${lines.join('\n')}\n${next.map((line) => `(stderr) ${line}\n`).join('')}`;

test('the table of the design, word for word', () => {
  const [table] = screen(FOUR, PIPE).split('\n\n');
  assert.equal(
    table,
    [
      'AGENT      TYPE     ETCD PROXY  DOCKER           CNI    LIBNETWORK  NODE      CALICO',
      '10.0.1.13  private  ready       failed           ready  waiting     waiting   failed: Docker already uses zk://10.0.0.1:2181 as its store',
      '10.0.2.20  public   ready       restart pending  ready  ready       ready     restart pending: docker',
      '10.0.1.12  private  ready       ready            ready  ready       starting  installing',
      '10.0.1.11  private  ready       ready            ready  ready       ready     ready',
    ].join('\n'),
  );
});

for (const [name, agents] of [
  ['0', []],
  ['1', FOUR.slice(3)],
  ['6', SIX],
  ['40', forty()],
  ['5000', thousands()],
] as const) {
  for (const width of [80, 120])
    test(`${name} agents at ${width} columns`, () =>
      assertGolden(`view/status-${name}-at-${width}`, screen([...agents], terminal(width))));
}

test('in a pipe each agent has its line, however many there are, with its whole reason', () => {
  assertGolden('view/status-6-in-a-pipe', screen(SIX, PIPE));
  const lines = screen(thousands(), PIPE).split('\n\n')[0]!.split('\n');
  assert.equal(lines.length, 5001);
  assert.ok(lines.every((line) => !line.startsWith(' ')));
});

test('in colour', () => {
  assertGolden('view/status-6-in-colour', screen(SIX, terminal(120, 40, true)));
  assertGolden('view/status-6-at-80-in-colour', screen(SIX, terminal(80, 40, true)));
  const plain = screen(SIX, terminal(120, 40, true)).replace(/\u001b\[\d+m/g, '');
  assert.equal(plain, screen(SIX, terminal(120)));
});

test('--all shows each agent, also above a screenful', () => {
  const lines = screen(forty(), terminal(120, 24), { all: true }).split('\n');
  assert.equal(lines.filter((line) => /^10\./.test(line)).length, 40);
  assert.ok(!lines.some((line) => line.includes(' agents  ')));
});

test('a screenful is never exceeded where folding can help', () => {
  for (const height of [12, 24, 40]) {
    const lines = screen(thousands(), terminal(120, height)).trimEnd().split('\n');
    const folded = lines.filter((line) => / agents {2}/.test(line));
    assert.ok(folded.length > 0);
    if (height >= 40) assert.ok(lines.length < height, `${lines.length} lines at ${height}`);
  }
});

test('notes, turn and a deployment below the table', () => {
  assertGolden(
    'view/status-notes',
    screen([{ host: '10.0.1.11' }, { host: '10.0.1.12', steps: 'waiting for turn' }], terminal(80), {
      turn: { agents: ['10.0.1.11', '10.0.1.12'], done: ['10.0.1.11'] },
      change: (group) => {
        group.version = '2026-11-24T03:54:09.220Z';
        group.apps[0]!.deployments = [{ id: '24337299-4aaf-44f4-8949-28123dc8ad09' }];
        group.apps[1]!.cpus = 3;
      },
    }),
  );
});

test('not installed, and being taken off', () => {
  const read = clusterRead({ agents: FOUR });
  assertGolden(
    'view/status-not-installed',
    text(statusScreen(buildStatus({ ...read, group: undefined }), terminal(80), { all: false })),
  );
  assertGolden(
    'view/status-being-removed',
    screen([{ host: '10.0.1.11' }, { host: '10.0.1.12', steps: { node: 'working' } }], terminal(80), {
      mode: 'absent',
    }),
  );
});

test('a narrow terminal has a list instead of columns', () => {
  assertGolden('view/status-6-at-50', screen(SIX, terminal(50)));
});

test('everything about one agent', () => {
  const read = clusterRead({
    agents: SIX,
    turn: { agents: ['10.0.1.13'], allows: 'restart', until: '2026-11-24T05:00:00.000Z' },
  });
  const [id] = [...read.reports.keys()];
  const status = buildStatus({
    ...read,
    logs: new Map([
      [
        id!,
        [
          "2026-11-24T03:54:16.012Z docker: waiting for turn: waits for this agent's turn",
          '2026-11-24T04:01:02.345Z docker: failed: Docker already uses zk://10.0.0.1:2181 as its store\u001b[2J',
        ],
      ],
    ]),
    reports: new Map([
      [
        id!,
        {
          ...report('docker', 'failed', 'Docker already uses zk://10.0.0.1:2181 as its store'),
          wanted: { 'cluster-store': 'etcd://localhost:2379', 'cluster-advertise': '10.0.1.13:62376' },
          found: { 'cluster-store': 'zk://10.0.0.1:2181' },
          needs: ['docker.replace-cluster-store'],
          detail: {
            engine: '20.10.24',
            pending: ['log-level', 'mtu'],
            artifacts: {
              etcd: {
                url: 'https://github.com/etcd-io/etcd/releases/download/v3.3.27/etcd-v3.3.27-linux-amd64.tar.gz',
                sha256: 'dde9dce49eb9b504bd6eefc55ecc9457f184f29fcc68025f0c55329c1dfaff81',
                checked: 'not: the options have no sum',
              },
            },
          },
        },
      ],
    ]),
  });
  for (const width of [80, 120])
    assertGolden(
      `view/status-agent-at-${width}`,
      text(agentScreen(status, agentOf(status, '10.0.1.13'), terminal(width))),
    );
  for (const width of [80, 120])
    assertGolden(
      `view/status-agent-at-${width}-in-colour`,
      text(agentScreen(status, agentOf(status, '10.0.1.13'), { ...terminal(width), colour: true })),
    );
  assertGolden(
    'view/status-agent-lost',
    text(agentScreen(status, agentOf(status, '10.0.1.100'), terminal(80))),
  );
});

test('an agent that does not exist', () => {
  const status = buildStatus(clusterRead({ agents: SIX }));
  assert.throws(
    () => agentOf(status, '10.0.1.14'),
    (error: UserError) => {
      assert.equal(error.problem.exit, 2);
      assert.equal(
        error.message,
        'There is no agent 10.0.1.14: near it are 10.0.1.11, 10.0.1.12, 10.0.1.13, 10.0.1.9, 10.0.1.100',
      );
      return true;
    },
  );
});

test('what the cluster says cannot act on the terminal', () => {
  const reason = 'done\u001b[2J\u001b]0;owned\u0007 \u009b31mready\r\nnext\u202e';
  const shown = screen(
    [{ host: '10.0.1.11', steps: { docker: 'failed' }, reasons: { docker: reason } }],
    PIPE,
  );
  assert.match(shown, /failed: done ready next\n/);
  assert.doesNotMatch(shown.replaceAll('\n', ''), /[\u0000-\u001f\u007f-\u009f\u202e]/);
});

test('--watch on a terminal draws over itself and says how old the data is', () => {
  let written = '';
  const watch = new WatchScreen((part) => {
    written += part;
  });
  watch.show({ lines: ['A', 'B'], next: ['Next: C'] }, 'again every 2 s', 40);
  watch.show({ lines: ['A'], next: [] }, 'again every 2 s', 40);
  watch.aged(34_000, 'No answer', 'again every 2 s');
  assert.equal(written.split('\u001b[2J').length, 2, 'the screen is cleared once');
  watch.show({ lines: ['A', 'B', 'C', 'D', 'E'], next: [] }, 'again every 2 s', 5);
  assertGolden('view/status-watch', `${JSON.stringify(written).replaceAll('\\u001b[H', '\n')}\n`);
});

test('--watch in a pipe prints what changed, with the time', () => {
  const before = buildStatus(clusterRead({ agents: SIX }));
  const after = buildStatus(
    clusterRead({
      agents: SIX.map((one) => (one.host === '10.0.1.12' ? { host: one.host } : one)).slice(0, 5),
    }),
  );
  assert.deepEqual(changeLines(before, after), [
    '2026-11-24T04:10:00Z  10.0.1.12  installing -> ready',
    '2026-11-24T04:10:00Z  10.0.1.100  gone from the cluster',
  ]);
});
