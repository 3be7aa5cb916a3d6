// The operator's first hour on a cluster with surprises, command by command as they are typed: preflight → configure → diff → install
// → status → logs. The built program against a sandbox lab, whose agents really run the scripts.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { buildBundle } from '../status/bundle.ts';

const bundle = buildBundle();
const folder = mkdtempSync(join(tmpdir(), 'first-hour-'));
after(() => {
  bundle.remove();
  rmSync(folder, { recursive: true });
});

const STORE = 'zk://10.0.0.1:2181';
const GOOD = '10.0.1.11';
const OTHER_STORE = '10.0.1.13';
const FULL = '10.0.1.14';
const TOO_NEW = '10.0.1.15';
const BROKEN = '10.0.1.16';
const PUBLIC = '10.1.2.20';

const AGENTS = [
  { host: GOOD, public: false },
  {
    host: OTHER_STORE,
    public: false,
    machine: {
      docker: {
        daemonJson: { 'cluster-store': STORE, 'cluster-advertise': `${OTHER_STORE}:2376` },
        containers: [{ name: 'mesos-db', image: 'postgres:9' }],
      },
    },
  },
  { host: FULL, public: false, cpus: 0.01 },
  { host: TOO_NEW, public: false, machine: { docker: { version: '23.0.6' } } },
  { host: BROKEN, public: false },
  { host: PUBLIC, public: true },
];

interface Finding {
  code: string;
  severity: string;
  what: string;
  agents: string[];
}

const daemonJson = (lab: Lab, host: string) => join(lab.hostRoot(host), 'etc/docker/daemon.json');

