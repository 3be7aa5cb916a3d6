// A step that is off, and an agent that had it and is gone for good: whose app stays, and the way out, are said wherever a command ends.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { forgetCovered } from '../../src/rollout/forget.ts';
import { nothingToDo } from '../../src/rollout/summary.ts';
import { planText } from '../../src/view/plan.ts';
import { pipe } from '../connectivity/on-sandbox.ts';
import { clusterOf, install, prepare, withLab } from './on-lab.ts';

const GONE = '10.0.1.12';
const FORGET = 'dcos calico prune --forget-agents';

test('the app of a step that is off stays for an agent that is gone; it is said, with what ends it, and then it goes', () =>
  withLab({ agents: { private: 3, public: 1 } }, async (lab) => {
    await install(lab);
    await lab.master.removeAgent(GONE);
    // Until Marathon has forgotten its tasks it may be back.
    await lab.sleep(2 * 3_600_000);
    const { marathon } = clusterOf(lab);
    const { prepared, summary } = await install(lab, { sources: { set: ['libnetwork.enable=false'] } });
    assert.match(prepared.plan.warnings.join(), /until 10\.0\.1\.12 is back/);
    assert.equal(summary.exit, 0, summary.what);
    assert.match(
      summary.what,
      /^Calico is ready on all 3 agents; the app of libnetwork, which is off, stays: 10\.0\.1\.12 is gone from the cluster/,
    );
    assert.deepEqual(summary.next, [FORGET, 'dcos calico status']);
    assert.ok(await marathon.app('/calico/libnetwork'));

    const again = await prepare(lab);
    assert.deepEqual(
      [again.plan.kind, again.plan.keptFor],
      ['nothing', { steps: ['libnetwork'], hosts: [GONE] }],
    );
    assert.match(
      planText(again.plan, again.options, pipe),
      /^The app of libnetwork, off by the options, stays until 10\.0\.1\.12 is back: .* If it will not be back: dcos calico prune --forget-agents, then install again\.$/m,
    );
    assert.deepEqual(nothingToDo(0, true).next, [FORGET, 'dcos calico status']);

    assert.deepEqual(await forgetCovered(clusterOf(lab), [GONE]), [GONE]);
    const dropped = await install(lab);
    assert.equal(dropped.prepared.plan.kind, 'drop');
    assert.deepEqual(dropped.summary.next, ['dcos calico status']);
    assert.equal(await marathon.app('/calico/libnetwork'), undefined);
  }));
