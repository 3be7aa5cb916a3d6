import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ALL_OPTIONS, setAt } from '../../src/options/paths.ts';
import { type OptionProblem, oneLine, sentences } from '../../src/options/problems.ts';
import { validateDocument } from '../../src/options/validate.ts';
import { partialOptions } from './arbitrary.ts';

function withValue(path: string, value: unknown): object {
  const document = {};
  setAt(document, path, value);
  return document;
}

async function only(document: unknown): Promise<OptionProblem> {
  const problems = await validateDocument(document);
  assert.equal(problems.length, 1, JSON.stringify(problems));
  return problems[0]!;
}

const OF_TYPES: Record<string, unknown> = {
  string: 'no such thing',
  integer: 7,
  number: 7.5,
  boolean: true,
  array: ['no such thing'],
  object: { no: 'such thing' },
  null: null,
};

test('every option refuses every wrong type, with its own name and what is allowed', async () => {
  for (const { path, schema } of ALL_OPTIONS) {
    const right = [schema.type].flat();
    for (const [type, value] of Object.entries(OF_TYPES)) {
      if (right.includes(type as 'string') || (type === 'integer' && right.includes('number'))) continue;
      const problem = await only(withValue(path, value));
      assert.equal(problem.path, path);
      assert.equal(problem.level, 'error');
      assert.match(problem.what, /is not allowed$/);
      assert.ok(problem.allowed, path);
    }
  }
});

test('values that the schema allows are allowed in every combination', async () => {
  await fc.assert(
    fc.asyncProperty(partialOptions, async (options) => {
      assert.deepEqual(await validateDocument(options), []);
    }),
    { numRuns: 100 },
  );
});

test('all that is wrong is said at once', async () => {
  const problems = await validateDocument({
    node: { ipip: 'allways', 'cpu-limit': '0.2', 'bgp-peers': [{ peer: 'x y', 'as-number': 23456 }, {}, 3] },
    rollout: { canary: ['10.0.0.1', 'b c', '10.0.0.1'], 'max-concurrent': 0 },
    nod: {},
  });
  assert.deepEqual(problems.map(({ path, code }) => `${path} ${code}`).sort(), [
    'nod unknown-option',
    'node.bgp-peers.0.as-number not-allowed',
    'node.bgp-peers.0.peer not-allowed',
    'node.bgp-peers.1 missing',
    'node.bgp-peers.1 missing',
    'node.bgp-peers.2 wrong-type',
    'node.cpu-limit wrong-type',
    'node.ipip not-allowed',
    'rollout.canary not-allowed',
    'rollout.canary.1 not-allowed',
    'rollout.max-concurrent not-allowed',
  ]);
});

test('a problem reads as sentences', async () => {
  assert.equal(
    oneLine(await only({ node: { ipip: 'allways' } })),
    'node.ipip: "allways" is not allowed. Allowed: "off", "always" or "cross-subnet". Did you mean always?',
  );
  assert.equal(
    sentences(await only({ node: { enable: 'TRUE' } })),
    '"TRUE" is not allowed. Allowed: true or false. Write true without quotes.',
  );
  assert.equal(
    sentences(await only({ rollout: { exclude: '10.0.0.1' } })),
    '"10.0.0.1" is not allowed. Allowed: a list of up to 500 different agents by address. Write it in square brackets, ["…", "…"].',
  );
  assert.match(
    sentences(await only({ etcd: { 'etcd-endpoints': 'http://a:2379, http://b:2379' } })),
    /Take the spaces out\.$/,
  );
  assert.equal(
    sentences(await only({ etcd: { 'proxy-endpoints': ['http://a:1', 'http://b:1', 'http://a:1'] } })),
    'Entries 1 and 3 of the list are the same. Allowed: a list of up to 16 different URLs as http://HOST:PORT or https://HOST:PORT.',
  );
});

const NEAREST: [document: object, nearest: string | undefined][] = [
  [{ nod: {} }, 'node'],
  [{ node: { 'pool-cdir': 1 } }, 'node.pool-cidr'],
  [{ node: { pool: 1 } }, 'node.pool-cidr'],
  [{ 'pool-cidr': 1 }, 'node.pool-cidr'],
  [{ cni: { 'pool-cidr': 1 } }, 'node.pool-cidr'],
  [{ etcd: { cpu_limit: 1 } }, 'etcd.cpu-limit'],
  [{ artifacts: { 'calico-ipma': {} } }, 'artifacts.calico-ipam'],
  [{ artifacts: { etcd: { sha: '' } } }, 'artifacts.etcd.sha256'],
  [{ artifacts: { etcd: { zzz: '' } } }, undefined],
  [{ docker: { image: 'x' } }, undefined],
  [{ node: { 'bgp-peers': [{ peer: '10.0.0.1', 'as-number': 1, agnet: '' }] } }, 'node.bgp-peers.0.agent'],
  [{ zzzzzz: 1 }, undefined],
];

test('an unknown name comes with the nearest one', async () => {
  for (const [document, nearest] of NEAREST) {
    const problem = await only(document);
    assert.equal(problem.code, 'unknown-option');
    assert.equal(problem.nearest, nearest, JSON.stringify(document));
  }
});

test('what is no object is said to be none', async () => {
  for (const document of [null, [], 'x', 3, undefined]) {
    assert.equal((await only(document)).code, 'not-an-object');
  }
});

test('no document whatever makes it throw', async () => {
  const key = fc.constantFrom(
    'valueOf',
    'toString',
    'toJSON',
    '__proto__',
    'constructor',
    'node',
    'bgp-peers',
    'peer',
    'rollout',
    'canary',
    'artifacts',
    'etcd',
    'url',
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ maxDepth: 5 }, fc.jsonValue({ maxDepth: 1 }), tie('list'), tie('object')),
    list: fc.array(tie('tree'), { maxLength: 3 }),
    object: fc.dictionary(key, tie('tree'), { maxKeys: 4, noNullPrototype: true }),
  }));
  await fc.assert(
    fc.asyncProperty(tree, async (document) => {
      for (const problem of await validateDocument(document)) assert.ok(oneLine(problem).length > 0);
    }),
    { numRuns: 100 },
  );
  await validateDocument({
    node: { 'bgp-peers': [{ valueOf: 1 }, { valueOf: 1 }] },
    rollout: { exclude: [{ valueOf: 1 }, { valueOf: 1 }] },
  });
});

test('names of JavaScript are unknown options like others', async () => {
  for (const name of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    for (const text of [`{"${name}": {"a": 1}}`, `{"node": {"${name}": 1}}`]) {
      assert.equal((await only(JSON.parse(text))).code, 'unknown-option', text);
    }
  }
});
