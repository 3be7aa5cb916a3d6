// What the options say of BGP is the cluster's: one agent says it, before the first turn, and no step's task is replaced for it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lab } from '../../src/lab/lab.ts';
import { defaultOptions } from '../../src/options/defaults.ts';
import { isNetworkChanged } from '../../src/rollout/bgp.ts';
import { bgpDefinition } from '../../src/steps/bgp/definition.ts';
import { DirectCluster } from '../faults/direct.ts';
import { SCENARIO } from '../faults/scenarios.ts';
import { optionsWith } from '../steps/options.ts';
import { clusterOf, install, prepare, withLab } from './on-lab.ts';

const paths = (lab: Lab) =>
  lab
    .requests()
    .filter(({ method }) => method !== 'GET')
    .map(({ method, path }) => `${method} ${path.replace(/^.*\/v2/, '').replace(/\?.*$/, '')}`);
const ofBgp = (lab: Lab) => paths(lab).filter((each) => each.includes('/ops/bgp'));

test("a first install with Calico's own BGP asks nobody", () =>
  withLab({ agents: { private: 2, public: 1 } }, async (lab) => {
    await install(lab);
    assert.deepEqual(ofBgp(lab), []);
  }));

test('a first install with a BGP of its own says so before there is a group, also where no preflight has been', () =>
  withLab({ agents: { private: 2, public: 1 } }, async (lab) => {
    const { summary } = await install(lab, { sources: { set: ['node.node-to-node-mesh=false'] } });
    assert.equal(summary.exit, 0);
    assert.deepEqual(ofBgp(lab), ['PUT /apps/calico/ops/bgp', 'DELETE /apps/calico/ops/bgp']);
  }));

test('another AS number is said once, before anything else, and the task of it goes', () =>
  withLab({ agents: { private: 2, public: 1 } }, async (lab) => {
    await install(lab);
    lab.resetRequests();
    const { prepared, summary } = await install(lab, { sources: { set: ['node.as-number=64999'] } });
    assert.equal(summary.exit, 0);
    assert.deepEqual(prepared.plan.waves, []);
    assert.deepEqual(ofBgp(lab), ['PUT /apps/calico/ops/bgp', 'DELETE /apps/calico/ops/bgp']);
    assert.match(paths(lab)[0]!, /ops\/bgp/);
    const group = await clusterOf(lab).marathon.group('/calico');
    assert.ok(!group!.groups?.some(({ apps }) => apps.some(({ id }) => id.endsWith('/bgp'))));
    assert.equal((await prepare(lab)).plan.kind, 'nothing');
    lab.resetRequests();
    await install(lab, { sources: { set: ['node.interface=eth1'] } });
    assert.deepEqual(ofBgp(lab), []);
    const pool = await install(lab, { sources: { set: ['node.ipip=always'] } });
    assert.deepEqual(ofBgp(lab), ['PUT /apps/calico/ops/bgp', 'DELETE /apps/calico/ops/bgp']);
    assert.match(pool.prepared.plan.warnings.join(), /node\.ipip belongs to the pool/);
  }));

test('what counts is what Calico has, and whether BGP is used at all', () => {
  const peers = [{ peer: '10.0.0.1', 'as-number': 64512, agent: '' }];
  const with_ = (node: object) => optionsWith({ node });
  assert.equal(isNetworkChanged(undefined, defaultOptions()), false);
  assert.equal(isNetworkChanged(undefined, with_({ 'bgp-peers': peers })), true);
  assert.equal(isNetworkChanged(with_({ 'bgp-peers': peers }), with_({ 'bgp-peers': peers })), false);
  assert.equal(isNetworkChanged(with_({ 'bgp-peers': peers }), defaultOptions()), true);
  assert.equal(
    isNetworkChanged(with_({ enable: false, 'as-number': 64999 }), with_({ 'as-number': 64999 })),
    true,
  );
  assert.equal(
    isNetworkChanged(undefined, with_({ 'as-number': 64999, 'networking-backend': 'none' })),
    false,
  );
  const none = { 'networking-backend': 'none' };
  assert.equal(isNetworkChanged(with_(none), with_({ ...none, 'nat-outgoing': false })), true);
  assert.equal(isNetworkChanged(undefined, with_({ ipip: 'always' })), false, 'calico/node makes it so');
});

const change = (set: string) => ({ sources: { set: [set] } });

test('another command that says it at the same time: this one stops, and the other one has what it waits for', async () => {
  const world = await SCENARIO.change.prepare({ dcos: '2.0', seed: 5 });
  try {
    const other = new DirectCluster(world.lab, world.lab.token);
    let put: string | undefined;
    const ran = await world.direct(
      { command: 'install', set: ['node.as-number=64999'] },
      {
        before: async ({ method, path }) => {
          if (put || method !== 'GET' || !path.endsWith('/ops/bgp')) return;
          const request = { options: defaultOptions(), do: 'apply', asked: 'by another' } as const;
          const marathon = { carrier: 'check', marathonVersion: '1.9.136' } as const;
          const app = bgpDefinition({ agent: '10.0.1.12', ...request, ...marathon });
          put = (await other.marathon.putApp(app, { force: true })).version;
        },
      },
    );
    assert.equal(ran.problem?.code, 'changed-meanwhile', ran.output);
    assert.equal((await other.marathon.app('/calico/ops/bgp'))?.version, put);
  } finally {
    await world.stop();
  }
});

test('said again at once, it waits until the task of the last one is gone', () =>
  withLab({ agents: { private: 2, public: 1 } }, async (lab) => {
    await install(lab);
    await install(lab, change('node.as-number=64999'));
    const began = lab.clock.now();
    await install(lab, change('node.as-number=64998'));
    assert.ok(lab.clock.now() - began < 120_000, `${lab.clock.now() - began} ms`);
  }));
