// A cluster's life as its operator lives it, command by command: install → change options → upgrade with a failing agent → skip →
// pause → resume → undo → repair → uninstall. The built program against a sandbox lab, whose agents really run the scripts; the hosts
// are compared at each station.
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
const AGENTS = [
  { host: FIRST, public: false, machine: { docker: { daemonJson: { debug: false } } } },
  { host: BROKEN, public: false },
  { host: PUBLIC, public: true },
];
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

const changedFiles = (found: Map<string, Picture>, before: Map<string, Picture>, host: string) =>
  Object.keys(differing(found.get(host)!, before.get(host)!));

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

      const pace = ['--set', 'rollout.settle-seconds=1', '--set', 'rollout.max-concurrent=1'];
      const installed = await run('install', '--yes', '--api-only', ...pace);
      assert.equal(installed.code, 0, installed.all);
      const complete = await plan();
      assert.deepEqual([complete.code, complete.plan.status, complete.plan.complete], [0, 'COMPLETE', 3]);
      const first = pictures(lab);

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
      const third = pictures(lab);
      for (const host of [FIRST, PUBLIC]) assert.deepEqual(changedFiles(third, second, host), [], host);

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

      const resumed = await run('plan', 'resume', '--yes');
      assert.equal(resumed.code, 3, resumed.all);
      const fourth = pictures(lab);
      for (const host of [FIRST, PUBLIC])
        assert.ok(changedFiles(fourth, second, host).length > 0, `${host} runs the newer one`);

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
      asSecond(pictures(lab));
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
      asSecond(pictures(lab));
      assert.match((await run('install', '--yes')).all, /Nothing to do/);

      const gone = await run('uninstall', '--yes', '--api-only');
      assert.equal(gone.code, 0, gone.all);
      const last = pictures(lab);
      for (const { host } of AGENTS) assert.deepEqual(differing(last.get(host)!, empty.get(host)!), {}, host);
      assert.equal((await run('status', '--json')).code, 0);
    } finally {
      await lab.stop();
    }
  });
});
