// The apps as they are put, held against the recordings of the real Marathons.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { AppDefinition, MarathonApp } from '../../src/dcos/types.ts';
import {
  appDefinition,
  appDifferences,
  carrierOf,
  optionsDefinition,
  readOptionsApp,
  turnDefinition,
} from '../../src/steps/app-definition.ts';
import { STEPS, stepNamed } from '../../src/steps/registry.ts';
import { largestOptions, optionsWith } from './options.ts';

const recordings = join(dirname(dirname(fileURLToPath(import.meta.url))), 'conformance/recordings');

interface Recording {
  request: { body: { apps: AppDefinition[] } };
  response: { body: { app?: MarathonApp; apps?: MarathonApp[] } };
}

function recording(path: string): Recording {
  return JSON.parse(readFileSync(join(recordings, path), 'utf8')) as Recording;
}

const FORMS = [
  { file: 'marathon-1.11.24/015-install.json', marathonVersion: '1.11.24' },
  { file: 'marathon-1.7.216/009-install.json', marathonVersion: '1.7.216' },
] as const;

/** Ours, with what the recorded stand-in steps had in the place of script, options, reservation and port. */
function recordedForm(ours: AppDefinition, recorded: AppDefinition): unknown {
  const { requirePorts, ...rest } = ours;
  return {
    ...rest,
    ...(recorded.requirePorts ? { requirePorts } : { portDefinitions: recorded.portDefinitions }),
    cmd: recorded.cmd,
    env: recorded.env,
    cpus: recorded.cpus,
    mem: recorded.mem,
    constraints: ours.constraints.filter(([field]) => field === 'hostname'),
  };
}

for (const { file, marathonVersion } of FORMS) {
  test(`the apps have the form that Marathon ${marathonVersion} took`, () => {
    for (const recorded of recording(file).request.body.apps) {
      const ours =
        recorded.id === 'options'
          ? optionsDefinition({
              options: optionsWith(),
              who: 'a',
              when: 'b',
              command: 'c',
              message: 'd',
              owed: [],
              marathonVersion,
            })
          : appDefinition(stepNamed(recorded.id as 'docker'), optionsWith(), {
              mode: 'present',
              instances: recorded.instances,
              carrier: carrierOf(marathonVersion),
              marathonVersion,
              exclude: [],
            });
      assert.deepEqual(recordedForm(ours, recorded), recorded);
    }
  });
}

test('what Marathon adds of its own is no difference', () => {
  const installs = [
    ['marathon-1.11.24/015-install.json', 'marathon-1.11.24/030-group-all-ready.json'],
    ['marathon-1.7.216/009-install.json', 'marathon-1.7.216/016-group-all-ready.json'],
  ] as const;
  for (const [put, read] of installs) {
    const apps = recording(read).response.body.apps!;
    assert.ok(apps.length >= 6);
    for (const wanted of recording(put).request.body.apps) {
      const app = apps.find(({ id }) => id === `/calico/${wanted.id}`)!;
      assert.deepEqual(appDifferences(app, wanted), [], wanted.id);
    }
  }
});

test('a field changed by hand is named', () => {
  const wanted = recording('marathon-1.11.24/015-install.json').request.body.apps.find(
    ({ id }) => id === 'node',
  )!;
  const read = recording('marathon-1.11.24/032-app-all-ready.json').response.body.app!;
  const edited = {
    ...read,
    instances: 17,
    labels: { mine: 'x' },
    env: { ...read.env, GEN: '2', EXTRA: '1' },
    constraints: [],
    container: { type: 'MESOS' },
    healthChecks: [{ ...read.healthChecks[0]!, intervalSeconds: 61 }],
  };
  assert.deepEqual(
    appDifferences(edited, wanted).map(({ field }) => field),
    ['constraints', 'container', 'env.EXTRA', 'env.GEN', 'healthChecks', 'labels'],
  );
  const { check: _, ...unchecked } = read;
  assert.deepEqual(
    appDifferences(unchecked, wanted).map(({ field }) => field),
    ['check'],
  );
  // Marathon keeps constraints as a set.
  const two = {
    ...wanted,
    constraints: [...wanted.constraints, ['os', 'UNLIKE', 'w'] as const],
  } as AppDefinition;
  const turned = { ...read, constraints: [['os', 'UNLIKE', 'w'], ...read.constraints] } as MarathonApp;
  assert.deepEqual(appDifferences(turned, two), []);
});

