// The preflight's program, as it runs on a host: what it tells, and that it changes nothing.
import assert from 'node:assert/strict';
import { existsSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { type HostFacts, readHostFacts } from '../../src/checks/host-facts.ts';
import { argumentSize } from '../../src/lab/mesos/executor.ts';
import type { Options } from '../../src/options/types.ts';
import { preflightDefinition, preflightEnvironment } from '../../src/steps/preflight/definition.ts';
import { partsOf, sharedParts, take } from '../../src/steps/preflight/parts.ts';
import { preflightProgram } from '../../src/steps/preflight/program.ts';
import type { StepStatus } from '../../src/steps/state.ts';
import { assertSame, type Bench, type HostOptions, onHost } from './bench.ts';
import { largestOptions, optionsWith } from './options.ts';

const CMD = preflightProgram();

async function asked(bench: Bench, options: Options): Promise<{ status: StepStatus; facts: HostFacts }> {
  const before = bench.picture();
  const ran = existsSync(bench.host.path('/run/dcos-calico'));
  const running = bench.start('preflight', CMD, preflightEnvironment(options));
  const status = await running.until(() => true);
  assert.equal(running.file('stderr'), '');
  await running.stop();
  assertSame(bench.picture(), before);
  assert.equal(existsSync(bench.host.path('/run/dcos-calico')), ran, 'nothing is left below /run either');
  return { status, facts: readHostFacts('10.0.1.11', status)! };
}

const ask = (host: HostOptions, options = optionsWith()) =>
  new Promise<{ status: StepStatus; facts: HostFacts }>((resolve, reject) => {
    onHost(host, async (bench) => resolve(await asked(bench, options))).catch(reject);
  });

test('on a host as it should be: each step says what it would do, and nothing is changed', async () => {
  const { status, facts } = await ask({});
  assert.equal(status.state, 'ready');
  assert.deepEqual(facts.unknown, {});
  assert.deepEqual(
    Object.entries(facts.steps).map(([step, { state, reason }]) => [step, state, reason]),
    ['etcd-proxy', 'docker', 'cni', 'libnetwork', 'node'].map((step) => [step, 'waiting for turn', '']),
  );
  assert.deepEqual(facts.steps.docker?.would, [
    'write the cluster store into /etc/docker/daemon.json',
    'have Docker reload',
  ]);
  assert.ok(facts.steps.cni?.would.includes('write /opt/mesosphere/active/cni/calico'));
  assert.ok(facts.steps.node?.would.includes('start the container calico-node'));
  assert.deepEqual(facts.docker?.after, {
    'cluster-store': 'etcd://localhost:2379',
    'cluster-advertise': '10.0.1.11:62376',
  });
  assert.deepEqual(facts.networks, ['10.0.1.0/24', '10.0.1.11/24', '172.17.0.1/16']);
});

test('what the steps would stop at they say themselves; values of other keys stay on the host', async () => {
  const { status, facts } = await ask({
    docker: {
      version: '20.10.24',
      daemonJson: { 'cluster-store': 'zk://10.0.0.1:2181', labels: ['secret-of-somebody'] },
      containers: [{ name: 'mesos-web', image: 'nginx' }],
      flags: [],
    },
    portsInUse: { 179: 'bird' },
    kernelModules: ['ip_tables', 'ip_set'],
    freeKilobytes: 100 * 1024,
    files: {
      '/opt/mesosphere/etc/dcos/network/cni/other.conf': '{"name": "calico", "type": "bridge"}',
      '/etc/systemd/system/calico.service': '[Service]\nExecStart=/bin/true\n',
    },
  });
  assert.equal(status.state, 'failed');
  assert.equal(facts.steps.docker?.state, 'failed');
  assert.match(facts.steps.docker!.reason, /already uses zk:\/\/10\.0\.0\.1:2181/);
  assert.equal(facts.steps.cni?.state, 'failed');
  assert.equal(facts.steps.libnetwork?.state, 'waiting for turn');
  assert.deepEqual(facts.docker?.before, { 'cluster-store': 'zk://10.0.0.1:2181' });
  assert.deepEqual(facts.docker?.others, ['labels']);
  assert.ok(!JSON.stringify(status).includes('secret-of-somebody'));
  assert.deepEqual(
    facts.containers.running.map(({ name }) => name),
    ['mesos-web'],
  );
  assert.deepEqual(facts.ports['179'], 'something');
  assert.ok(facts.modulesMissing.includes('xt_set'));
  assert.equal(facts.disk['/opt'], 100);
  assert.deepEqual(facts.cniSameName, ['/opt/mesosphere/etc/dcos/network/cni/other.conf']);
  assert.deepEqual(facts.earlier.units, ['calico.service']);
});

test('Docker that is not there, a bus that does not answer, a file that is no JSON: each is told', async () => {
  const without = await ask({ docker: { state: 'absent' } });
  assert.equal(without.facts.docker?.answers, false);
  assert.match(without.facts.docker!.why, /Docker is not installed/);
  const silent = await ask({
    systemd: { busctl: false, dbusSend: false, version: 219 },
    docker: { daemonJson: '{"debug": tru' },
  });
  assert.match(silent.facts.bus, /systemd does not answer on the system bus/);
  assert.equal(silent.facts.systemdVersion, 219);
  await onHost({}, async (bench) => {
    // Broken before it started, Docker would not run at all.
    await bench.host.write('/etc/docker/daemon.json', '{"debug": tru');
    const { facts } = await asked(bench, optionsWith());
    assert.equal(facts.docker?.valid, false);
    assert.match(facts.steps.docker!.reason, /not valid JSON/);
  });
});

test('modules of a kernel that is not on the disk are not known, and not missing', async () => {
  await onHost({ kernelModules: ['ip_set'] }, async (bench) => {
    rmSync(bench.host.path('/lib/modules'), { recursive: true });
    const { facts } = await asked(bench, optionsWith());
    assert.deepEqual(facts.modulesMissing, []);
    assert.match(facts.unknown.kernel!, /there is no \/lib\/modules/);
  });
});

test('what the clock could not be held against is said in words', async () => {
  await onHost({ network: { routes: {} } }, async (bench) => {
    const { facts } = await asked(bench, optionsWith());
    assert.ok(Math.abs(facts.clock ?? Number.NaN) < 60, 'Mesos-DNS of the lab dates its answers');
  });
  await onHost({ network: { routes: { 'leader.mesos:8123': 'http://127.0.0.1:1' } } }, async (bench) => {
    const { facts } = await asked(bench, optionsWith());
    assert.match(facts.unknown.clock!, /^the master does not answer: curl: \(7\)/);
  });
});

test('after an install there is nothing that a step would do', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn();
    const options = optionsWith();
    for (const step of ['etcd-proxy', 'docker', 'cni', 'libnetwork'] as const)
      await bench.bring(step, { options });
    await bench.endTurn();
    const { facts } = await asked(bench, options);
    const { node: _, ...others } = facts.steps;
    assert.deepEqual(
      Object.values(others).map(({ state }) => state),
      ['ready', 'ready', 'ready', 'ready'],
    );
    assert.deepEqual(facts.earlier, { containers: [], units: [], files: [], kernel: [] });
    // The store of earlier options is this program's own: a change of it needs a restart, and nobody's leave.
    const direct = optionsWith({ etcd: { 'run-proxy': false, 'etcd-endpoints': 'http://10.0.0.11:2379' } });
    const changed = (await asked(bench, direct)).facts;
    assert.deepEqual(changed.docker?.own, ['etcd://localhost:2379']);
    assert.equal(changed.steps.docker?.state, 'waiting for turn');
  });
});

