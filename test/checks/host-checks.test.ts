// Checks of what the agents told of themselves.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { readHostFacts } from '../../src/checks/host-facts.ts';
import { preflight, stoppedAgents, stops } from '../../src/checks/run.ts';
import type { Facts, HostsAnswered } from '../../src/checks/types.ts';
import { defaultOptions } from '../../src/options/defaults.ts';
import type { Options } from '../../src/options/types.ts';
import { privateAgents } from '../plan/cluster.ts';
import { hostFacts } from './host.ts';

type Host = ReturnType<typeof hostFacts>;

function facts(hosts: Host[] | HostsAnswered, change: (options: Options) => void = () => {}): Facts {
  const options = defaultOptions();
  change(options);
  return {
    dcosVersion: '2.0.6',
    marathonVersion: '1.9.136',
    options,
    agents: privateAgents(3),
    unfit: [],
    installed: false,
    etcdRecords: { value: [{ host: 'etcd-server-1.etcd.slave.mesos', port: 2380 }] },
    packages: { value: [] },
    hosts: Array.isArray(hosts) ? { told: hosts, silent: [], unread: [] } : hosts,
  };
}

const found = (one: Facts) =>
  preflight(one).map(({ code, severity, agents }) => `${code} ${severity} ${agents.join(' ')}`.trim());
const of = (change: Parameters<typeof hostFacts>[1], options?: (options: Options) => void) =>
  found(facts([hostFacts('a', change)], options));

test('ordinary agents have no finding', () => {
  assert.deepEqual(found(facts([hostFacts('a'), hostFacts('b')])), []);
});

test('each surprise has its code', () => {
  const docker = (change: object) => of({ docker: change });
  assert.deepEqual(of({ tools: { missing: ['curl', 'ipset'] } }), ['CAL1021 stops a']);
  assert.deepEqual(of({ tools: { missing: ['ipset'] } }), ['CAL1021 warns a']);
  assert.deepEqual(of({ systemd: { why: 'systemd does not answer' } }), ['CAL1022 stops a']);
  assert.deepEqual(of({ systemd: { version: 215 } }), ['CAL1023 warns a']);
  assert.deepEqual(of({ native: true }), ['CAL1024 stops a']);
  assert.deepEqual(docker({ answers: false, why: 'Docker does not answer' }), ['CAL1025 stops a']);
  assert.deepEqual(docker({ version: '23.0.6', onDisk: '23.0.6' }), ['CAL1026 stops a']);
  assert.deepEqual(docker({ onDisk: '24.0.1' }), ['CAL1026 stops a']);
  assert.deepEqual(docker({ store: 'zk://10.0.0.1:2181' }), ['CAL1027 stops a']);
  assert.deepEqual(docker({ before: { 'cluster-store': 'consul://x:1' } }), ['CAL1027 stops a']);
  const earlier = 'etcd://10.0.0.11:2379';
  assert.deepEqual(docker({ store: earlier, before: { 'cluster-store': earlier } }), ['CAL1027 stops a']);
  assert.deepEqual(docker({ store: earlier, before: { 'cluster-store': earlier }, own: [earlier] }), []);
  assert.deepEqual(docker({ there: true, valid: false }), ['CAL1028 stops a']);
  assert.deepEqual(docker({ pending: ['debug'] }), ['CAL1029 stops a']);
  assert.deepEqual(docker({ swarm: 'active' }), ['CAL1030 stops a']);
  assert.deepEqual(docker({ liveRestore: true }), ['CAL1031 warns a']);
  assert.deepEqual(of({ cni: { sameName: ['/x/other.conf'] } }), ['CAL1032 stops a']);
  assert.deepEqual(of({ cni: { elsewhere: 'the Mesos agent looks in /x' } }), ['CAL1033 warns a']);
  assert.deepEqual(of({ cni: { elsewhere: 'the Mesos agent looks in /x' }, cgroups: 'hybrid' }), [
    'CAL1033 warns a',
    'CAL1034 warns a',
  ]);
  assert.deepEqual(of({ ports: { 2379: 'etcd', 179: '' } }), ['CAL1035 stops a']);
  assert.deepEqual(of({ ports: { 2379: '', 179: 'bird' } }), ['CAL1035 stops a']);
  assert.deepEqual(of({ kernel: { missing: ['xt_set'] } }), ['CAL1036 stops a']);
  assert.deepEqual(of({ iptables: 'iptables v1.8.4 (nf_tables)' }), ['CAL1037 warns a']);
  assert.deepEqual(of({ rpFilter: 2 }), ['CAL1038 informs a']);
  assert.deepEqual(of({ disk: { '/opt': 100 } }), ['CAL1039 stops a']);
  assert.deepEqual(of({ disk: { '/opt': 1500 } }), ['CAL1039 warns a']);
  assert.deepEqual(of({ memory: 100 }), ['CAL1040 warns a']);
  assert.deepEqual(of({ clock: -90 }), ['CAL1041 warns a']);
  assert.deepEqual(of({ earlier: { containers: ['calico-node (calico/node:v0.22.0)'] } }), [
    'CAL1042 stops a',
  ]);
  assert.deepEqual(of({ earlier: { units: ['calico.service'], files: ['/etc/calico'] } }), [
    'CAL1042 warns a',
  ]);
  assert.deepEqual(of({ etcd: { pools: ['10.5.0.0/16'] } }), ['CAL1043 warns']);
  assert.deepEqual(of({ networks: ['192.168.4.9/22'] }), ['CAL1011 stops a']);
  const silent = { url: 'http://10.0.0.5:2379', answers: false, what: 'Connection refused' };
  assert.deepEqual(of({ etcd: { asked: [silent] } }), ['CAL1006 stops a']);
  assert.deepEqual(of({ etcd: { asked: [silent, { ...silent, answers: true }] } }), ['CAL1006 warns a']);
});