test('which carrier and which role follow from the version alone', () => {
  const request = { mode: 'present', instances: 1, exclude: [] } as const;
  const forms = ['1.4.12', '1.7.216', '1.8.242', '1.9.136', '1.11.24', '2.0.1', '1.10.17-SNAPSHOT-abc'].map(
    (marathonVersion) => {
      const app = appDefinition(stepNamed('cni'), optionsWith(), {
        ...request,
        carrier: carrierOf(marathonVersion),
        marathonVersion,
      });
      return [marathonVersion, app.role, app.check?.exec.command.shell, app.healthChecks[0]!.command.value];
    },
  );
  assert.deepEqual(forms, [
    ['1.4.12', undefined, undefined, 'sh ./health'],
    ['1.7.216', undefined, undefined, 'sh ./health'],
    ['1.8.242', undefined, 'sh ./health', 'true'],
    ['1.9.136', 'slave_public', 'sh ./health', 'true'],
    ['1.11.24', 'slave_public', 'sh ./health', 'true'],
    ['2.0.1', 'slave_public', 'sh ./health', 'true'],
    ['1.10.17-SNAPSHOT-abc', 'slave_public', 'sh ./health', 'true'],
  ]);
});

test('only named agents have a turn, whatever their names look like', () => {
  const turn = turnDefinition({
    agents: ['10.0.1.13', 'a+b.example'],
    allows: 'restart',
    until: '2026-11-24T20:00:00.000Z',
    settleSeconds: 60,
    steps: [
      { name: 'docker', version: '2026-11-24T03:54:09.383Z' },
      { name: 'node', version: '2026-11-24T03:54:10.000Z' },
    ],
    carrier: 'check',
    marathonVersion: '1.11.24',
  });
  const pattern = turn.constraints.find(([, operator]) => operator === 'LIKE')![2]!;
  const matches = (name: string) => new RegExp(`^(?:${pattern})$`).test(name);
  assert.ok(matches('10.0.1.13') && matches('a+b.example'));
  assert.ok(!matches('10.0.1.130') && !matches('10x0.1.13') && !matches('aab.example'));
  assert.equal(turn.id, '/calico/ops/turn');
  assert.equal(turn.instances, 2);
  assert.equal(
    turn.env.DCOS_CALICO_TURN_STEPS,
    'docker=2026-11-24T03:54:09.383Z node=2026-11-24T03:54:10.000Z',
  );
});

test('excluded agents and Windows agents get no task', () => {
  const app = appDefinition(stepNamed('docker'), optionsWith(), {
    mode: 'present',
    instances: 1,
    carrier: 'check',
    marathonVersion: '1.9.136',
    exclude: ['10.0.1.9', '10.0.1.2'],
  });
  assert.deepEqual(app.constraints, [
    ['hostname', 'UNIQUE'],
    ['os', 'UNLIKE', '(?i).*windows.*'],
    ['hostname', 'UNLIKE', '10\\.0\\.1\\.2|10\\.0\\.1\\.9'],
  ]);
});

