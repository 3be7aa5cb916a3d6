// Options as they are printed: golden at 80 and 120 columns, in a pipe and in colour.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorText, problemOf } from '../../src/cli/report.ts';
import { loadOptions, type OptionSources } from '../../src/options/load.ts';
import { optionsTable, optionText, pathsToShow, warningLines } from '../../src/view/options.ts';
import { validated } from '../../src/view/options-validated.ts';
import type { Terminal } from '../../src/view/terminal.ts';
import { assertGolden } from '../golden.ts';
import { UNIVERSE_FILES } from './universe-files.ts';

const at = (width: number, colour = false): Terminal => ({
  width,
  height: 40,
  colour,
  interactive: Number.isFinite(width),
});
const WIDTHS = [80, 120, Number.POSITIVE_INFINITY];
const nameOf = (width: number): string => (Number.isFinite(width) ? `at-${width}` : 'in-a-pipe');

async function* text(content: string): AsyncGenerator<string> {
  yield content;
}
const load = (file: string, sources: OptionSources = {}) =>
  loadOptions({ ...sources, file: '-', stdin: text(file) });

const FILE = JSON.stringify({
  etcd: {
    'run-proxy': false,
    'etcd-endpoints': 'http://10.0.0.5:2379,http://10.0.0.6:2379,http://10.0.0.7:2379',
  },
  node: { 'bgp-peers': [{ peer: '10.0.0.1', 'as-number': 64512 }], 'node-to-node-mesh': false },
  artifacts: { mirrors: ['http://10.0.0.9:8000/calico'] },
});

for (const width of WIDTHS) {
  test(`options show ${nameOf(width)}`, async () => {
    const loaded = await load(FILE, {
      set: ['node.ipip=cross-subnet', 'rollout.exclude=10.0.1.9,10.0.1.10'],
      installed: { node: { 'mem-limit': 512 } },
    });
    const lines = optionsTable(loaded, pathsToShow(loaded.options, { changed: false }), at(width));
    assertGolden(`options/show-${nameOf(width)}`, `${lines.join('\n')}\n`);
    const widest = Math.max(...lines.filter((line) => !line.startsWith('  ')).map((line) => line.length));
    assert.ok(widest <= width, `${widest} columns`);
    for (const line of lines) assert.equal(line, line.trimEnd());
  });
}

test('options show --changed', async () => {
  const loaded = await load(FILE, { set: ['node.ipip=cross-subnet'] });
  const lines = optionsTable(loaded, pathsToShow(loaded.options, { changed: true }), at(80, true));
  assertGolden('options/show-changed-in-colour', `${lines.join('\n')}\n`);
});

const BAD = `{
  "node": {
    "ipip": "allways",
    "cpu-limit": "0.2",
    "pool": "10.0.0.0/16"
  },
  "etcd": {
    "run-proxy": false,
    "run-proxy": true,
    "etcd-endpoints": "http://admin:hunter2@10.0.0.5:2379"
  },
  "Framework Settings": { "zk": "zk://master.mesos:2181/calico", "framework-nam": "calico" }
}
`;

const CONTRADICTING = `{
  "etcd": { "etcd-endpoints": "https://10.0.0.5:2379", "cert-file": "/etc/etcd/client.pem" },
  "docker": { "enable": false, "override-docker-cluster-store": "zk://10.0.0.1:2181/docker" },
  "node": { "pool-cidr": "10.0.0.0/8", "ipip": "always", "networking-backend": "none" },
  "rollout": { "canary": ["10.0.1.1"], "exclude": ["10.0.1.1"] }
}
`;

const BROKEN: Record<string, string> = {
  wrong: BAD,
  contradicting: CONTRADICTING,
  'not-json': '{\n  "node": {\n    "ipip": "always",\n  }\n}\n',
};

for (const [name, file] of Object.entries(BROKEN)) {
  for (const width of WIDTHS) {
    test(`options validate, a file that is ${name}, ${nameOf(width)}`, async () => {
      const error = await load(file).catch((thrown: unknown) => thrown);
      const screen = errorText(problemOf(error), { width });
      assertGolden(`options/validate-${name}-${nameOf(width)}`, screen);
      assert.doesNotMatch(screen, /hunter2/);
    });
  }
}

for (const width of WIDTHS) {
  test(`options validate, a Universe file, ${nameOf(width)}`, async () => {
    const loaded = await load(JSON.stringify(UNIVERSE_FILES['revision 1'], null, 2));
    const { text: line, next } = validated('universe.json', loaded);
    assertGolden(
      `options/validate-universe-${nameOf(width)}`,
      `${[...warningLines(loaded.warnings, at(width)), line, ...next].join('\n')}\n`,
    );
  });
}

test('what a file that can be used is said to be', async () => {
  const said = async (file: string) => validated('calico.json', await load(file)).text;
  assert.equal(await said('{}'), 'calico.json: ok, all options at their defaults');
  assert.equal(await said('{"node": {"ipip": "always"}}'), 'calico.json: ok, 1 option set');
  assert.equal(
    await said('{"rollout": {"canary": 0}, "cni": {"enable": true}}'),
    'calico.json: ok, 2 options set, 1 warning',
  );
});

test('a value as text', () => {
  assert.equal(optionText(''), '-');
  assert.equal(optionText([]), '-');
  assert.equal(optionText(['a', 'b']), 'a,b');
  assert.equal(optionText(0.1), '0.1');
  assert.equal(optionText(false), 'false');
  assert.equal(optionText([{ peer: 'x' }]), '[{"peer":"x"}]');
  assert.doesNotMatch(optionText('a\u001b[2Jb\nc'), /[\u0000-\u001f]/);
});
