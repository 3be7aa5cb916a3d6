import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseSettings } from '../../src/options/flags.ts';
import { ALL_OPTIONS, optionAt, valueAt } from '../../src/options/paths.ts';
import { validateDocument } from '../../src/options/validate.ts';
import { validValue } from './arbitrary.ts';

const GOOD: [setting: string, value: unknown][] = [
  ['node.ipip=always', 'always'],
  ['node.enable=false', false],
  ['node.as-number=64513', 64513],
  ['node.cpu-limit=0.5', 0.5],
  ['etcd.etcd-endpoints=http://a:1,http://b:1', 'http://a:1,http://b:1'],
  ['etcd.proxy-endpoints=http://a:1,http://b:1', ['http://a:1', 'http://b:1']],
  ['etcd.proxy-endpoints=["http://a:1"]', ['http://a:1']],
  ['rollout.exclude=10.0.0.1', ['10.0.0.1']],
  ['rollout.exclude=[]', []],
  ['rollout.max-concurrent=20%', '20%'],
  ['rollout.max-concurrent=20', 20],
  ['rollout.canary=5%', '5%'],
  ['rollout.canary=3', 3],
  ['rollout.canary=10.0.0.1,10.0.0.2', ['10.0.0.1', '10.0.0.2']],
  ['node.interface=interface=eth.*', 'interface=eth.*'],
  ['docker.override-docker-cluster-store=', ''],
  ['artifacts.etcd.url=https://h/f', 'https://h/f'],
  ['node.bgp-peers=[{"peer":"10.0.0.1","as-number":1}]', [{ peer: '10.0.0.1', 'as-number': 1 }]],
];

test('a setting is read as its option takes it', async () => {
  for (const [setting, value] of GOOD) {
    const { options, problems } = parseSettings([setting]);
    assert.deepEqual(problems, [], setting);
    assert.deepEqual(valueAt(options, setting.slice(0, setting.indexOf('='))), value, setting);
    assert.deepEqual(await validateDocument(options), [], setting);
  }
});

test('any value of any option can be set', () => {
  const any = fc
    .constantFrom(...ALL_OPTIONS)
    .chain(({ path }) => validValue(path).map((value) => ({ path, value })));
  fc.assert(
    fc.property(any, ({ path, value }) => {
      const text = optionAt(path)!.schema.type === 'string' ? String(value) : JSON.stringify(value);
      const { options, problems } = parseSettings([`${path}=${text}`]);
      assert.deepEqual(problems, []);
      assert.deepEqual(valueAt(options, path), value);
    }),
    { numRuns: 200 },
  );
});

const BAD: [setting: string, code: string, nearest: string | undefined][] = [
  ['node.ipp=always', 'unknown-option', 'node.ipip'],
  ['nod.ipip=always', 'unknown-option', 'node.ipip'],
  ['ipip=always', 'unknown-option', 'node.ipip'],
  ['node=1', 'unknown-option', undefined],
  ['artifacts.etcd=x', 'unknown-option', undefined],
  ['__proto__.x=1', 'unknown-option', undefined],
  ['=x', 'unknown-option', undefined],
  ['', 'unknown-option', undefined],
  ['node.ipip', 'no-value', undefined],
];

test('what is no setting is told, with the nearest name', () => {
  for (const [setting, code, nearest] of BAD) {
    const { options, problems } = parseSettings([setting]);
    assert.deepEqual(
      problems.map((problem) => [problem.code, problem.nearest]),
      [[code, nearest]],
      setting,
    );
    assert.deepEqual(options, {});
    if (setting === 'artifacts.etcd=x')
      assert.equal(problems[0]!.remedy, 'Write --set artifacts.etcd.url=VALUE');
  }
});

test('a value of a wrong kind is left for validation to refuse', async () => {
  for (const setting of [
    'node.enable=yes',
    'node.as-number=many',
    'rollout.max-concurrent=all',
    'node.bgp-peers=10.0.0.1',
  ]) {
    const { options, problems } = parseSettings([setting]);
    assert.deepEqual(problems, []);
    assert.notDeepEqual(await validateDocument(options), [], setting);
  }
});

test('the last of two settings of one option counts', () => {
  assert.deepEqual(parseSettings(['node.ipip=always', 'node.ipip=off']).options, { node: { ipip: 'off' } });
});
