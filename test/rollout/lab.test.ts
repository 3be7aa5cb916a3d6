import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DcosVersion } from '../../src/lab/types.ts';
import { install, withLab } from './on-lab.ts';

for (const dcos of ['1.12', '2.0'] satisfies DcosVersion[]) {
  test(`installs on DC/OS ${dcos}: every agent ready, the turn gone`, () =>
    withLab({ dcos }, async (lab) => {
      const { summary, events, status } = await install(lab);
      assert.equal(summary.exit, 0, JSON.stringify(summary, null, 1) + JSON.stringify(status.agents[0], null, 1));
      assert.equal(summary.what, 'Calico is ready on all 6 agents');
      assert.equal(status.turn, undefined);
      const waves = events.filter(({ type }) => type === 'wave began');
      assert.equal(waves.length, 2);
    }));
}
