// A cluster's life as its operator lives it, command by command: adopt what the Universe package left → change options → upgrade with a
// failing agent → skip → pause → resume → undo → repair → uninstall. The built program against a sandbox lab, whose agents really run the
// scripts; the hosts are compared at each station, and a container of somebody's runs through all of it.
import assert from 'node:assert/strict';
import { appendFileSync } from 'node:fs';
import { after, suite, test } from 'node:test';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import type { Host } from '../../src/lab/sandbox/host.ts';
import type { SandboxRunner } from '../../src/lab/sandbox/runner.ts';
import { differing, type Picture, pictureOf } from '../rollout/host-picture.ts';
import { buildBundle } from '../status/bundle.ts';

const bundle = buildBundle();
after(() => bundle.remove());

const [FIRST, BROKEN, PUBLIC] = ['10.0.1.11', '10.0.1.12', '10.1.2.20'] as const;
const CNI = '/opt/mesosphere/etc/dcos/network/cni/calico.cni';
/** An agent as the framework of the Universe package 0.4 leaves it, with an app's container. */
const AGENTS = [FIRST, BROKEN, PUBLIC].map((host) => ({
  host,
  public: host === PUBLIC,
  machine: {
    docker: {
      daemonJson: {
        debug: false,
        'cluster-store': 'etcd://localhost:2379',
        'cluster-advertise': `${host}:62376`,
      },
      containers: [
        {
          name: 'calico-node',
          image: 'calico/node:v1.0.0',
          env: [
            'FELIX_IGNORELOOSERPF=true',
            'CALICO_LIBNETWORK_ENABLED=true',
            `IP=${host}`,
            `HOSTNAME=ip-${host.replaceAll('.', '-')}`,
            'ETCD_ENDPOINTS=http://localhost:2379',
            'ETCD_SCHEME=http',
          ],
          binds: ['/var/run/calico:/var/run/calico', '/run/docker/plugins:/run/docker/plugins'],
        },
        { name: 'web', image: 'nginx:1.27' },
      ],
    },
    files: {
      [CNI]: '{"name": "calico", "cniVersion": "0.1.0", "type": "calico", "ipam": {"type": "calico-ipam"}}\n',
    },
  },
}));
const NEWER = 'quay.io/calico/node:v2.6.99';

const hostsOf = (lab: Lab): Host[] => (lab.runner as SandboxRunner).hosts;
const hostOf = (lab: Lab, address: string): Host => hostsOf(lab).find((host) => host.address === address)!;

/** What runs from moment to moment: locks, reports and logs of tasks, and when what was written. */
const FLEETING = /^\/(run\/dcos-calico|var\/log|tmp)(\/|$)/;

function pictures(lab: Lab): Map<string, Picture> {
  return new Map(
    hostsOf(lab).map((host) => [
      host.address,
      Object.fromEntries(Object.entries(pictureOf(host)).filter(([path]) => !FLEETING.test(path))),
    ]),
  );
}

/** The app's container on each host, by what changes when it is started again. */
const web = (lab: Lab) =>
  hostsOf(lab).map(({ machine }) => {
    const { id, started, running } = machine.engine.find('web')!;
    return { id, started, running };
  });

const changedFiles = (found: Map<string, Picture>, before: Map<string, Picture>, host: string) =>
  Object.keys(differing(found.get(host)!, before.get(host)!));

/** What steps keep for themselves: records, artifacts, what was there before. */
const OWN = /^\/var\/lib\/dcos-calico(\/|$)/;
/** What a host that is adopted gets, over what it had; its Docker, its store and what runs besides are as they were. */
const GETS = [
  /^\/opt\/dcos-calico(\/|$)/,
  /^\/etc\/systemd\/system\/([a-z-]+\.(service|target)\.wants(\/|$))?(dcos-calico-[a-z-]+\.service)?$/,
  /^\/opt\/mesosphere\/etc\/dcos\/network\/cni\/calico\.cni$/,
  /^\/opt\/mesosphere\/packages\/cni--[0-9a-f]+\/calico(-ipam)?$/,
  /^\/run\/calico(\/|$)/,
  /^\/run\/docker\/plugins\/calico(-ipam)?\.sock$/,
  /^model: (containers|units|kernel)$/,
];

