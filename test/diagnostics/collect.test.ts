// What is collected of a cluster, whole or half dead.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect } from '../../src/diagnostics/collect.ts';
import type { Lab } from '../../src/lab/lab.ts';
import type { DcosVersion } from '../../src/lab/types.ts';
import { clusterOf, install, withLab } from '../rollout/on-lab.ts';

const archive = (lab: Lab, agents: string[] = []) =>
  collect(clusterOf(lab), { agents, version: '0.1.0', secrets: [lab.token], now: lab.clock.now() });

for (const dcos of ['1.12', '2.0'] as DcosVersion[])
  test(`all of a small cluster, and of an agent that is down why it is not there (DC/OS ${dcos})`, () =>
    withLab({ dcos }, async (lab) => {
      await install(lab);
      lab.master.crashAgent('10.0.1.13');
      await lab.sleep(20_000);
      const { files, missing, agents } = await archive(lab);
      assert.equal([...files.keys()][0], 'manifest.json');
      for (const name of [
        'status.json',
        'plan.json',
        'options.json',
        'versions.json',
        'agents.json',
        'marathon/group.json',
        'marathon/deployments.json',
        'marathon/queue.json',
        'agents/10.0.1.11/docker/status.json',
        'agents/10.1.2.20/node/stdout.txt',
      ])
        assert.ok(files.has(name), name);
      assert.equal(agents.length, 6);
      assert.ok(![...files.keys()].some((name) => name.startsWith('agents/10.0.1.13/')));
      const down = missing.filter(({ file }) => file.startsWith('agents/10.0.1.13'));
      assert.match(down[0]!.why, /does not answer/);
      assert.ok(down.length <= 3, 'one that does not answer is not asked ten times');
      const manifest = JSON.parse(files.get('manifest.json')!);
      assert.deepEqual(manifest.missing, missing);
      for (const [name, content] of files) assert.ok(!content.includes(lab.token), name);
    }));

test('the worst of a large one; named agents instead; a name that there is not', () =>
  withLab({ agents: { private: 40, public: 0 } }, async (lab) => {
    await install(lab, { pauseAfterCanary: true });
    const all = await archive(lab);
    assert.equal(all.agents.length, 21);
    assert.equal(all.leftOut, 19);
    const { files, missing, agents } = await archive(lab, ['10.0.1.30', '10.0.9.9']);
    assert.deepEqual(agents, ['10.0.1.30']);
    assert.ok(files.has('agents/10.0.1.30/cni/status.json'));
    assert.deepEqual(missing[0], {
      file: 'agents/10.0.9.9',
      why: 'the cluster has no agent of that name',
    });
  }));

test('without Calico, and without Marathon, what there is', () =>
  withLab({}, async (lab) => {
    const { files, missing } = await archive(lab);
    assert.ok(files.has('agents.json'));
    assert.deepEqual(
      missing.map(({ file, why }) => `${file}: ${why}`),
      ['marathon/group.json: there is none'],
    );
    lab.faults.set([{ path: '/service/marathon/*', kind: 'status', status: 503 }]);
    const half = await archive(lab);
    assert.ok(half.files.has('agents.json'));
    assert.ok(half.missing.some(({ file }) => file === 'status.json'));
  }));