function marathon(lab: Lab, method: string, path: string, body?: object) {
  return fetch(`${lab.url}/service/marathon/v2${path}`, {
    method,
    headers: { Authorization: `token=${lab.token}`, 'Content-Type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
}

suite('the first hour', { concurrency: true }, () => {
  test('on a cluster with surprises', async () => {
    const lab = await startLab({ grade: 'sandbox', agents: AGENTS, seed: 11, speed: 5 });
    try {
      const run = (...args: string[]) => bundle.run(lab.url, args, undefined, lab.token);
      const json = async (...args: string[]) => {
        const { code, stdout } = await run(...args, '--json');
        return { code, document: JSON.parse(stdout) };
      };
      // Docker runs with what it read; the file was broken since.
      writeFileSync(daemonJson(lab, BROKEN), '{"debug": tru');
      const labels = { DCOS_PACKAGE_NAME: 'calico', DCOS_PACKAGE_VERSION: '0.4.0' };
      await marathon(lab, 'PUT', '/apps/calico-install-framework', {
        cmd: 'sleep 10000',
        instances: 0,
        cpus: 0.1,
        mem: 32,
        labels,
      });

      const expired = await bundle.run(lab.url, ['preflight'], undefined, 'a-token-that-is-over');
      assert.equal(expired.code, 1);
      assert.match(expired.stderr, /dcos auth login/);

      const first = await json('preflight');
      assert.equal(first.code, 8);
      assert.doesNotMatch(JSON.stringify(first.document), /CAL1020/, 'every agent told all');
      const stopping = (findings: Finding[]) =>
        findings.filter(({ severity }) => severity === 'stops').map(({ code, agents }) => [code, ...agents]);
      assert.deepEqual(stopping(first.document.findings), [
        ['CAL1003'],
        ['CAL1026', TOO_NEW],
        ['CAL1027', OTHER_STORE],
        ['CAL1028', BROKEN],
      ]);
      const full = first.document.findings.find(({ code }: Finding) => code === 'CAL1007');
      assert.deepEqual(full.agents, [FULL]);
      assert.equal(
        (await marathon(lab, 'GET', '/groups/calico')).status,
        404,
        'nothing of the preflight stays',
      );

      // The framework goes; one agent is left alone, the other two are to be seen to later.
      await marathon(lab, 'DELETE', '/apps/calico-install-framework');
      const options = join(folder, 'calico.json');
      const configured = await run(
        'configure',
        '--yes',
        '--options',
        options,
        '--pool',
        '172.20.0.0/16',
        '--set',
        `rollout.exclude=["${TOO_NEW}"]`,
      );
      assert.equal(configured.code, 0, configured.stdout + configured.stderr);
      assert.ok(existsSync(options));
      const ignore = ['--ignore', 'CAL1027,CAL1028'];
      const plan = join(folder, 'plan.json');
      const diff = await run('diff', '--options', options, ...ignore, '--out', plan);
      assert.equal(diff.code, 7, diff.stderr);
      assert.match(diff.stdout, /^2 agents: 10\.0\.1\.11, 10\.1\.2\.20$/m);
      assert.match(
        diff.stdout,
        /Docker {7}would stop: Docker already uses zk:\/\/10\.0\.0\.1:2181 as its store/,
      );
      assert.match(diff.stdout, /^ {4}\+ "cluster-store": "etcd:\/\/localhost:2379"$/m);
      assert.match(diff.stdout, /^\d+ tasks started, 0 replaced; 0 units restarted; 4 agents changed$/m);

      const installed = await json('install', '--plan', plan, '--yes');
      assert.equal(installed.code, 3, JSON.stringify(installed.document));
      assert.equal(installed.document.result.totals.ready, 2);
      assert.deepEqual(
        installed.document.plan.waves.map(
          ({ kind, agents }: { kind: string; agents: { host: string }[] }) => [
            kind,
            agents.map(({ host }) => host),
          ],
        ),
        [
          ['canary', [GOOD, PUBLIC]],
          ['retry', [OTHER_STORE, BROKEN]],
        ],
      );
      assert.equal(
        readFileSync(daemonJson(lab, BROKEN), 'utf8'),
        '{"debug": tru',
        'a broken file is left as it is',
      );
      assert.equal(JSON.parse(readFileSync(daemonJson(lab, OTHER_STORE), 'utf8'))['cluster-store'], STORE);
      assert.equal(
        JSON.parse(readFileSync(daemonJson(lab, GOOD), 'utf8'))['cluster-store'],
        'etcd://localhost:2379',
      );

      const status = await run('status');
      assert.match(
        status.stdout,
        new RegExp(`^${OTHER_STORE.replaceAll('.', '\\.')} .* failed: Docker already uses ${STORE}`, 'm'),
      );
      assert.match(status.stdout, /^10\.0\.1\.15 .* excluded$/m);
      assert.match(status.stdout, /^10\.0\.1\.11 .* ready$/m);

      const logs = await run('logs', OTHER_STORE, 'docker');
      assert.equal(logs.code, 0, logs.stderr);
      assert.match(logs.stdout, new RegExp(`docker: failed: Docker already uses ${STORE} as its store`));
    } finally {
      await lab.stop();
    }
  });

  test('on DC/OS 2.1, which has a Calico of its own: told before anything is asked of an agent', async () => {
    const lab = await startLab({ dcos: '2.1', agents: { private: 2, public: 1 } });
    try {
      for (const command of [['preflight'], ['diff'], ['install', '--yes']]) {
        const { code, stdout, stderr } = await bundle.run(lab.url, command, undefined, lab.token);
        assert.equal(code, 8, stderr);
        assert.match(stdout, /^stops {2}CAL1001 {2}DC\/OS 2\.1\.\d runs its own Calico on every agent/m);
        assert.doesNotMatch(stderr, /Asking/);
        assert.doesNotMatch(stdout, /note {3}CAL|On each agent/);
      }
      const status = await bundle.run(lab.url, ['status'], undefined, lab.token);
      assert.match(status.stderr, /^Next: dcos calico preflight$/m);
    } finally {
      await lab.stop();
    }
  });
});
