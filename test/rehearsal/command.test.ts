// The command as it is shipped: from a cluster into a file, from the file without a cluster, and what is refused.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { bundle } from '../bundle.ts';
import { withLab } from '../rollout/on-lab.ts';
import { validate } from './on-stage.ts';

const { run } = bundle();
const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-rehearse-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('saved where the cluster is, played without it: the same course; every request was a read', () =>
  withLab({ agents: { private: 3, public: 1 } }, async (lab) => {
    const env = { DCOS_URL: lab.url, DCOS_ACS_TOKEN: lab.token };
    const file = join(folder, 'agents.json');
    const there = await run(['lab', 'rehearse', '--save-inventory', file, '--seed', '3'], env);
    assert.equal(there.exit, 0, there.stderr);
    assert.match(there.stdout, /^Calico is ready on all 4 agents$/m);
    assert.deepEqual([...new Set(lab.requests().map(({ method }) => method))], ['GET']);
    const args = ['lab', 'rehearse', '--inventory', file, '--fault', 'node-fails@10.0.1.12'];
    const elsewhere = await run([...args, '--json'], {});
    assert.equal(elsewhere.exit, 3, elsewhere.stderr);
    const document: { failed: { host: string }[]; cluster: { url: string } } = JSON.parse(elsewhere.stdout);
    assert.ok(validate(document) as boolean, JSON.stringify(validate.errors));
    assert.equal(document.failed[0]!.host, '10.0.1.12');
    assert.equal(document.cluster.url, lab.url);
  }));

test('what cannot be used is refused before anything is played', async () => {
  const broken = join(folder, 'broken.json');
  writeFileSync(broken, '{}');
  for (const [args, code] of [
    [['--inventory', broken], /cannot be rehearsed/],
    [['--fault', 'nonsense', '--inventory', broken], /cannot be rehearsed/],
    [['--step-time', 'node=x', '--inventory', broken], /--step-time node=x cannot be used/],
    [['--step-times', join(folder, 'none.json'), '--inventory', broken], /none\.json cannot be used/],
    [['--uninstall', '--canary', '2'], /--canary|--uninstall/],
  ] as [string[], RegExp][]) {
    const { exit, stderr } = await run(['lab', 'rehearse', ...args], {});
    assert.equal(exit, 2, stderr);
    assert.match(stderr, code);
  }
});

test('the faults are listed without a cluster', async () => {
  const { exit, stdout } = await run(['lab', 'rehearse', '--list-faults'], {});
  assert.equal(exit, 0);
  assert.match(stdout, /^FAULT +TAKES +WHAT HAPPENS$/m);
  assert.match(stdout, /^docker-restart +@AGENTS +Docker takes its store only when it is restarted/m);
});
