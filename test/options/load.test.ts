import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UserError } from '../../src/errors.ts';
import { defaultOptions } from '../../src/options/defaults.ts';
import { type LoadedOptions, loadOptions, type OptionSources } from '../../src/options/load.ts';
import type { PartialOptions } from '../../src/options/paths.ts';
import type { OptionProblem } from '../../src/options/problems.ts';

async function* text(content: string): AsyncGenerator<string> {
  yield content;
}

/** `file`: the content of the options file. */
function load({ file, ...sources }: OptionSources): Promise<LoadedOptions> {
  return loadOptions({ ...sources, ...(file !== undefined && { file: '-', stdin: text(file) }) });
}

async function refused(sources: OptionSources): Promise<UserError['problem']> {
  try {
    await load(sources);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    return error.problem;
  }
  return assert.fail('these options were taken');
}

test('nothing said: the defaults', async () => {
  const { options, sources, warnings, universe } = await load({});
  assert.deepEqual(options, defaultOptions());
  assert.deepEqual(new Set(Object.values(sources)), new Set(['default']));
  assert.deepEqual([warnings, universe], [[], false]);
});

test('flags of their own win over --set, that over the file, that over what is installed', async () => {
  const { options, sources } = await load({
    flags: { rollout: { exclude: ['10.0.0.9'] } },
    set: ['rollout.exclude=10.0.0.1', 'node.ipip=always'],
    file: '{"node": {"ipip": "cross-subnet", "as-number": 64600}}',
    installed: { node: { 'as-number': 64700, 'mem-limit': 512 } },
  });
  assert.deepEqual(options.rollout.exclude, ['10.0.0.9']);
  assert.equal(options.node.ipip, 'always');
  assert.equal(options.node['as-number'], 64600);
  assert.equal(options.node['mem-limit'], 512);
  assert.deepEqual(
    ['rollout.exclude', 'node.ipip', 'node.as-number', 'node.mem-limit', 'cni.enable'].map(
      (path) => sources[path],
    ),
    ['flag', 'flag', 'file', 'installed', 'default'],
  );
});

test('one error has all that is wrong in file and flags, each a line for people and data for programs', async () => {
  const problem = await refused({
    file: '{"node": {"ipip": "allways"},\n"Framework Settings": {"zk": "zk://a"}}',
    set: ['node.ipp=x', 'node.enable=maybe'],
  });
  assert.equal(problem.code, 'options-invalid');
  assert.equal(problem.exit, 2);
  assert.equal(problem.what, 'The options in standard input cannot be used');
  assert.equal(problem.why, '3 errors and 1 warning');
  assert.equal(problem.items?.length, 4);
  const problems = problem.data!.problems as OptionProblem[];
  assert.deepEqual(
    problems.map(({ path, level }) => `${level} ${path}`),
    ['error node.ipip', 'error node.ipp', 'error node.enable', 'warning Framework Settings.zk'],
  );
});

test('a single problem stands in the reason itself', async () => {
  const problem = await refused({ set: ['node.ipip=allways'] });
  assert.equal(problem.what, 'These options cannot be used');
  assert.match(problem.why ?? '', /^node\.ipip: "allways" is not allowed\. .* Did you mean always\?$/);
  assert.deepEqual(problem.items, []);
});

test('more problems than fit a screen or two are counted', async () => {
  const many = Object.fromEntries(Array.from({ length: 70 }, (_, index) => [`zz${index}`, 1]));
  const problem = await refused({ file: JSON.stringify({ node: many }) });
  assert.equal(problem.items?.length, 51);
  assert.equal(problem.items?.at(-1), 'and 20 more, which --json lists');
  assert.equal((problem.data!.problems as unknown[]).length, 70);
});

test('a contradiction between the file and a flag has the line of what stands in the file', async () => {
  const problem = await refused({
    file: '{\n"etcd": {\n"etcd-endpoints": "http://10.0.0.5:2379"}}',
    set: ['etcd.run-proxy=true'],
  });
  assert.match(problem.why ?? '', /^Line 3: etcd\.run-proxy is true, but etcd\.etcd-endpoints/);
});

test('a contradiction is looked for only in what is valid by itself', async () => {
  const problem = await refused({
    file: '{"etcd": {"etcd-endpoints": "http://10.0.0.5:2379"}, "node": {"ipip": 1}}',
  });
  assert.match(problem.why ?? '', /^node\.ipip/);
});

test('a URL with a password is refused from every side, and not repeated', async () => {
  const value = 'http://u:hunter2@10.0.0.5:2379';
  for (const sources of [
    { file: JSON.stringify({ etcd: { 'etcd-endpoints': value } }) },
    { set: [`etcd.etcd-endpoints=${value}`] },
    { set: [`etcd.proxy-endpoints=${value}`] },
  ]) {
    assert.doesNotMatch(JSON.stringify(await refused(sources)), /hunter2/);
  }
});

test('what a later version has installed is taken as far as it is known, and the rest is said', async () => {
  const installed = {
    ...defaultOptions(),
    later: { a: 1 },
    node: { ...defaultOptions().node, ipip: 'vxlan', 'as-number': 64600, wireguard: true },
  } as unknown as PartialOptions;
  const { options, sources, warnings } = await load({ installed });
  assert.equal(options.node['as-number'], 64600);
  assert.equal(options.node.ipip, 'off');
  assert.equal(sources['node.ipip'], 'default');
  assert.deepEqual(warnings.map(({ code, path }) => `${code} ${path}`).sort(), [
    'installed-not-known later',
    'installed-not-known node.ipip',
    'installed-not-known node.wireguard',
  ]);
});

test('what is installed is no options at all', async () => {
  const { options, warnings } = await load({ installed: 'x' as unknown as PartialOptions });
  assert.deepEqual(options, defaultOptions());
  assert.deepEqual(
    warnings.map(({ code }) => code),
    ['installed-not-known'],
  );
});

test('a Universe file is said to be one', async () => {
  const { universe, options } = await load({ file: '{"Run Calico-Node": {"mem-limit": 300}}' });
  assert.equal(universe, true);
  assert.equal(options.node['mem-limit'], 300);
});
