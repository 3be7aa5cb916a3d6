import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readDocument } from '../../src/options/document.ts';
import { optionAt, valueAt } from '../../src/options/paths.ts';
import { resolveOptions } from '../../src/options/resolve.ts';
import { fromUniverse } from '../../src/options/universe.ts';
import { type Fate, NAMES_IN_OUR_SECTIONS, UNIVERSE_GROUPS } from '../../src/options/universe-names.ts';
import { validValue } from './arbitrary.ts';
import { UNIVERSE_FILES } from './universe-files.ts';

type Groups = Record<string, Record<string, unknown>>;

const FATES = Object.entries(UNIVERSE_GROUPS).flatMap(([group, options]) =>
  Object.entries(options).map(([name, fate]): [group: string, name: string, fate: Fate] => [
    group,
    name,
    fate,
  ]),
);

for (const [revision, file] of Object.entries(UNIVERSE_FILES)) {
  test(`${revision}: the package's defaults are taken as they are, and nothing is dropped in silence`, async () => {
    const { options, errors, warnings, universe } = await readDocument(JSON.stringify(file));
    assert.deepEqual(errors, []);
    assert.equal(universe, true);
    for (const [group, section] of Object.entries(file)) {
      for (const [name, value] of Object.entries(section)) {
        const path = `${group}.${name}`;
        const fate = UNIVERSE_GROUPS[group]?.[name];
        const said = warnings.filter((problem) => problem.path === path);
        const targets = fate && 'to' in fate ? fate.to : fate ? [] : [path];
        const taken = targets.length > 0 && targets.every((target) => valueAt(options, target) === value);
        assert.ok(
          taken || said.some(({ code }) => code === 'not-used'),
          `${path} is neither taken nor said to be not used`,
        );
        for (const target of targets) assert.ok(optionAt(target), target);
      }
    }
    assert.deepEqual(resolveOptions({ file: options }).errors, []);
  });
}

test('what each revision becomes', async () => {
  const becomes = async (revision: string) =>
    (await readDocument(JSON.stringify(UNIVERSE_FILES[revision]))).options;
  const install = { 'cpu-limit': 0.2, 'mem-limit': 512 };
  const container = { 'cpu-limit': 0.2, 'mem-limit': 256 };
  const etcd = { 'etcd-discovery-url': 'etcd.mesos', 'cpu-limit': 0.1, 'mem-limit': 128 };
  const directories = {
    'cni-plugins-dir': '/opt/mesosphere/active/cni/',
    'cni-config-dir': '/opt/mesosphere/etc/dcos/network/cni/',
  };
  assert.deepEqual(await becomes('revision 0'), {
    etcd,
    cni: { enable: true, ...install },
    docker: { enable: true, ...install },
    rollout: { 'max-concurrent-restarts': 1 },
    node: container,
    libnetwork: container,
  });
  assert.deepEqual(await becomes('revision 1'), {
    etcd,
    cni: { ...install, ...directories },
    docker: { enable: true, ...install },
    rollout: { 'max-concurrent-restarts': 1 },
    node: container,
    libnetwork: container,
  });
  const titled = {
    rollout: { 'max-concurrent-restarts': 1 },
    etcd: { ...etcd, 'run-proxy': true, 'etcd-endpoints': 'http://localhost:2379' },
    docker: { enable: true, 'cpu-limit': 0.2, 'mem-limit': 256 },
    cni: { enable: true, ...install, ...directories },
    node: { enable: true, ...container },
  };
  assert.deepEqual(await becomes('revision 2'), { ...titled, libnetwork: { enable: true, ...container } });
  assert.deepEqual(await becomes('revision 3'), titled);
});

/** A file in the package's names: any of its options, with values that their counterparts allow. */
const universeFile: fc.Arbitrary<Groups> = fc
  .subarray(FATES)
  .chain((fates) =>
    fc.tuple(
      ...fates.map(([group, name, fate]) =>
        ('to' in fate ? validValue(fate.to[0]!) : fc.constant('x')).map(
          (value): [string, string, unknown] => [group, name, value],
        ),
      ),
    ),
  )
  .map((entries) => {
    const file: Groups = {};
    for (const [group, name, value] of entries) file[group] = { ...file[group], [name]: value };
    return file;
  });

test('every option of every file is taken, said to be not used, or contradicts another name of the same option', () => {
  fc.assert(
    fc.property(universeFile, (file) => {
      const { document, notUsed, problems, origins } = fromUniverse(file);
      const given = Object.entries(file).flatMap(([group, section]) =>
        Object.entries(section).map(([name, value]) => ({ group, name, value })),
      );
      const taken = new Set(origins.values());
      for (const { group, name, value } of given) {
        const path = `${group}.${name}`;
        const fate = UNIVERSE_GROUPS[group]![name]!;
        const accounted =
          taken.has(path) ||
          notUsed.some((entry) => entry.path === path) ||
          problems.some((problem) => problem.path === path || problem.others?.includes(path)) ||
          ('to' in fate &&
            fate.to.every((target) => JSON.stringify(valueAt(document, target)) === JSON.stringify(value)));
        assert.ok(accounted, path);
      }
      for (const [target, origin] of origins) {
        const [group = '', name = ''] = [
          origin.slice(0, origin.lastIndexOf('.')),
          origin.slice(origin.lastIndexOf('.') + 1),
        ];
        assert.deepEqual(valueAt(document, target), file[group]![name]);
      }
    }),
    { numRuns: 200 },
  );
});

