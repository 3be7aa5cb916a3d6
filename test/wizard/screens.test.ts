// The wizard in a real pseudo-terminal, screen by screen.
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { assertGolden } from '../golden.ts';
import { buildBundle } from '../status/bundle.ts';
import { asks, onStage } from './stage.ts';

const bundle = buildBundle();
after(() => bundle.remove());

const CONTAINERS = 'Which containers use Calico?';
const POOL = 'Network for tasks, as 10.200.0.0/16:';
const IPIP = 'How do packets of tasks get from agent to agent?';
const DOWNLOADS = 'Where do agents fetch files and images from?';
const PACE = 'How does an install go through the agents?';
const RESULT = 'And now?';

for (const [columns, rows] of [
  [80, 24],
  [120, 40],
] as const)
  for (const colour of [false, true])
    test(`${columns} columns, ${colour ? 'in colour' : 'without colour'}`, () =>
      onStage(bundle.path, {}, async ({ sit, lab, folder, masked }) => {
        const size = { rows, columns, env: (colour ? {} : { NO_COLOR: '1' }) as Record<string, string> };
        const terminal = sit([], size);
        const screens: string[] = [];
        const keep = (what: string) => {
          const text = colour ? terminal.screen.styled() : terminal.screen.text();
          screens.push(`${`── ${what} `.padEnd(columns, '─')}\n${masked(text)}`);
        };
        await asks(terminal, CONTAINERS);
        keep('the first question');
        terminal.type('\u00157\r');
        await terminal.shows('Not taken: "7" is none of them');
        keep('a number that is none of them');
        terminal.type('\u0015\r');
        await terminal.shows('Type the number or letter of an answer');
        keep('nothing typed');
        terminal.type('2');
        await terminal.until('2', (screen) => screen.cursorLine === `? ${CONTAINERS} 2`);
        keep('a number typed');
        terminal.type('\r');
        await asks(terminal, POOL);
        keep('a text');
        terminal.type('9.0.0.0/16\r');
        await terminal.shows('Not taken:');
        keep('a text that is not taken');
        terminal.type('\u0015b\r');
        await asks(terminal, CONTAINERS);
        keep('back');
        terminal.type('1\r');
        await asks(terminal, POOL);
        terminal.type('\r');
        await asks(terminal, IPIP);
        keep('a choice');
        terminal.type('\r');
        await asks(terminal, DOWNLOADS);
        keep('downloads');
        terminal.type('\r');
        await asks(terminal, PACE);
        keep('pace');
        terminal.type('\r');
        await asks(terminal, RESULT);
        keep('the result');
        assert.ok(
          lab.requests().every(({ method }) => method === 'GET'),
          'nothing was written to the cluster',
        );
        terminal.type('\r');
        assert.equal(await terminal.ended, 0);
        keep('the end');
        const file = join(folder, 'calico.json');
        assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), { node: { ipip: 'cross-subnet' } });
        assert.equal(statSync(file).mode & 0o777, 0o600);

        const again = sit(['--yes', '--options', 'other.json'], size);
        assert.equal(await again.ended, 0);
        screens.push(
          `${'── all as suggested '.padEnd(columns, '─')}\n${masked(colour ? again.screen.styled() : again.screen.text())}`,
        );
        const text = screens.join('\n');
        if (!colour) assert.ok(!text.includes('\u001b'));
        assertGolden(`wizard/screens-${columns}${colour ? '-in-colour' : ''}`, `${text}\n`);
      }));

test('every question, with all that is said of it, fits on 24 lines of 80 columns', async () => {
  const { QUESTIONS } = await import('../../src/wizard/questions/all.ts');
  const { questionScreen } = await import('../../src/wizard/screens.ts');
  const { choiceLines, keysLine, questionText } = await import('../../src/view/wizard-question.ts');
  const { answer, begin, next, tested } = await import('../../src/wizard/flow.ts');
  const { base, found, NO_RECORD } = await import('./found.ts');
  const { privateAgents } = await import('../plan/cluster.ts');
  const terminal = { width: 80, height: 24, colour: false, interactive: true };
  const seen = new Set<string>();
  const longest = {
    containers: 'both',
    'ca-file': '/etc/ca.pem',
    peers: '10.9.0.1',
    topology: 'peers',
    downloads: 'mirror',
    mirror: 'https://mirror.example.com/x',
    registry: 'registry.example.com:5000',
    pace: 'named',
    canary: '10.0.1.11',
  } as Record<string, string>;
  for (const version of ['', '0.0.3', '0.1.0-3.3.12'])
    for (const etcd of ['proxy', 'static', 'tls']) {
      const what = found({
        record: NO_RECORD,
        packages: { value: version ? [{ id: '/data/etcd', name: 'etcd', version }] : [] },
        agents: privateAgents(150),
      });
      const say = {
        ...longest,
        etcd: etcd === 'tls' ? 'proxy' : etcd,
        endpoints: `${etcd === 'tls' ? 'https' : 'http'}://10.9.0.5:2379`,
      } as Record<string, string>;
      let state = begin();
      for (let now = next(what, base(), state); now.kind !== 'done'; now = next(what, base(), state)) {
        if (now.kind === 'test') {
          const endpoints = [1, 2, 3].map((n) => ({
            url: `http://10.9.0.${n}:2379`,
            answers: false,
            what: `curl: (7) Failed to connect to 10.9.0.${n} port 2379: Connection refused`,
          }));
          state = tested(state, now.context, { agent: '10.0.1.11', endpoints });
          continue;
        }
        assert.ok(now.kind === 'ask');
        const { question, suggestion } = now;
        seen.add(question.id);
        const screen = questionScreen(now);
        const lines = [
          ...questionText(screen, terminal).split('\n').slice(1),
          '',
          ...(screen.choices
            ? [
                ...screen.choices.flatMap((choice) => choiceLines(choice, terminal, 5).split('\n')),
                'b) Back',
                'q) Leave',
              ]
            : [keysLine(screen), 'what is wrong', 'with it']),
          screen.prompt,
        ];
        assert.ok(lines.length <= 24, `${question.id} takes ${lines.length} lines:\n${lines.join('\n')}`);
        for (const line of lines.filter((line) => !line.startsWith('http')))
          assert.ok(line.length <= 80, line);
        const value = question.id === 'unreachable' ? 'keep' : (say[question.id] ?? suggestion.value!);
        state = answer(state, question.id, value);
      }
    }
  assert.deepEqual([...seen].sort(), QUESTIONS.map(({ id }) => id).sort());
});
