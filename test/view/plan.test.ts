import assert from 'node:assert/strict';
import { test } from 'node:test';
import { preflight } from '../../src/checks/run.ts';
import { findingsText } from '../../src/view/findings.ts';
import { planText } from '../../src/view/plan.ts';
import type { Terminal } from '../../src/view/terminal.ts';
import { assertGolden } from '../golden.ts';
import { privateAgents } from '../plan/cluster.ts';
import { type Fault, ModelCluster } from '../rollout/model.ts';
import { runOnModel } from '../rollout/run-model.ts';

const narrow: Terminal = { width: 80, height: 24, colour: false, interactive: true };
const wide: Terminal = { ...narrow, width: 120 };
const pipe: Terminal = {
  width: Number.POSITIVE_INFINITY,
  height: Number.POSITIVE_INFINITY,
  colour: false,
  interactive: false,
};

const cluster = (privates: number, publics: number, faults: Record<number, Fault> = {}) =>
  new ModelCluster({ private: privates, public: publics, faults });
const text = (one: ModelCluster, terminal: Terminal) => planText(one.plan(), one.options, terminal);

test('a first install', () => {
  assertGolden('view/plan-install-80', text(cluster(5, 1), narrow));
  assertGolden('view/plan-install-120', text(cluster(5, 1), wide));
  assertGolden('view/plan-install-pipe', text(cluster(5, 1), pipe));
  for (const on of [narrow, wide])
    assertGolden(`view/plan-install-${on.width}-in-colour`, text(cluster(5, 1), { ...on, colour: true }));
});

test('many agents, some of them left out', () => {
  const one = () => cluster(950, 50, { 3: 'no room', 4: 'no room', 9: 'deactivated', 12: 'excluded' });
  assertGolden('view/plan-many-80', text(one(), narrow));
  assertGolden('view/plan-many-120', text(one(), wide));
});

test('agents that joined, a rollout that goes on, an app edited by hand, nothing to do', () => {
  const one = cluster(5, 1);
  runOnModel(one, one.plan());
  assertGolden('view/plan-nothing-80', text(one, narrow));
  one.join(false);
  assertGolden('view/plan-cover-80', text(one, narrow));
  one.apps.find(({ id }) => id === '/calico/cni')!.cpus = 0.5;
  assertGolden('view/plan-put-back-80', text(one, narrow));
  const cut = cluster(9, 1);
  runOnModel(cut, cut.plan(), 6);
  assertGolden('view/plan-go-on-80', text(cut, narrow));
});

test('no line is wider than the terminal', () => {
  for (const terminal of [narrow, wide]) {
    const lines = text(cluster(950, 50, { 3: 'no room' }), terminal).split('\n');
    for (const line of lines) assert.ok(line.length <= terminal.width || !line.includes(' '), line);
  }
});

test('colour only where it is asked for', () => {
  assert.match(text(cluster(2, 0), { ...narrow, colour: true }), /\u001b\[1m/);
  assert.doesNotMatch(text(cluster(2, 0), pipe), /\u001b/);
});

test('findings', () => {
  const { options } = cluster(1, 0);
  const findings = preflight({
    dcosVersion: '2.2.1',
    marathonVersion: '1.11.24',
    options,
    agents: privateAgents(60),
    unfit: privateAgents(7).map(({ hostname }) => ({
      host: hostname,
      kind: 'no room',
      reason: 'no room: 0.56 CPU needed, 0.1 free',
    })),
    installed: false,
    etcdRecords: { value: [] },
    packages: { value: [{ id: '/etcd', name: 'etcd', version: '0.1.0-3.3.12' }] },
  });
  assertGolden('view/findings-80', findingsText(findings, narrow));
});