test('what comes out is in our names alone, and is left as it is the second time', () => {
  fc.assert(
    fc.property(universeFile, (file) => {
      const { document } = fromUniverse(file);
      const again = fromUniverse(document);
      assert.deepEqual(again.document, document);
      assert.deepEqual([again.universe, again.notUsed, again.problems], [false, [], []]);
    }),
  );
});

test("the package's names work inside our sections, and mixed with ours", async () => {
  const { options, errors, universe, warnings } = await readDocument(
    JSON.stringify({
      node: { 'node-image': 'calico/node:v2.6.11', 'mem-limit-node': 300, ipip: 'always' },
      docker: { 'allow-docker-update': false },
      libnetwork: { enable: false },
      rollout: { zk: 'zk://zk-1.zk:2181/calico' },
      'Etcd Settings': { 'run-proxy': false },
      etcd: { 'etcd-endpoints': 'http://10.0.0.5:2379' },
    }),
  );
  assert.deepEqual(errors, []);
  assert.equal(universe, true);
  assert.deepEqual(options, {
    node: { ipip: 'always', 'override-node-image': 'calico/node:v2.6.11', 'mem-limit': 300 },
    docker: { enable: false },
    libnetwork: { enable: false },
    rollout: {},
    etcd: { 'run-proxy': false, 'etcd-endpoints': 'http://10.0.0.5:2379' },
  });
  assert.deepEqual(
    warnings.map(({ path, code }) => [path, code]),
    [['rollout.zk', 'not-used']],
  );
});

test('every name inside our sections belongs to that section', () => {
  for (const [section, names] of Object.entries(NAMES_IN_OUR_SECTIONS)) {
    for (const [name, fate] of Object.entries(names)) {
      assert.equal(optionAt(`${section}.${name}`), undefined, `${name} is ours already`);
      if ('to' in fate)
        assert.ok(
          fate.to.every((path) => path.startsWith(`${section}.`)),
          name,
        );
    }
  }
});

test('one option by two names: the same value is fine, another is an error that names both', async () => {
  const twice = (ours: boolean) =>
    JSON.stringify({ etcd: { 'run-proxy': ours }, 'Etcd Settings': { 'run-proxy': true } }, null, 1);
  assert.deepEqual((await readDocument(twice(true))).errors, []);
  const { errors } = await readDocument(twice(false));
  assert.deepEqual(errors, [
    {
      level: 'error',
      code: 'given-twice',
      path: 'Etcd Settings.run-proxy',
      others: ['etcd.run-proxy'],
      what: 'Etcd Settings.run-proxy and etcd.run-proxy are the same option with different values',
      remedy: 'Leave Etcd Settings.run-proxy out',
      line: 6,
    },
  ]);
});

test('a wrong value is named by where it stands in the file, once', async () => {
  const { errors } = await readDocument(
    '{"calico": {\n"cpu-limit-install": "0.2",\n"allow-docker-update": "yes"}}',
  );
  assert.deepEqual(
    errors.map(({ path, line, code }) => [path, line, code]),
    [
      ['calico.cpu-limit-install', 2, 'wrong-type'],
      ['calico.allow-docker-update', 3, 'wrong-type'],
    ],
  );
});

test('a name that the package does not have comes with the nearest of its group', async () => {
  const { errors } = await readDocument('{"Install CNI": {"cni-plugin-dir": "/opt/cni"}}');
  assert.deepEqual(
    errors.map(({ path, nearest }) => [path, nearest]),
    [['Install CNI.cni-plugin-dir', 'Install CNI.cni-plugins-dir']],
  );
});

test('a group that is null or no object', async () => {
  assert.deepEqual((await readDocument('{"resource-overrides": null}')).errors, []);
  assert.deepEqual(
    (await readDocument('{"resource-overrides": 3}')).errors.map(({ path }) => path),
    ['resource-overrides'],
  );
});

test("an image that is not overridden, or is the package's own of 2016, leaves ours in place", async () => {
  for (const file of [
    { 'Run Calico-Node': { 'override-node-image': '' } },
    { node: { 'override-node-image': '' } },
    { calico: { 'calico-node-img': 'calico/node:v0.18.0' } },
  ]) {
    const { options, errors } = await readDocument(JSON.stringify(file));
    assert.deepEqual(errors, []);
    const resolved = resolveOptions({ file: options });
    assert.equal(resolved.options.node['override-node-image'], 'quay.io/calico/node:v2.6.12');
    assert.equal(resolved.sources['node.override-node-image'], 'default');
  }
});

test('an install task that ended becomes a task that stays: its reservation is pointed out', async () => {
  const { warnings } = await readDocument('{"Install CNI": {"mem-limit": 512}}');
  assert.match(warnings[0]!.what, /stays and reserves this/);
});
