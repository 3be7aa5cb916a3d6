// The apps of the test of the network: as Marathon takes them, small enough for Mesos, in the languages that an agent has.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { defaultOptions } from '../../src/options/defaults.ts';
import {
  askApp,
  type ConnectivityApp,
  type ConnectivityRequest,
  guardApp,
  keeperApp,
  serveApp,
} from '../../src/steps/connectivity/definition.ts';
import { guardResources, openResources } from '../../src/steps/connectivity/resources.ts';

const folder = mkdtempSync(join(tmpdir(), 'connectivity-'));
after(() => rmSync(folder, { recursive: true }));

const REQUEST: ConnectivityRequest = {
  options: defaultOptions(),
  agents: Array.from({ length: 50 }, (_, index) => `10.0.100.${100 + index}`),
  keeper: '10.0.100.100',
  kinds: ['mesos', 'docker'],
  image: 'quay.io/calico/node:v2.6.12',
  asked: '2026-11-24T03:00:00.000Z',
  until: 1_800_000_000_000,
  carrier: 'check',
  marathonVersion: '1.9.136',
};
const TARGETS = REQUEST.agents.flatMap((agent) =>
  Array.from({ length: 4 }, () => `${agent}|${agent}/docker|192.168.100.200:9797`),
);
const APPS = (request = REQUEST): ConnectivityApp[] => [
  keeperApp(request),
  guardApp(request),
  ...request.kinds.flatMap((kind) => [serveApp(kind, request), askApp(kind, request, TARGETS)]),
];

test('containers name their network as their Marathon knows it, and no ports of the agent', () => {
  const modern = serveApp('mesos', REQUEST);
  assert.deepEqual(modern.networks, [
    { mode: 'container', name: 'calico', labels: { 'dcos-calico-connectivity': 'mesos' } },
  ]);
  assert.equal('portDefinitions' in modern, false);
  assert.equal('ipAddress' in modern, false);
  assert.equal('container' in modern, false);
  const docker = askApp('docker', REQUEST, TARGETS);
  assert.deepEqual(docker.networks, [{ mode: 'container', name: 'dcos-calico-connectivity' }]);
  assert.deepEqual(docker.container, {
    type: 'DOCKER',
    docker: { image: 'quay.io/calico/node:v2.6.12', forcePullImage: false },
  });
  const old = serveApp('docker', { ...REQUEST, marathonVersion: '1.4.12' });
  assert.deepEqual(old.ipAddress, { networkName: 'dcos-calico-connectivity' });
  assert.equal(old.container!.docker.network, 'USER');
  assert.equal('networks' in old, false);
  assert.deepEqual(serveApp('mesos', { ...REQUEST, marathonVersion: '1.4.12' }).ipAddress, {
    networkName: 'calico',
    labels: { 'dcos-calico-connectivity': 'mesos' },
  });
});

test('one task on each agent that takes part, on no other; the keeper on one', () => {
  for (const { constraints, instances } of [serveApp('mesos', REQUEST), askApp('docker', REQUEST, [])]) {
    assert.equal(instances, 50);
    assert.deepEqual(constraints[0], ['hostname', 'UNIQUE']);
    const pattern = new RegExp(`^(?:${constraints[1]![2]})$`);
    assert.ok(REQUEST.agents.every((host) => pattern.test(host)));
    assert.equal(pattern.test('10.0.101.100'), false);
  }
  assert.deepEqual(keeperApp(REQUEST).constraints, [['hostname', 'LIKE', '10\\.0\\.100\\.100']]);
});

test('with as many agents as may take part Mesos takes the command and its environment as one argument', () => {
  for (const { cmd, env, id } of APPS()) {
    const size = Buffer.byteLength(JSON.stringify(cmd)) + 2 * Buffer.byteLength(JSON.stringify(env));
    assert.ok(size <= 64 * 1024, `${id}: ${size}`);
  }
});

test('policies concern the containers of the test alone, and the guard comes before what it takes back', () => {
  const all = [...openResources(['mesos', 'docker']), ...guardResources(['mesos', 'docker'])] as {
    kind: string;
    metadata: { name: string };
    spec: { selector?: string; order?: number; ingress: unknown[] };
  }[];
  assert.ok(all.every(({ metadata }) => metadata.name.startsWith('dcos-calico-connectivity')));
  for (const { kind, spec } of all)
    if (kind === 'policy') assert.match(spec.selector!, /dcos-calico-connectivity/);
  const order = (name: string) => all.find(({ metadata }) => metadata.name.endsWith(name))!.spec.order!;
  assert.ok(order('guard-mesos') < order('open') && order('guard-docker') < order('open'));
  assert.equal(openResources(['mesos']).length, 1, 'without Docker there is no profile');
  assert.match(JSON.stringify(guardResources(['mesos'])), /deny.*dcos-calico-connectivity == 'mesos'/);
});

const SHELLS = ['sh', 'dash', 'busybox'].filter(
  (shell) =>
    spawnSync(shell === 'busybox' ? 'busybox' : shell, ['-c', 'true']).error === undefined || shell === 'sh',
);

test('the commands are POSIX sh', () => {
  for (const { cmd, id } of APPS()) {
    const file = join(folder, `${id}.sh`);
    writeFileSync(file, cmd);
    for (const shell of SHELLS)
      execFileSync(shell, shell === 'busybox' ? ['sh', '-n', file] : ['-n', file], { stdio: 'pipe' });
    const found = spawnSync('shellcheck', ['-s', 'sh', '-e', 'SC2317,SC2329', file], { encoding: 'utf8' });
    if (!found.error) assert.equal(found.status, 0, `${id}\n${found.stdout}`);
  }
});

test('who asks keeps the last whole round: its own targets alone, each with its code and words', async () => {
  const bin = join(folder, 'bin');
  execFileSync('mkdir', ['-p', bin]);
  const curl = [
    '#!/bin/sh',
    'while [ $# -gt 1 ]; do case $1 in -o) out=$2 ;; --url) url=$2 ;; esac; shift; done',
    'case $url in',
    '  *1.1.1.1*) printf 10.0.1.12/mesos >"$out" ;;',
    '  *) [ -n "$1" ] && url=$1; echo \'curl: (28) timed out\' >&2; exit 28 ;;',
    'esac',
  ].join('\n');
  writeFileSync(join(bin, 'curl'), curl, { mode: 0o755 });
  writeFileSync(join(bin, 'sleep'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  for (const shell of SHELLS) {
    const sandbox = mkdtempSync(join(folder, 'sandbox-'));
    // Ends after one round: what pauses ends it.
    const script = askApp('docker', REQUEST, []).cmd.replace('  sleep 1\ndone', '  exit 0\ndone');
    const args = shell === 'busybox' ? ['sh', '-c', script] : ['-c', script];
    execFileSync(shell, args, {
      env: {
        PATH: `${bin}:${process.env.PATH}`,
        HOST: '10.0.1.11',
        MESOS_SANDBOX: sandbox,
        DCOS_CALICO_TARGETS:
          '10.0.1.11|10.0.1.12/mesos|1.1.1.1:9797 10.0.1.12|10.0.1.11/mesos|2.2.2.2:9797 10.0.1.11|10.0.1.12/docker|3.3.3.3:9797',
      },
    });
    const answers = readFileSync(join(sandbox, 'answers'), 'utf8').trimEnd().split('\n');
    assert.deepEqual(
      answers.map((line) => line.trim()),
      ['10.0.1.12/mesos 0 10.0.1.12/mesos', '10.0.1.12/docker 28 curl: (28) timed out', 'round 1'],
      shell,
    );
  }
});
