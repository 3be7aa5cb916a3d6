import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CHECKS, preflight, stops } from '../../src/checks/run.ts';
import type { Facts } from '../../src/checks/types.ts';
import { defaultOptions } from '../../src/options/defaults.ts';
import type { Options } from '../../src/options/types.ts';
import { agent, privateAgents } from '../plan/cluster.ts';

function facts(change: Partial<Facts> = {}, options: (options: Options) => void = () => {}): Facts {
  const all = defaultOptions();
  options(all);
  return {
    dcosVersion: '2.0.6',
    marathonVersion: '1.9.136',
    options: all,
    agents: privateAgents(3),
    unfit: [],
    installed: false,
    etcdRecords: { value: [{ host: 'etcd-server-1.etcd.slave.mesos', port: 2380 }] },
    packages: { value: [] },
    ...change,
  };
}

/** `CAL1001 stops` of all that is found, what is always told left out. */
const found = (one: Facts) =>
  preflight(one)
    .filter(({ code }) => code !== 'CAL1015')
    .map(({ code, severity }) => `${code} ${severity}`);

test('a cluster as it should be has only the note on what agents decide', () => {
  const findings = preflight(facts());
  assert.deepEqual(
    findings.map(({ code, severity }) => [code, severity]),
    [['CAL1015', 'informs']],
  );
  assert.ok(!stops(findings));
  assert.deepEqual(preflight(facts({ installed: true })), []);
});

test('codes are permanent: four digits, none twice, in order', () => {
  const codes = CHECKS.map(({ code }) => code);
  assert.deepEqual([...new Set(codes)].sort(), [...codes].sort());
  assert.ok(codes.every((code) => /^CAL1\d{3}$/.test(code)));
});

test('DC/OS 1.9 to 2.0, nothing before and nothing after', () => {
  for (const version of ['1.9.10', '1.12.5', '2.0.6'])
    assert.deepEqual(found(facts({ dcosVersion: version })), []);
  for (const version of ['1.8.9', '2.1.0', '2.2.1', '3.0', 'what'])
    assert.deepEqual(found(facts({ dcosVersion: version })), ['CAL1001 stops'], version);
});

test('a later DC/OS is refused only where its own Calico is on, or nobody can tell', () => {
  const native = (nativeCalico: Facts['nativeCalico']) =>
    preflight({ ...facts({ dcosVersion: '2.2.1' }), nativeCalico }).filter(({ code }) => code === 'CAL1001');
  assert.deepEqual(native({ value: { on: [], asked: 5 } }), []);
  assert.match(native({ value: { on: ['a', 'b'], asked: 2 } })[0]!.what, /its own Calico on every agent/);
  assert.match(
    native({ value: { on: ['10.0.1.11'], asked: 5 } })[0]!.what,
    /its own Calico on 10\.0\.1\.11:/,
  );
  const [unknown] = native({
    unknown: 'Not allowed to read',
    forbidden: ['dcos:adminrouter:ops:slave full'],
  });
  assert.match(unknown!.what, /whether it is on cannot be told: Not allowed to read/);
  assert.match(unknown!.remedy[0]!, /dcos:adminrouter:ops:slave full/);
});

test('Marathon from 1.4 on', () => {
  assert.deepEqual(found(facts({ marathonVersion: '1.4.12' })), []);
  assert.deepEqual(found(facts({ marathonVersion: '1.3.6' })), ['CAL1002 stops']);
});

test('the framework of the Universe, and other packages with Calico in their name', () => {
  const packages = (name: string) => ({ value: [{ id: `/${name}`, name, version: '0.4.0' }] });
  assert.deepEqual(found(facts({ packages: packages('calico') })), ['CAL1003 stops']);
  assert.deepEqual(found(facts({ packages: packages('my-calico') })), ['CAL1004 warns']);
  assert.deepEqual(found(facts({ packages: packages('kafka') })), []);
});