test('without the Python of DC/OS it says so', async () => {
  await onHost({}, async (bench) => {
    rmSync(bench.host.path('/opt/mesosphere/bin/python3'));
    const running = bench.start('preflight', CMD, preflightEnvironment(optionsWith()));
    const status = await running.until('failed');
    assert.match(readHostFacts('a', status)!.failure, /python3, is missing/);
    await running.stop();
  });
});

test('its app fits into what Mesos hands to a task, with the largest options', () => {
  const definition = preflightDefinition({
    options: largestOptions(),
    hosts: ['10.0.1.11'],
    others: ['10.0.1.12', '10.0.1.13'],
    asked: '2026-11-24T03:00:00.000Z',
    carrier: 'check',
    marathonVersion: '1.11.24',
  });
  const size = argumentSize({ cmd: definition.cmd, env: definition.env } as Parameters<
    typeof argumentSize
  >[0]);
  // Mesos takes 125 KiB; what is left is for variables of Mesos' and Marathon's own.
  assert.ok(size < 118 * 1024, `${size}`);
  assert.deepEqual(definition.constraints, [
    ['hostname', 'UNIQUE'],
    ['os', 'UNLIKE', '(?i).*windows.*'],
    ['hostname', 'LIKE', '10\\.0\\.1\\.11'],
  ]);
});

test('most agents are named by those that are not asked; no step reads an option of another', () => {
  const request = {
    options: optionsWith(),
    asked: '',
    carrier: 'check' as const,
    marathonVersion: '1.7.216',
  };
  const most = preflightDefinition({ ...request, hosts: ['a', 'b'], others: ['c'] });
  assert.deepEqual(most.constraints.at(-1), ['hostname', 'UNLIKE', 'c']);
  assert.equal(preflightDefinition({ ...request, hosts: ['a'], others: [] }).constraints.length, 2);
  const { env } = most;
  assert.equal(env.DCOS_CALICO_IMAGE, undefined);
  assert.notEqual(env.DCOS_CALICO_IMAGE_OF_NODE, env.DCOS_CALICO_IMAGE_OF_LIBNETWORK);
});

test('parts of a program are taken with what they need, and nothing else', () => {
  const parts = partsOf(`# about
A = 1
B, C = 2, 3


# what f does
def f():
    """not g"""
    return A + h()


def g():
    return f() + C


def h():
    return {
        'x': 1,
    }
`);
  assert.deepEqual(
    parts.map(({ names }) => names),
    [['A'], ['B', 'C'], ['f'], ['g'], ['h']],
  );
  assert.equal(
    take(parts, ['f'], new Set()).text,
    `# about
A = 1

# what f does
def f():
    """not g"""
    return A + h()

def h():
    return {
        'x': 1,
    }
`,
  );
  const without = take(parts, ['g'], new Set(['h']));
  assert.ok(!without.text.includes('def h'));
  assert.ok(without.needs.has('h'));
});

test('what is the same in two programs is shared, but for what means something else in each', () => {
  const common = 'def ask():\n    return 1\n\nUNIT = name(STEP)\n\ndef both():\n    return mine()\n';
  const programs = ['def mine():\n    return 1\n', 'def mine():\n    return 2\n'].map((own) =>
    partsOf(`${common}\n${own}`),
  );
  assert.deepEqual([...sharedParts(programs)], ['def ask():\n    return 1']);
});
