// Ctrl-C while a test of the network writes: on labs whose agents are only modelled, with a line that is slow.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { prepareConnectivity } from '../../src/connectivity/prepare.ts';
import { testConnectivity } from '../../src/connectivity/run.ts';
import { CONNECTIVITY_GROUP } from '../../src/steps/connectivity/definition.ts';
import { clusterOf, install, timeOf, withLab } from '../rollout/on-lab.ts';

test('a PUT that is under way is waited for, none comes after it, and the group is gone', () =>
  withLab({ agents: { private: 2, public: 0 } }, async (lab) => {
    await install(lab);
    const cluster = clusterOf(lab);
    const prepared = await prepareConnectivity(cluster, {});
    const happened = new Promise<void>((resolve) => {
      lab.faults.onHappened = () => resolve();
    });
    lab.faults.set([{ method: 'PUT', path: '/service/marathon/v2/groups/*', kind: 'slow', ms: 300 }]);
    lab.resetRequests();
    let abandon: (() => Promise<boolean>) | undefined;
    let over = false;
    const testing = testConnectivity(prepared, {
      ...prepared,
      cluster,
      time: timeOf(lab),
      begins: (how) => {
        abandon = how;
      },
      hear: () => undefined,
    });
    void testing.finally(() => (over = true));
    await happened;
    assert.equal(await abandon!(), true);
    const writes = lab.requests().filter(({ method, path }) => method !== 'GET' && path.includes('groups'));
    assert.deepEqual(
      writes.map(({ method, count }) => [method, count]),
      [
        ['PUT', 1],
        ['DELETE', 1],
      ],
    );
    assert.equal(await cluster.marathon.group(CONNECTIVITY_GROUP), undefined);
    assert.equal(over, false, 'whoever broke it off has the say');
  }));