test('no etcd record: which package gives one, or why the installed one does not', () => {
  const [missing] = preflight(facts({ etcdRecords: { value: [] } }));
  assert.equal(missing!.code, 'CAL1005');
  assert.equal(missing!.severity, 'stops');
  assert.match(missing!.remedy.join('\n'), /--package-version=0\.0\.3/);
  const later = { value: [{ id: '/etcd', name: 'etcd', version: '0.1.0-3.3.12' }] };
  const [installed] = preflight(facts({ etcdRecords: { value: [] }, packages: later }));
  assert.match(installed!.what, /installed as 0\.1\.0-3\.3\.12, which publishes none/);
  assert.doesNotMatch(installed!.remedy.join('\n'), /package install/);
});

test('a record that could not be asked for warns; endpoints are decided on the agents', () => {
  assert.deepEqual(found(facts({ etcdRecords: { unknown: 'Mesos-DNS did not answer' } })), ['CAL1005 warns']);
  const [note] = preflight(
    facts({ etcdRecords: undefined }, ({ etcd }) => {
      etcd['proxy-endpoints'] = ['http://10.0.0.5:2379'];
    }),
  );
  assert.equal(note!.code, 'CAL1006');
  assert.match(note!.what, /http:\/\/10\.0\.0\.5:2379 is decided on the agents/);
});

test('permissions that are missing are named', () => {
  const packages = { unknown: 'Not allowed to read from Marathon', forbidden: ['dcos:x full'] };
  const finding = preflight(facts({ packages })).find(({ code }) => code === 'CAL1008');
  assert.equal(finding?.severity, 'warns');
  assert.match(finding!.remedy[0]!, /dcos:x full/);
});

test('agents that cannot have tasks are grouped by equal reasons', () => {
  const unfit = (host: string, kind: string, reason: string) => ({ host, kind, reason });
  const findings = preflight(
    facts({
      unfit: [
        unfit('a', 'no room', 'no room: 1 CPU needed, 0 free'),
        unfit('b', 'no room', 'no room: 1 CPU needed, 0.5 free'),
        unfit('c', 'no room', 'no room: 1 CPU needed, 0 free'),
        unfit('d', 'deactivated', 'deactivated'),
        unfit('e', 'reserved', 'all its resources are reserved to the role kafka'),
        unfit('f', 'windows', 'a Windows agent'),
        unfit('g', 'excluded', 'excluded by the options'),
      ],
    }),
  );
  assert.deepEqual(
    findings.filter(({ agents }) => agents.length > 0).map(({ code, agents }) => [code, agents]),
    [
      ['CAL1007', ['a', 'c']],
      ['CAL1007', ['b']],
      ['CAL1012', ['d']],
      ['CAL1013', ['e']],
      ['CAL1014', ['f']],
    ],
  );
});

test('different Mesos versions', () => {
  const agents = [agent('10.0.1.11'), agent('10.0.1.12', { version: '1.7.3' })];
  const [finding] = preflight(facts({ agents }));
  assert.match(finding!.what, /1\.7\.3 on 1, 1\.9\.0 on 1/);
});

test('a mesh of more than 50 warns, of more than 200 stops', () => {
  const of = (count: number, mesh = true) =>
    found(
      facts({ agents: privateAgents(count) }, ({ node }) => {
        node['node-to-node-mesh'] = mesh;
      }),
    );
  assert.deepEqual(
    [of(50), of(51), of(200), of(201)],
    [[], ['CAL1010 warns'], ['CAL1010 warns'], ['CAL1010 stops']],
  );
  assert.deepEqual(of(201, false), []);
});

test('a pool that overlaps what DC/OS uses, or the agents', () => {
  const of = (cidr: string) =>
    found(
      facts({}, ({ node }) => {
        node['pool-cidr'] = cidr;
      }),
    );
  assert.deepEqual(of('172.20.0.0/16'), []);
  assert.deepEqual(of('9.1.0.0/16'), ['CAL1011 stops']);
  assert.deepEqual(of('44.128.8.0/22'), ['CAL1011 stops']);
  assert.deepEqual(of('10.0.0.0/16'), ['CAL1011 stops']);
});

test('all checks run before the verdict, what stops first', () => {
  const worst = found(facts({ dcosVersion: '2.2.1', etcdRecords: { value: [] }, agents: privateAgents(60) }));
  assert.deepEqual(worst, ['CAL1001 stops', 'CAL1005 stops', 'CAL1010 warns']);
});
