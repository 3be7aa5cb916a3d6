import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { defaultOptions } from '../../src/options/defaults.ts';
import { differences } from '../../src/options/differences.ts';
import { ALL_OPTIONS, setAt, valueAt } from '../../src/options/paths.ts';
import { resolveOptions } from '../../src/options/resolve.ts';
import { validateDocument } from '../../src/options/validate.ts';
import { partialOptions } from './arbitrary.ts';

test('each value is that of the first layer that has one, and its source says which', () => {
  fc.assert(
    fc.property(partialOptions, partialOptions, partialOptions, (flags, file, installed) => {
      const { options, sources } = resolveOptions({ flags, file, installed });
      for (const { path } of ALL_OPTIONS) {
        if (path.endsWith('.sha256')) continue;
        const layers = [
          ['flag', flags],
          ['file', file],
          ['installed', installed],
          ['default', defaultOptions()],
        ] as const;
        const [source, layer] = layers.find(([, each]) => valueAt(each, path) !== undefined)!;
        assert.equal(sources[path], source, path);
        assert.deepEqual(valueAt(options, path), valueAt(layer, path), path);
      }
      assert.deepEqual(
        Object.keys(sources),
        ALL_OPTIONS.map(({ path }) => path),
      );
    }),
    { numRuns: 100 },
  );
});

test('what comes out is complete and allowed, and what went in is as it was', async () => {
  await fc.assert(
    fc.asyncProperty(partialOptions, partialOptions, async (flags, file) => {
      const before = JSON.stringify([flags, file]);
      const { options } = resolveOptions({ flags, file });
      assert.deepEqual(await validateDocument(options), []);
      options.rollout.exclude.push('x');
      options.node['bgp-peers'].push({ peer: 'x', 'as-number': 1, agent: '' });
      assert.equal(JSON.stringify([flags, file]), before);
    }),
  );
});

test('the same again changes nothing', () => {
  fc.assert(
    fc.property(partialOptions, (file) => {
      const { options } = resolveOptions({ file });
      assert.deepEqual(differences(options, resolveOptions({ installed: options }).options), []);
      assert.deepEqual(differences(options, resolveOptions({ file, installed: options }).options), []);
    }),
  );
});

const SUM = 'a'.repeat(64);
const etcd = (url: string | undefined, sha256: string | undefined) => ({
  artifacts: { etcd: { ...(url && { url }), ...(sha256 !== undefined && { sha256 }) } },
});

test('a checksum of a lower layer does not vouch for the file of a higher one', () => {
  const installed = etcd('https://h/a.tar.gz', SUM);
  const other = resolveOptions({ file: etcd('https://h/b.tar.gz', undefined), installed });
  assert.deepEqual(other.options.artifacts.etcd, { url: 'https://h/b.tar.gz', sha256: '' });
  assert.equal(other.sources['artifacts.etcd.sha256'], 'file');
  const same = resolveOptions({ file: etcd('https://h/a.tar.gz', undefined), installed });
  assert.deepEqual(same.options.artifacts.etcd, { url: 'https://h/a.tar.gz', sha256: SUM });
  const sumAbove = resolveOptions({
    flags: etcd(undefined, SUM),
    file: etcd('https://h/b.tar.gz', undefined),
  });
  assert.deepEqual(sumAbove.options.artifacts.etcd, { url: 'https://h/b.tar.gz', sha256: SUM });
  const sumBetween = resolveOptions({
    flags: etcd('https://h/c.tar.gz', undefined),
    file: etcd(undefined, SUM),
    installed,
  });
  assert.equal(sumBetween.options.artifacts.etcd.sha256, '');
});

test('a peer without an agent is for all, and equal peers are equal texts', () => {
  const peer = { 'as-number': 64512, peer: '10.0.0.1' } as never;
  const { options } = resolveOptions({ file: { node: { 'bgp-peers': [peer] } } });
  assert.equal(
    JSON.stringify(options.node['bgp-peers']),
    '[{"peer":"10.0.0.1","as-number":64512,"agent":""}]',
  );
});

test('errors and warnings are kept apart', () => {
  const { errors, warnings } = resolveOptions({
    file: { etcd: { 'etcd-endpoints': 'http://10.0.0.5:2379' }, rollout: { canary: 0 } },
  });
  assert.deepEqual(
    errors.map(({ path }) => path),
    ['etcd.run-proxy'],
  );
  assert.deepEqual(
    warnings.map(({ path }) => path),
    ['rollout.canary'],
  );
});

test('differences name what changes, in the order of the schema, and lead from one to the other', () => {
  fc.assert(
    fc.property(partialOptions, partialOptions, (a, b) => {
      const before = resolveOptions({ file: a }).options;
      const after = resolveOptions({ file: b }).options;
      const found = differences(before, after);
      assert.deepEqual(differences(before, before), []);
      const paths = found.map(({ path }) => path);
      assert.deepEqual(
        paths,
        ALL_OPTIONS.map(({ path }) => path).filter((path) => paths.includes(path)),
      );
      for (const { path, before: old, after: value } of found) {
        assert.notDeepEqual(old, value);
        setAt(before, path, value);
      }
      assert.deepEqual(before, after);
    }),
  );
});
