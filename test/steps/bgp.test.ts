// BGP for the whole cluster, said once, from one agent, with calicoctl.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Options } from '../../src/options/types.ts';
import { bgpDefinition } from '../../src/steps/bgp/definition.ts';
import { type Bench, onHost, type Running } from './bench.ts';
import { largestOptions, optionsWith } from './options.ts';
import { FILES, sha256 } from './world.ts';

const ETCD = { 'run-proxy': false, 'etcd-endpoints': 'http://10.0.0.11:2379' };
const ARTIFACTS = {
  calicoctl: {
    url: 'https://github.com/projectcalico/calicoctl/releases/download/v1.6.5/calicoctl',
    sha256: sha256(FILES.calicoctl!),
  },
};

let asked = 0;
function bgp(bench: Bench, options: Options, act: 'look' | 'apply' = 'apply'): Running {
  const app = bgpDefinition({
    agent: bench.host.address,
    options,
    do: act,
    asked: String(++asked),
    carrier: 'check',
    marathonVersion: '1.9.136',
  });
  return bench.start('bgp', app.cmd, app.env);
}
const key = (bench: Bench, name: string) => bench.world.keys.get(`/calico/bgp/v1/${name}`);
const downloads = (bench: Bench) => bench.world.asked.filter((each) => each.endsWith('/calicoctl')).length;

test('as the options have it already: nothing is fetched, nothing is written', async () => {
  await onHost({}, async (bench) => {
    const before = bench.picture();
    const task = bgp(bench, optionsWith({ etcd: ETCD }));
    assert.deepEqual((await task.until('ready')).detail.did, []);
    assert.equal(downloads(bench), 0);
    assert.equal(bench.world.keys.size, 0);
    await task.stop();
    assert.deepEqual(bench.picture(), before);
  });
});

test('AS number, mesh and peers are set, changed, and taken back; those of others stay', async () => {
  await onHost({}, async (bench) => {
    const theirs = '/calico/bgp/v1/global/peer_v4/192.0.2.9';
    bench.world.keys.set(theirs, '{"ip": "192.0.2.9", "as_num": "65009"}');
    bench.world.keys.set('/calico/bgp/v1/host/agent-one/ip_addr_v4', '10.0.1.12');
    const first = optionsWith({
      etcd: ETCD,
      artifacts: ARTIFACTS,
      node: {
        'as-number': 64999,
        'node-to-node-mesh': false,
        'bgp-peers': [
          { peer: '10.0.0.1', 'as-number': 64512, agent: '' },
          { peer: '10.0.0.2', 'as-number': 64513, agent: '10.0.1.12' },
          // calicoctl spells it its own way, also where it stands in etcd.
          { peer: '2001:DB8:0:0::1', 'as-number': 64514, agent: '' },
        ],
      },
    });
    const wouldBe = await bgp(bench, first, 'look').until('ready');
    assert.equal((wouldBe.detail.would as string[]).length, 5);
    assert.equal(downloads(bench), 0);
    const done = await bgp(bench, first).until('ready');
    assert.deepEqual(done.detail.did, [
      'peer 10.0.0.1 with all nodes, AS 64512',
      'peer 2001:db8::1 with all nodes, AS 64514',
      'peer 10.0.0.2 with agent-one, AS 64513',
      'AS number 64999',
      'mesh of all nodes off',
    ]);
    assert.equal(key(bench, 'global/as_num'), '64999');
    assert.deepEqual(JSON.parse(key(bench, 'global/node_mesh')!), { enabled: false });
    assert.deepEqual(JSON.parse(key(bench, 'global/peer_v4/10.0.0.1')!), { ip: '10.0.0.1', as_num: '64512' });
    assert.deepEqual(JSON.parse(key(bench, 'host/agent-one/peer_v4/10.0.0.2')!).as_num, '64513');
    assert.ok(key(bench, 'global/peer_v6/2001:db8::1'));
    assert.equal(bench.world.keys.has('/dcos-calico/bgp-lock'), false);
    const second = optionsWith({
      etcd: ETCD,
      artifacts: ARTIFACTS,
      node: { 'bgp-peers': [{ peer: '10.0.0.1', 'as-number': 64600, agent: '' }] },
    });
    assert.deepEqual((await bgp(bench, second).until('ready')).detail.did, [
      'peer 10.0.0.1 with all nodes, AS 64600',
      'AS number 64512',
      'mesh of all nodes on',
      'no peer 2001:db8::1 with all nodes',
      'no peer 10.0.0.2 with agent-one',
    ]);
    assert.equal(key(bench, 'global/as_num'), '64512');
    assert.deepEqual(JSON.parse(key(bench, 'global/node_mesh')!), { enabled: true });
    assert.equal(JSON.parse(key(bench, 'global/peer_v4/10.0.0.1')!).as_num, '64600');
    assert.equal(key(bench, 'host/agent-one/peer_v4/10.0.0.2'), undefined);
    assert.equal(key(bench, 'global/peer_v6/2001:db8::1'), undefined);
    assert.ok(bench.world.keys.has(theirs));
  });
});