test('an option of one step changes no other app', () => {
  const apps = (options = optionsWith()) =>
    Object.fromEntries(
      STEPS.map((step) => [
        step.name,
        JSON.stringify([step.environment(options, 'present'), step.resources(options)]),
      ]),
    );
  const before = apps();
  const touched = (after: Record<string, string>) =>
    Object.keys(after).filter((name) => after[name] !== before[name]);
  assert.deepEqual(touched(apps(optionsWith({ node: { 'pool-cidr': '10.9.0.0/16', 'cpu-limit': 1 } }))), [
    'node',
  ]);
  assert.deepEqual(touched(apps(optionsWith({ docker: { 'replace-cluster-store': true } }))), ['docker']);
  assert.deepEqual(touched(apps(optionsWith({ cni: { 'network-name': 'other' } }))), ['cni']);
  assert.deepEqual(touched(apps(optionsWith({ libnetwork: { 'mem-limit': 300 } }))), ['libnetwork']);
  assert.deepEqual(touched(apps(optionsWith({ etcd: { 'proxy-endpoints': ['http://10.0.0.5:2379'] } }))), [
    'etcd-proxy',
  ]);
  assert.deepEqual(touched(apps(optionsWith({ rollout: { 'settle-seconds': 1 } }))), []);
});

test('the script is the same for all options, and no environment names the root of a host', () => {
  for (const step of STEPS) {
    for (const options of [optionsWith(), largestOptions()]) {
      assert.ok(!('DCOS_CALICO_ROOT' in step.environment(options, 'present')));
      for (const name of Object.keys(step.environment(options, 'absent')))
        assert.match(name, /^DCOS_CALICO_[A-Z0-9_]+$/);
    }
  }
});

test('command and environment fit into one argument of the executor, with the largest options there are', () => {
  const options = largestOptions();
  for (const step of STEPS) {
    const app = appDefinition(step, options, {
      mode: 'present',
      instances: 5000,
      carrier: 'check',
      marathonVersion: '1.11.24',
      exclude: [],
    });
    const size = Buffer.byteLength(JSON.stringify(app.cmd)) + 2 * Buffer.byteLength(JSON.stringify(app.env));
    assert.ok(size <= 64 * 1024, `${step.name}: ${size} bytes`);
    assert.ok(size > 20_000, `${step.name}: the largest options are not large (${size} bytes)`);
  }
});

test('the options app gives back what was put', () => {
  const installed = {
    options: optionsWith({ node: { 'pool-cidr': '10.1.0.0/16' } }),
    who: 'bootstrapuser',
    when: '2026-11-24T03:54:09.383Z',
    command: 'install --options calico.json',
    message: 'quotes " and\nlines, $(date), ü',
    owed: ['10.0.1.11', '10.0.2.20'],
  };
  const app = optionsDefinition({ ...installed, marathonVersion: '1.9.136' });
  assert.equal(app.instances, 0);
  assert.deepEqual(readOptionsApp(JSON.parse(JSON.stringify(app))), installed);
  for (const broken of ['', '{', '[]', 'null', '"x"', '{}', '{"node":{}}']) {
    assert.equal(readOptionsApp({ env: { DCOS_CALICO_OPTIONS: broken } }), undefined);
  }
  assert.equal(readOptionsApp({ env: {} }), undefined);
});

test('options that an earlier version has written are completed, damaged ones are none', () => {
  const read = (options: object) =>
    readOptionsApp({ env: { DCOS_CALICO_OPTIONS: JSON.stringify(options) } })?.options;
  const { 'as-number': _, ...node } = optionsWith({}).node;
  const earlier = { ...optionsWith({}), node: { ...node, 'of-a-later-version': 1 } };
  assert.deepEqual(read(earlier), {
    ...optionsWith({}),
    node: { ...optionsWith({}).node, 'of-a-later-version': 1 },
  });
  for (const section of Object.keys(optionsWith({})))
    assert.equal(read({ ...optionsWith({}), [section]: undefined }), undefined, section);
  assert.equal(read({ ...optionsWith({}), artifacts: { etcd: 'gone' } }), undefined);
  assert.equal(read({ ...optionsWith({}), rollout: { exclude: '10.0.1.11' } }), undefined);
});
