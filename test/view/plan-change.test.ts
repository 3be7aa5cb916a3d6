// The plan of a change on the screen: which options, which steps, who is restarted, what is taken off.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setAt } from '../../src/options/paths.ts';
import type { PlanInput } from '../../src/plan/types.ts';
import { planText } from '../../src/view/plan.ts';
import type { Terminal } from '../../src/view/terminal.ts';
import { assertGolden } from '../golden.ts';
import { ModelCluster } from '../rollout/model.ts';
import { runOnModel } from '../rollout/run-model.ts';

const narrow: Terminal = { width: 80, height: 24, colour: false, interactive: true };
const wide: Terminal = { ...narrow, width: 120 };

function installed() {
  const one = new ModelCluster({ private: 9, public: 2, faults: {} });
  runOnModel(one, one.plan());
  return one;
}

/** The plan of `install` with these options, at both widths. */
function golden(name: string, changes: [string, unknown][], more: Partial<PlanInput> = {}) {
  const one = installed();
  const options = structuredClone(one.options);
  for (const [path, value] of changes) setAt(options, path, value);
  const plan = one.planWith({ options, recorded: options, ...more });
  for (const terminal of [narrow, wide]) {
    const text = planText(plan, options, terminal);
    for (const line of text.split('\n')) assert.ok(line.length <= terminal.width, line);
    assertGolden(`view/plan-${name}-${terminal.width}`, text);
  }
}

const node = (host: string) => `S-${host}`;

test('another version of Calico', () =>
  golden('change-version', [
    ['node.override-node-image', 'quay.io/calico/node:v2.6.13'],
    ['libnetwork.override-libnetwork-image', 'quay.io/calico/libnetwork-plugin:v1.1.4'],
  ]));

test('a step that is taken off, and an option that changes nothing on the agents', () =>
  golden('change-off', [
    ['libnetwork.enable', false],
    ['cni.cpu-limit', 0.07],
  ]));

test('another store: Docker is restarted on every agent, with what that interrupts', () => {
  const restarts = new Map(
    installed().agents.map(({ mesos }, index) => [
      mesos.id,
      {
        reason: 'Docker keeps the store etcd://localhost:2379 until it is restarted',
        interrupts: index < 2 ? ['/shop/web', '/shop/cart'] : index === 2 ? ['/shop/db'] : [],
      },
    ]),
  );
  golden(
    'change-store',
    [
      ['docker.override-docker-cluster-store', 'zk://10.0.0.9:2181'],
      ['docker.replace-cluster-store', true],
    ],
    { restarts },
  );
});

test('etcd at another address, and BGP', () =>
  golden('change-etcd', [
    ['etcd.proxy-endpoints', ['http://10.0.0.5:2379']],
    ['node.as-number', 64513],
  ]));

test('restarts alone, and a rollout that somebody has paused', () => {
  const restarts = new Map([
    [node('10.0.1.13'), { reason: 'Docker has another store than is wanted', interrupts: ['/shop/db'] }],
  ]);
  const one = new ModelCluster({ private: 3, public: 0, faults: { 2: 'restart' } });
  runOnModel(one, one.plan());
  const plan = one.planWith({ restarts, restartOnly: [], paused: 'bob@desk: dashboards look odd' });
  assertGolden('view/plan-restart-80', planText(plan, one.options, narrow));
  const none = one.planWith({ restartOnly: ['10.0.1.12'] });
  assertGolden('view/plan-restart-nothing-80', planText(none, one.options, narrow));
});