test('what a step takes over does not stop', () => {
  const earlier = { containers: ['calico-node (calico/node:v0.22.0)'], units: [], files: [], kernel: [] };
  const one = (state: string) =>
    found(
      facts([
        hostFacts(
          'a',
          { earlier, cni: { sameName: ['/x/calico.conf'] } },
          { node: { state }, cni: { state } },
        ),
      ]),
    );
  assert.deepEqual(one('waiting for turn'), ['CAL1032 informs a', 'CAL1042 informs a']);
  assert.deepEqual(one('failed'), ['CAL1032 stops a', 'CAL1042 stops a']);
});

test('what the options do not use is no matter', () => {
  const off = (options: Options) => {
    options.docker.enable = false;
    options.libnetwork.enable = false;
  };
  assert.deepEqual(
    of({ docker: { version: '24.0.1', onDisk: '24.0.1', store: 'zk://a:1', swarm: 'active' } }, off),
    [],
  );
  assert.deepEqual(of({ kernel: { lacks: ['ipip'] } }), []);
  const ipip = (options: Options) => {
    options.node.ipip = 'always';
  };
  assert.deepEqual(of({ kernel: { lacks: ['ipip'] } }, ipip), ['CAL1036 stops a']);
  const proxy = (options: Options) => {
    options.etcd['run-proxy'] = false;
    options.etcd['etcd-endpoints'] = 'http://10.0.0.5:2379';
  };
  assert.deepEqual(of({ ports: { 2379: 'etcd', 179: '' } }, proxy), []);
});

test('what the options allow warns, and a restart names what it ends', () => {
  const replace = (options: Options) => {
    options.docker['replace-cluster-store'] = true;
  };
  const running = [
    { name: 'mesos-1', image: 'nginx', task: 'web.1', app: '/web', ours: false },
    { name: 'calico-node', image: 'calico/node', task: '', app: '', ours: true },
  ];
  const host = hostFacts('a', { docker: { store: 'zk://a:1' }, containers: { count: 2, running } });
  const findings = preflight(facts([host], replace));
  assert.deepEqual(
    findings.map(({ code, severity }) => [code, severity]),
    [
      ['CAL1027', 'warns'],
      ['CAL1044', 'warns'],
    ],
  );
  assert.match(findings[1]!.what, /; that ends \/web$/);
  const apply = (options: Options) => {
    options.docker['apply-other-changes'] = true;
  };
  assert.deepEqual(of({ docker: { pending: ['debug'] } }, apply), ['CAL1029 warns a']);
});

test('equal findings are one, with all agents in the order people read them; a command names them', () => {
  const zk = { docker: { store: 'zk://10.0.0.1:2181' } };
  const [first, second] = preflight(
    facts([
      hostFacts('10.0.1.10', zk),
      hostFacts('10.0.1.9', zk),
      hostFacts('10.0.1.3', { docker: { store: 'zk://b:1' } }),
    ]),
  );
  assert.deepEqual(first!.agents, ['10.0.1.9', '10.0.1.10']);
  assert.ok(first!.remedy.some((line) => line.endsWith('--exclude 10.0.1.9,10.0.1.10')));
  assert.deepEqual(second!.agents, ['10.0.1.3']);
});

test('a step that stops for a reason with a name is told once; any other by its own words', () => {
  const steps = { docker: { state: 'failed', reason: 'Docker already uses zk://a:1 as its store' } };
  assert.deepEqual(found(facts([hostFacts('a', { docker: { store: 'zk://a:1' } }, steps)])), [
    'CAL1027 stops a',
  ]);
  const other = { cni: { state: 'failed', reason: 'the directory /x is not there on this agent' } };
  const [finding] = preflight(facts([hostFacts('a', {}, other)]));
  assert.equal(finding!.code, 'CAL1045');
  assert.match(finding!.what, /^The step cni would stop: the directory \/x/);
});

