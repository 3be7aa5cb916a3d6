import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RolloutState } from '../../src/rollout/state.ts';
import { plainProgress } from '../../src/view/progress-plain.ts';
import { phaseRows, phases } from '../../src/view/progress-rows.ts';
import { summaryText } from '../../src/view/summary.ts';
import { assertGolden } from '../golden.ts';
import { ModelCluster } from '../rollout/model.ts';
import { install, withLab } from '../rollout/on-lab.ts';
import { runOnModel } from '../rollout/run-model.ts';

const GLYPHS = { 'to come': ' ', 'under way': '>', done: '+', failed: 'x', skipped: '-' };

function rows(state: RolloutState, timed: number[] = []): string {
  return phaseRows(state, timed)
    .flatMap(({ status, title, below }) => [
      `${GLYPHS[status]} ${title}`,
      ...below.map((line) => `    ${line}`),
    ])
    .join('\n');
}

test('the rows of a rollout, from the first task to the end', () => {
  const screens: string[] = [];
  for (const actions of [0, 1, 2, 6, 10, 13, 500]) {
    const cluster = new ModelCluster({ private: 12, public: 1, faults: { 5: 'fails', 7: 'restart' } });
    const { state } = runOnModel(cluster, cluster.plan(), actions);
    screens.push(`after ${actions} decisions\n${rows(state, actions > 6 ? [54] : [])}`);
  }
  assertGolden('view/progress-rows', screens.join('\n\n'));
});

test('never more than a dozen rows', () => {
  for (const waves of [0, 1, 9, 10, 11, 12, 500]) {
    const all = phases(waves);
    assert.ok(all.length <= 12);
    const covered = all.flatMap((share) =>
      share ? Array.from({ length: share[1] - share[0] + 1 }, (_, i) => share[0] + i) : [],
    );
    assert.deepEqual(
      covered,
      Array.from({ length: waves }, (_, index) => index),
    );
  }
});

test('in a pipe: one line an event, no colour, nothing redrawn', async () => {
  const agents = Array.from({ length: 14 }, (_, index) => ({
    host: `10.0.1.${11 + index}`,
    public: index === 13,
    ...(index === 4
      ? { faults: { steps: { docker: { fail: 'Docker already uses zk://10.0.0.1:2181 as its store' } } } }
      : {}),
  }));
  await withLab({ agents }, async (lab) => {
    const lines: string[] = [];
    const { summary } = await install(lab, { watch: plainProgress((line) => lines.push(line)) });
    const pipe = {
      width: Number.POSITIVE_INFINITY,
      height: Number.POSITIVE_INFINITY,
      colour: false,
      interactive: false,
    };
    assertGolden('view/progress-plain', [...lines, summaryText(summary, pipe)].join('\n'));
    assert.ok(lines.every((line) => /^\d\d:\d\d:\d\d {2}[^\u001b]+$/.test(line)));
  });
});
