// Mesos hands command and environment to the executor as one argument, which Linux bounds: the options must not grow past it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultOptions } from '../../src/options/defaults.ts';
import { ALL_OPTIONS, setAt } from '../../src/options/paths.ts';
import type { Constraints } from '../../src/options/schema-types.ts';
import type { Options } from '../../src/options/types.ts';
import { validateDocument } from '../../src/options/validate.ts';
import { STEPS } from '../../src/steps/registry.ts';

const host = (length: number): string => 'h'.repeat(length);

/** The longest text that an option of this path takes. */
function longestText(path: string, schema: Constraints): string {
  const most = schema.maxLength ?? 64;
  if (schema.enum) return [...schema.enum].map(String).sort((a, b) => b.length - a.length)[0]!;
  const to = (start: string, fill: string): string => start + fill.repeat(most - start.length);
  if (path === 'etcd.etcd-endpoints' || path.endsWith('cluster-store')) {
    return path === 'etcd.etcd-endpoints'
      ? filled('https://', 'https://', most)
      : filled('etcd://', '', most);
  }
  if (path.endsWith('.url')) return to('https://h/', 'f');
  if (path.endsWith('sha256')) return 'a'.repeat(64);
  if (path.endsWith('-image')) return to('h:5000/', 'n');
  if (path.endsWith('-file') || path.endsWith('-dir')) return to('/', 'd');
  if (path === 'node.pool-cidr') return '192.168.100.128/26';
  if (path === 'node.interface') return to('can-reach=', 'h').slice(0, 200);
  return 'd'.repeat(most);
}

/** URLs with commas, as near to `most` characters as a whole one allows. */
function filled(first: string, scheme: string, most: number): string {
  const urls: string[] = [];
  let left = most - first.length + scheme.length;
  while (left > 40) {
    const length = Math.min(240, left - scheme.length - 6);
    urls.push(`${scheme}${host(length)}:2379`);
    left -= scheme.length + length + 6;
  }
  return first + urls.join(',').slice(scheme.length);
}

function largest(): Options {
  const options = defaultOptions();
  const numbered = (index: number, length: number): string => `${index}`.padStart(length, 'a');
  for (const { path, schema } of ALL_OPTIONS) {
    if (schema.type === 'string') setAt(options, path, longestText(path, schema));
    if (schema.type === 'integer' || schema.type === 'number') setAt(options, path, schema.maximum);
  }
  options.rollout.exclude = Array.from({ length: 500 }, (_, index) => numbered(index, 64));
  options.rollout.canary = Array.from({ length: 100 }, (_, index) => numbered(index + 1000, 64));
  options.etcd['proxy-endpoints'] = Array.from(
    { length: 16 },
    (_, index) => `https://${numbered(index, 240)}:2379`,
  );
  options.artifacts.mirrors = Array.from({ length: 8 }, (_, index) => `https://h/${numbered(index, 245)}`);
  options.node['bgp-peers'] = Array.from({ length: 32 }, (_, index) => ({
    peer: `fd00:1111:2222:3333:4444:5555:6666:${(4096 + index).toString(16)}`,
    'as-number': 4294967294,
    agent: numbered(index, 64),
  }));
  return options;
}

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

test('with the largest options that the schema allows, no step has more than 16 KiB of environment', async () => {
  const options = largest();
  assert.deepEqual(await validateDocument(options), []);
  const sizes = STEPS.map((step) => [step.name, bytes(step.environment(options, 'present'))] as const);
  for (const [name, size] of sizes) assert.ok(size <= 16 * 1024, `${name}: ${size} bytes`);
  // They are really large: the bound is one that holds something.
  assert.ok(Math.max(...sizes.map(([, size]) => size)) > 6 * 1024, JSON.stringify(sizes));
});

test('all options together stay below 64 KiB, which /calico/options carries in one variable', () => {
  const size = bytes(largest());
  assert.ok(size <= 64 * 1024, `${size} bytes`);
  assert.ok(size > 48 * 1024, `${size} bytes`);
});

test('one entry more than a list takes is refused', async () => {
  for (const [path, more] of [
    ['rollout.exclude', '10.0.0.1'],
    ['rollout.canary', '10.0.0.1'],
    ['etcd.proxy-endpoints', 'http://a:1'],
    ['artifacts.mirrors', 'http://a:1'],
    ['node.bgp-peers', { peer: '10.0.0.1', 'as-number': 1 }],
  ] as const) {
    const options = largest();
    const list = path
      .split('.')
      .reduce((value: unknown, key) => (value as Record<string, unknown>)[key], options) as unknown[];
    list.push(more);
    assert.deepEqual(
      (await validateDocument(options)).map((problem) => problem.path),
      [path],
    );
  }
});

test('a text longer than its option takes is refused', async () => {
  for (const { path, schema } of ALL_OPTIONS) {
    if (schema.type !== 'string' || schema.enum || schema.maxLength === undefined) continue;
    const options = {};
    setAt(options, path, `${longestText(path, schema)}${'a'.repeat(schema.maxLength)}`);
    assert.deepEqual(
      (await validateDocument(options)).map((problem) => problem.path),
      [path],
    );
  }
});