test('what is waived does not stop and is told; what cannot be waived stops', () => {
  const waive = (options: Options) => {
    options.rollout.ignore = ['CAL1027', 'CAL1024'];
  };
  const zk = preflight(facts([hostFacts('a', { docker: { store: 'zk://a:1' } })], waive));
  assert.equal(zk[0]!.waived, true);
  assert.ok(!stops(zk));
  assert.deepEqual([...stoppedAgents(zk)], ['a']);
  const native = preflight(facts([hostFacts('a', { native: true })], waive));
  assert.equal(native[0]!.waived, undefined);
  assert.ok(stops(native));
});

test('agents that fail for sure are known; a kernel that lacks something is not such', () => {
  const both = preflight(
    facts([
      hostFacts('a', { docker: { store: 'zk://a:1' } }),
      hostFacts('b', { kernel: { missing: ['xt_set'] } }),
    ]),
  );
  assert.deepEqual([...stoppedAgents(both)], ['a']);
});

test('agents that said nothing, and those that were not read', () => {
  const answered: HostsAnswered = {
    told: [],
    silent: [
      { host: 'a', reason: 'its task runs, and has not reported' },
      { host: 'b', reason: 'its task runs, and has not reported' },
    ],
    unread: [
      { host: 'c', noted: true },
      { host: 'd', noted: false },
    ],
  };
  assert.deepEqual(found(facts(answered)), ['CAL1020 warns a b', 'CAL1020 warns c', 'CAL1020 informs d']);
});

test('what an agent could not see is told', () => {
  const report = {
    state: 'drifted',
    reason: '',
    found: {},
    detail: { steps: {}, unknown: { clock: 'no answer' } },
  };
  const [finding] = preflight(facts([readHostFacts('a', report)!]));
  assert.equal(finding!.code, 'CAL1020');
  assert.equal(finding!.severity, 'informs');
  assert.equal(finding!.what, 'Could not be seen there: clock (no answer)');
});

test('an upgrade is judged before it is made', () => {
  const upgrade = (change: Partial<Facts>, options?: (options: Options) => void) =>
    found({ ...facts([], options), ...change });
  assert.deepEqual(upgrade({ forDcos: '2.1' }), ['CAL1046 stops']);
  const without = { dcosVersion: '2.1.2', nativeCalico: { value: { on: [], asked: 3 } } };
  assert.deepEqual(upgrade({ ...without, forDcos: '2.2' }), ['CAL1046 informs']);
  assert.deepEqual(upgrade({ forDcos: '2.0.6' }), ['CAL1046 informs']);
  assert.deepEqual(upgrade({ forDocker: '23.0' }), ['CAL1047 stops']);
  assert.deepEqual(upgrade({ forDocker: '20.10.24' }), ['CAL1047 informs']);
  const off = (options: Options) => {
    options.docker.enable = false;
  };
  assert.deepEqual(upgrade({ forDocker: '27' }, off), ['CAL1047 informs']);
});

test('strict mode warns where no task has shown that it may run as root', () => {
  const strict = { ...facts([]), security: { value: 'strict' } };
  assert.deepEqual(found(strict), ['CAL1019 warns']);
  assert.deepEqual(found({ ...facts([hostFacts('a')]), security: { value: 'strict' } }), []);
});

test('too few blocks of the pool for the agents', () => {
  const blocks = (cidr: string) =>
    found({
      ...facts([], ({ node }) => {
        node['pool-cidr'] = cidr;
      }),
      agents: privateAgents(20),
    });
  assert.deepEqual(blocks('172.20.0.0/20'), []);
  assert.deepEqual(blocks('172.20.0.0/21'), ['CAL1017 warns']);
  assert.deepEqual(blocks('172.20.0.0/22'), ['CAL1017 stops']);
});

test('what stops every plan stops the preflight, whoever waives it', () => {
  const refused = facts([], ({ rollout }) => {
    rollout.ignore = ['CAL1048'];
  });
  const findings = preflight({
    ...refused,
    refusal: { what: 'Locked', why: 'by somebody', remedy: ['Wait.'] },
  });
  assert.equal(findings[0]!.what, 'Locked: by somebody');
  assert.ok(stops(findings));
});

test('a report of any shape is read without an error, and judged', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (found, steps) => {
      const host = readHostFacts('a', {
        state: 'drifted',
        reason: '',
        found,
        detail: { steps, unknown: found },
      });
      assert.ok(host);
      preflight(facts([host]));
    }),
  );
  assert.equal(readHostFacts('a', null), undefined);
  assert.equal(readHostFacts('a', []), undefined);
});

test('agents that have Calico from a group that was deleted are told, and those of an installed one are not', () => {
  const ready = { state: 'ready', reason: '', would: [], needs: [] };
  const left = hostFacts('a', {}, { cni: ready, node: ready });
  const one = facts([left, hostFacts('b')]);
  assert.deepEqual(found(one), ['CAL1049 warns a']);
  assert.match(preflight(one)[0]!.what, /\(cni, node\)/);
  assert.deepEqual(found({ ...one, installed: true }), []);
  const taken = hostFacts('a', {}, { docker: ready, node: ready });
  assert.deepEqual(found(facts([taken])), []);
});