test('a pool that is there takes ipip and nat-outgoing, and stays disabled if it was; where there is none nothing is made', async () => {
  await onHost({}, async (bench) => {
    const pool = '/calico/v1/ipam/v4/pool/192.168.0.0-16';
    const options = (node: object) => optionsWith({ etcd: ETCD, artifacts: ARTIFACTS, node });
    const none = await bgp(bench, options({ ipip: 'always' })).until('ready');
    assert.deepEqual([none.detail.did, bench.world.keys.has(pool)], [[], false]);
    const made = { cidr: '192.168.0.0/16', ipip: '', masquerade: true, ipam: true, disabled: true };
    bench.world.keys.set(pool, JSON.stringify(made));
    assert.deepEqual((await bgp(bench, options({})).until('ready')).detail.did, []);
    const done = await bgp(bench, options({ ipip: 'cross-subnet', 'nat-outgoing': false })).until('ready');
    assert.deepEqual(done.detail.did, ['pool 192.168.0.0/16: ipip cross-subnet, nat-outgoing false']);
    const { ipip, ipip_mode, masquerade, disabled } = JSON.parse(bench.world.keys.get(pool)!);
    assert.deepEqual([ipip, ipip_mode, masquerade, disabled], ['tunl0', 'cross-subnet', false, true]);
    const back = await bgp(bench, options({})).until('ready');
    assert.deepEqual(back.detail.did, ['pool 192.168.0.0/16: ipip off, nat-outgoing true']);
    // One that somebody made with a mode, and does no IPIP.
    bench.world.keys.set(pool, JSON.stringify({ ...made, disabled: false, ipip_mode: 'always' }));
    assert.deepEqual((await bgp(bench, options({})).until('ready')).detail.did, []);
    const on = await bgp(bench, options({ ipip: 'always' })).until('ready');
    assert.deepEqual(on.detail.did, ['pool 192.168.0.0/16: ipip always, nat-outgoing true']);
    assert.equal(JSON.parse(bench.world.keys.get(pool)!).ipip, 'tunl0');
  });
});

test('a calicoctl that is another than the options say is not run; one that fails is told', async () => {
  await onHost({}, async (bench) => {
    const node = { 'as-number': 64999 };
    const wrong = { calicoctl: { ...ARTIFACTS.calicoctl, sha256: 'a'.repeat(64) } };
    const refused = await bgp(bench, optionsWith({ etcd: ETCD, artifacts: wrong, node })).until('failed');
    assert.match(refused.reason, /^calicoctl cannot be fetched: .* its SHA-256 is [0-9a-f]{64}, not a{64}$/);
    bench.world.instead.set(
      'calicoctl',
      // On its output, as calicoctl 1.6.5 says it.
      (response) => void response.end('#!/bin/sh\necho Error executing command: no such thing\nexit 1\n'),
    );
    const unpinned = { calicoctl: { ...ARTIFACTS.calicoctl, sha256: '' } };
    const failed = await bgp(bench, optionsWith({ etcd: ETCD, artifacts: unpinned, node })).until('failed');
    assert.equal(
      failed.reason,
      'calicoctl config set asNumber 64999: Error executing command: no such thing',
    );
    assert.equal(bench.world.keys.has('/dcos-calico/bgp-lock'), false);
  });
});

test('whoever else changes BGP at the moment is waited for', async () => {
  await onHost({}, async (bench) => {
    bench.world.keys.set('/dcos-calico/bgp-lock', 'somebody');
    const task = bgp(bench, optionsWith({ etcd: ETCD, artifacts: ARTIFACTS, node: { 'as-number': 64999 } }));
    assert.match(
      (await task.until(({ reason }) => reason.startsWith('waits'))).reason,
      /changed from elsewhere/,
    );
    bench.world.keys.delete('/dcos-calico/bgp-lock');
    await task.until('ready');
    assert.equal(key(bench, 'global/as_num'), '64999');
  });
});

test('its app fits into what Mesos hands to a task, with the largest options', () => {
  const { cmd, env } = bgpDefinition({
    agent: '10.0.1.11',
    options: largestOptions(),
    do: 'apply',
    asked: '',
    carrier: 'check',
    marathonVersion: '1.11.24',
  });
  assert.ok(JSON.stringify(cmd).length + 2 * JSON.stringify(env).length <= 64 * 1024);
});