/** The scheduler of the Universe package, as Cosmos starts it. */
async function framework(lab: Lab, method: 'PUT' | 'DELETE'): Promise<void> {
  const app = {
    cmd: 'sleep 1000',
    cpus: 0.01,
    mem: 32,
    instances: 0,
    labels: { DCOS_PACKAGE_NAME: 'calico', DCOS_PACKAGE_VERSION: '0.4.0' },
  };
  const answer = await fetch(`${lab.url}/service/marathon/v2/apps/calico-install-framework`, {
    method,
    headers: { authorization: `token=${lab.token}`, 'content-type': 'application/json' },
    ...(method === 'PUT' ? { body: JSON.stringify(app) } : {}),
  });
  assert.ok(answer.ok, await answer.text());
}

suite('a life', { concurrency: true }, () => {
  test('on a sandbox lab', async () => {
    const lab = await startLab({ grade: 'sandbox', agents: AGENTS, seed: 5, speed: 8 });
    try {
      const run = async (...args: string[]) => {
        const ran = await bundle.run(lab.url, args, undefined, lab.token);
        return { ...ran, all: ran.stdout + ran.stderr };
      };
      const plan = async () => {
        const { code, stdout } = await run('plan', 'status', '--json');
        return { code, plan: JSON.parse(stdout) };
      };
      const empty = pictures(lab);
      const running = web(lab);
      const undisturbed = (station: string) => assert.deepEqual(web(lab), running, station);

      // The framework itself would go on changing the same agents.
      await framework(lab, 'PUT');
      const refused = await run('install', '--yes', '--api-only');
      assert.equal(refused.code, 8, refused.all);
      assert.match(refused.all, /dcos package uninstall calico/);
      await framework(lab, 'DELETE');
      assert.deepEqual(pictures(lab), empty);

      const pace = ['--set', 'rollout.settle-seconds=1', '--set', 'rollout.max-concurrent=1'];
      const installed = await run('install', '--yes', '--api-only', ...pace);
      assert.equal(installed.code, 0, installed.all);
      undisturbed('adopted');
      for (const host of hostsOf(lab)) {
        assert.match(host.machine.engine.find('calico-node')!.options.image, /^quay\.io\/calico\/node:v2\.6/);
        assert.match((await host.read('/var/lib/dcos-calico/node-name')) ?? '', /^ip-10-/, 'its name stays');
      }
      const complete = await plan();
      assert.deepEqual([complete.code, complete.plan.status, complete.plan.complete], [0, 'COMPLETE', 3]);
      const first = pictures(lab);
      for (const { host } of AGENTS) {
        const files = changedFiles(first, empty, host).filter((path) => !OWN.test(path));
        assert.deepEqual(
          files.filter((path) => !GETS.some((one) => one.test(path))),
          [],
          host,
        );
      }

      // An option of one step: its files change on every host, and nothing else.
      const change = await run(
        'install',
        '--yes',
        '--api-only',
        '--set',
        'node.interface=interface=eth.*',
        '-m',
        'two cards',
      );
      assert.equal(change.code, 0, change.all);
      undisturbed('changed');
      const second = pictures(lab);
      for (const { host } of AGENTS) {
        const files = changedFiles(second, first, host);
        assert.ok(
          files.some((path) => path.endsWith('dcos-calico-node.service')),
          files.join(),
        );
        assert.deepEqual(
          files.filter((path) => /docker\/daemon\.json|cni|libnetwork|etcd-proxy/.test(path)),
          [],
          host,
        );
      }

      // An upgrade that one agent does not take: it stops at the canary, which that agent is.
      hostOf(lab, BROKEN).setFaults({ docker: { [NEWER]: { fail: 1, stderr: 'no space left on device' } } });
      const upgrade = await run(
        'install',
        '--yes',
        '--api-only',
        '--canary',
        BROKEN,
        '--set',
        `node.override-node-image=${NEWER}`,
      );
      assert.equal(upgrade.code, 1, upgrade.all);
      assert.match(upgrade.all, /Stopped: 1 of the canary failed/);
      const stopped = await plan();
      assert.deepEqual([stopped.code, stopped.plan.status], [1, 'ERROR']);
      assert.deepEqual(stopped.plan.next.slice(0, 3), [
        `dcos calico logs ${BROKEN} node`,
        `dcos calico repair --agent ${BROKEN}`,
        `dcos calico plan skip ${BROKEN} -m WHY`,
      ]);
      undisturbed('upgrade failed');
      const third = pictures(lab);
      for (const host of [FIRST, PUBLIC]) assert.deepEqual(changedFiles(third, second, host), [], host);
      // The image is fetched before anything is stopped: what ran there runs on.
      const onBroken = (found: Map<string, Picture>) =>
        changedFiles(found, second, BROKEN).filter((path) => !OWN.test(path));
      assert.deepEqual(onBroken(third), []);

      // On without it; paused from elsewhere in the middle.
      assert.equal((await run('plan', 'skip', BROKEN, '-m', 'its disk is full')).code, 0);
      const going = run('plan', 'resume', '--yes');
      let over = false;
      void going.then(() => (over = true));
      while (!over && (await plan()).plan.status !== 'IN_PROGRESS');
      const pause = await run('plan', 'pause', '-m', 'dashboards look odd');
      assert.equal(pause.code, 0, pause.all);
      assert.match(pause.stdout, /no further agent begins/);
      const paused = await going;
      assert.equal(paused.code, 5, paused.all);
      assert.match(paused.all, /asked for a pause \(dashboards look odd\)/);
      const waiting = await plan();
      assert.deepEqual([waiting.code, waiting.plan.status], [5, 'WAITING']);
      assert.deepEqual(
        waiting.plan.skipped.map(({ host }: { host: string }) => host),
        [BROKEN],
      );
      assert.ok(waiting.plan.complete < 2);
      undisturbed('paused');
      // Who had the turn is whole, the newer one or the one before; who had none is as he was.
      const middle = pictures(lab);
      const newer = [FIRST, PUBLIC].filter((host) => changedFiles(middle, second, host).length > 0);
      assert.ok(newer.length < 2, newer.join());
      assert.deepEqual(onBroken(middle), []);

      const resumed = await run('plan', 'resume', '--yes');
      assert.equal(resumed.code, 3, resumed.all);
      undisturbed('resumed');
      const fourth = pictures(lab);
      for (const host of [FIRST, PUBLIC])
        assert.ok(changedFiles(fourth, second, host).length > 0, `${host} runs the newer one`);
      for (const host of newer) assert.deepEqual(changedFiles(fourth, middle, host), [], `${host} was done`);
      assert.deepEqual(onBroken(fourth), []);

      // Back, on whom the change had reached; on the broken one the version before has been running throughout.
      const undo = await run('plan', 'undo', '--yes');
      assert.equal(undo.code, 0, undo.all);
      assert.match(undo.stderr, /Going back to the options of /);
      hostOf(lab, BROKEN).setFaults({});
      const asSecond = (found: Map<string, Picture>) => {
        for (const { host } of AGENTS) {
          const files = changedFiles(found, second, host);
          assert.deepEqual(
            files.filter((path) => !path.startsWith('/var/lib/dcos-calico')),
            [],
            host,
          );
        }
      };
      undisturbed('undone');
      const undone = pictures(lab);
      asSecond(undone);
      assert.deepEqual((await plan()).plan.skipped, []);

      // Somebody edits a unit: the step says so and waits to be told.
      const unit = hostOf(lab, FIRST).path('/etc/systemd/system/dcos-calico-node.service');
      appendFileSync(unit, '# edited by hand\n');
      let state = '';
      for (let looks = 0; looks < 100 && state !== 'drifted'; looks++) {
        const { agents } = JSON.parse((await run('status', '--json')).stdout);
        state = agents.find(({ address }: { address: string }) => address === FIRST).state;
      }
      assert.equal(state, 'drifted');
      const repair = await run('repair', '--yes', '--agent', FIRST);
      assert.equal(repair.code, 0, repair.all);
      undisturbed('repaired');
      const repaired = pictures(lab);
      asSecond(repaired);
      for (const host of [BROKEN, PUBLIC])
        assert.deepEqual(changedFiles(repaired, undone, host), [], `${host} was not to be repaired`);
      assert.match((await run('install', '--yes')).all, /Nothing to do/);

      const gone = await run('uninstall', '--yes', '--api-only');
      assert.equal(gone.code, 0, gone.all);
      undisturbed('uninstalled');
      // All that was there before is there again, but for the container that was replaced.
      const last = pictures(lab);
      for (const { host } of AGENTS) {
        const left = differing(last.get(host)!, empty.get(host)!);
        assert.deepEqual(Object.keys(left), ['model: containers'], host);
        assert.deepEqual(JSON.parse(left['model: containers']![0]!), [['web', true, {}]], host);
      }
      assert.equal((await run('status', '--json')).code, 0);
    } finally {
      await lab.stop();
    }
  });
});
