// Agents that join, covered by a job: `repair --joined --yes`, as it is run time and again while nobody looks.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { AppDefinition } from '../../src/dcos/types.ts';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import { coverJob } from '../../src/rollout/cover-job.ts';
import { readStatus } from '../../src/rollout/install.ts';
import { afterLastWave } from '../../src/rollout/last-wave.ts';
import { heldUp, joinedOnly } from '../../src/status/to-repair.ts';
import { buildBundle } from '../status/bundle.ts';
import { clusterOf, hostOf, install, prepare, timeOf, withLab } from './on-lab.ts';

/** The lab's time, and what happens at a sleep. */
function counted(lab: Lab, at: (count: number) => unknown) {
  let count = 0;
  const sleep = async (ms: number) => {
    await at(++count);
    await lab.sleep(ms);
  };
  return { time: { now: () => lab.clock.now(), sleep }, waits: () => count };
}

const bundle = buildBundle();
after(() => bundle.remove());

test('the command of the job covers who joined, has nothing to do then, and keeps away from a pause', async () => {
  const lab = await startLab({ speed: 40, seed: 3, agents: { private: 2, public: 1 } });
  try {
    const run = async (...args: string[]) => {
      const { code, stdout, stderr } = await bundle.run(lab.url, args, undefined, lab.token);
      return { code, all: stdout + stderr };
    };
    assert.equal((await run('install', '--yes', '--api-only')).code, 0);
    await lab.master.addAgent({ host: '10.0.1.90', public: false });
    assert.equal((await run('plan', 'pause', '-m', 'release day')).code, 0);
    const { cmd } = coverJob({ plugin: 'https://files.example/p.zip', every: 15, marathon: 'marathon' })
      .run as { cmd: string };
    const command = cmd.split(' ').slice(2);
    const held = await run(...command);
    assert.equal(held.code, 0, held.all);
    assert.match(held.all, /^Left alone: a rollout was paused by .*release day$/m);
    assert.equal((await run('plan', 'resume', '--yes')).code, 0);
    await lab.master.addAgent({ host: '10.0.1.91', public: false });
    const covered = await run(...command);
    assert.equal(covered.code, 0, covered.all);
    assert.match(covered.all, /10\.0\.1\.91/);
    const again = await run(...command);
    assert.deepEqual([again.code, /Nothing to do/.test(again.all)], [0, true], again.all);
  } finally {
    await lab.stop();
  }
});

test('who failed or drifted is left to a person; who waits for a rollout holds it up', () =>
  withLab({ agents: { private: 4, public: 0 } }, async (lab) => {
    await install(lab);
    hostOf(lab, '10.0.1.12').faults = { steps: { cni: { drift: { after: 1, reason: 'edited' } } } };
    await lab.sleep(120_000);
    await lab.master.addAgent({ host: '10.0.1.90', public: false });
    const status = await readStatus(clusterOf(lab), timeOf(lab));
    assert.equal(heldUp(status, undefined), undefined);
    assert.equal(joinedOnly(status).size, 1);
    assert.equal(status.agents.find(({ id }) => joinedOnly(status).has(id))?.address, '10.0.1.90');
    const cut = new AbortController();
    hostOf(lab, '10.0.1.12').faults = {};
    const change = {
      sources: { set: ['node.interface=eth1'] },
      signal: cut.signal,
      watch: ({ type }: { type: string }) => type === 'wave ended' && cut.abort(),
    };
    await assert.rejects(install(lab, change));
    const later = await readStatus(clusterOf(lab), timeOf(lab));
    assert.match(heldUp(later, undefined) ?? '', /^a rollout (waits to go on|is under way)/);
  }));

test('between the last wave of a rollout and its end the job waits; a turn that nobody takes away does not hold it up', () =>
  withLab({ agents: { private: 2, public: 0 } }, async (lab) => {
    const cluster = clusterOf(lab);
    const { time, waits } = counted(
      lab,
      (count) => count === 2 && cluster.marathon.deleteApp('/calico/ops/turn', { force: true }),
    );
    // Each change ends as if its command were killed at that very moment.
    const killed = async (set: string) => {
      const cut = new AbortController();
      const { waves } = (await prepare(lab, { set: [set] })).plan;
      let ended = 0;
      await assert.rejects(
        install(lab, {
          sources: { set: [set] },
          signal: cut.signal,
          watch: ({ type }) => type === 'wave ended' && ++ended === waves.length && cut.abort(),
        }),
      );
      await lab.sleep(10_000);
    };
    await killed('node.ipip=off');
    assert.ok((await readStatus(cluster, time)).turn, 'it was killed before it took the turn away');
    const ended = await afterLastWave(cluster, time);
    assert.deepEqual([ended.turn, waits(), heldUp(ended, undefined)], [undefined, 2, undefined]);

    await killed('node.interface=eth1');
    const before = lab.clock.now();
    const stale = await afterLastWave(cluster, time);
    assert.ok(stale.turn && lab.clock.now() - before >= 90_000);
    assert.equal(heldUp(stale, undefined), undefined);
  }));

test('apps as another version of the program made them, or a person, are left to those', () =>
  withLab({ agents: { private: 2, public: 0 } }, async (lab) => {
    await install(lab);
    const { marathon } = clusterOf(lab);
    const there = await marathon.app('/calico/cni');
    const { cmd, ...rest } = JSON.parse(JSON.stringify(there)) as Record<string, unknown> & { cmd: string };
    const fields = [
      'constraints',
      'cpus',
      'mem',
      'env',
      'instances',
      'user',
      'portDefinitions',
      'healthChecks',
    ];
    const kept = Object.fromEntries(fields.map((field) => [field, rest[field]]));
    await marathon.putApp(
      { ...kept, id: '/calico/cni', cmd: `${cmd}# of another version\n` } as unknown as AppDefinition,
      { force: true },
    );
    await lab.sleep(60_000);
    await lab.master.addAgent({ host: '10.0.1.90', public: false });
    const status = await readStatus(clusterOf(lab), timeOf(lab));
    assert.match(heldUp(status, undefined) ?? '', /^what an install would put back .*\/calico\/cni .*cmd/);
  }));
