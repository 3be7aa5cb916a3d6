// Uninstall after install leaves a host as it was, byte for byte: on sandbox hosts, which really run the steps. On the way, what
// Calico keeps in etcd: of an agent that is gone, and, where that is asked for, all of it.
import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { type Lab, startLab } from '../../src/lab/lab.ts';
import type { Host } from '../../src/lab/sandbox/host.ts';
import type { SandboxRunner } from '../../src/lab/sandbox/runner.ts';
import type { AgentSpec } from '../../src/lab/types.ts';
import { askData, type DataAsking } from '../../src/rollout/data-app.ts';
import { carryPrune, preparePrune } from '../../src/rollout/prune.ts';
import { differing, pictureOf } from './host-picture.ts';
import { clusterOf, install, timeOf } from './on-lab.ts';
import { prepareOff, uninstall } from './uninstall-on-lab.ts';

const hostsOf = (lab: Lab): Host[] => (lab.runner as SandboxRunner).hosts;
const asIs = (host: string, machine: AgentSpec['machine'] = {}): AgentSpec => ({
  host,
  public: host.startsWith('10.1.'),
  machine,
});
/** Without the settling time, which is real. */
const QUICK = 'rollout.settle-seconds=1';
const FIXED = ['etcd.run-proxy=false', 'etcd.etcd-endpoints=http://10.0.0.11:2379'];

async function key(lab: Lab, path: string, value?: unknown): Promise<unknown> {
  const answer = await fetch(`${lab.etcdUrl}/v2/keys${path}`, {
    ...(value === undefined
      ? {}
      : { method: 'PUT', body: new URLSearchParams({ value: JSON.stringify(value) }) }),
  });
  const { node } = (await answer.json()) as { node?: { value?: string } };
  return node && (node.value === undefined ? {} : JSON.parse(node.value));
}

const BLOCK = '/calico/ipam/v2/assignment/ipv4/block/192.168.7.64-30';
const LONE = '/calico/ipam/v2/assignment/ipv4/block/192.168.7.72-30';
const SHARED = '/calico/ipam/v2/assignment/ipv4/block/192.168.8.0-30';

/** What Calico 2.6 has of an agent (libcalico-go v1.7, lib/backend/model), as one that burnt down leaves it. */
async function burntDown(lab: Lab): Promise<void> {
  const block = (cidr: string, allocations: (number | null)[], affinity: string | null) => ({
    cidr,
    affinity,
    strictAffinity: false,
    allocations,
    unallocated: allocations.flatMap((one, index) => (one === null ? [index] : [])),
    attributes: [{ handle_id: null, secondary: null }],
  });
  await key(lab, '/calico/bgp/v1/host/10.0.9.9/ip_addr_v4', '10.0.9.9');
  await key(lab, '/calico/v1/host/10.0.9.9/metadata', {});
  await key(lab, '/calico/felix/v1/host/10.0.9.9/last_reported_status', { time: '2026-10-01T00:00:00Z' });
  // Without an entry of it in IPAM calicoctl deletes nothing of a node.
  await key(lab, '/calico/bgp/v1/host/10.0.9.8/ip_addr_v4', '10.0.9.8');
  await key(lab, LONE, block('192.168.7.72/30', [null, null, null, null], 'host:10.0.9.8'));
  await key(lab, '/calico/v1/host/10.0.9.9/workload/libnetwork/libnetwork/endpoint/e1', {
    ipv4_nets: ['192.168.7.65/32', '192.168.8.1/32'],
  });
  await key(lab, '/calico/ipam/v2/host/10.0.9.9/ipv4/block/192.168.7.64-30', '');
  await key(lab, BLOCK, block('192.168.7.64/30', [null, 0, null, null], 'host:10.0.9.9'));
  await key(lab, SHARED, block('192.168.8.0/30', [0, 0, null, null], 'host:10.0.1.11'));
}

async function assertPruned(lab: Lab): Promise<void> {
  await burntDown(lab);
  const prepared = await preparePrune(clusterOf(lab), 86_400_000, timeOf(lab));
  assert.deepEqual(
    prepared.plan.gone.map(({ name, blocks, endpoints }) => ({ name, blocks, endpoints })),
    [
      { name: '10.0.9.8', blocks: [{ cidr: '192.168.7.72/30', used: 0 }], endpoints: {} },
      { name: '10.0.9.9', blocks: [{ cidr: '192.168.7.64/30', used: 1 }], endpoints: { libnetwork: 1 } },
    ],
  );
  const { removed } = await carryPrune(clusterOf(lab), prepared, timeOf(lab));
  assert.deepEqual(removed, ['10.0.9.8', '10.0.9.9']);
  for (const gone of [
    '/calico/bgp/v1/host/10.0.9.9',
    '/calico/v1/host/10.0.9.9',
    '/calico/ipam/v2/host/10.0.9.9',
    '/calico/felix/v1/host/10.0.9.9',
    BLOCK,
    '/calico/bgp/v1/host/10.0.9.8',
    LONE,
  ])
    assert.equal(await key(lab, gone), undefined, gone);
  const { affinity, allocations, unallocated } = (await key(lab, SHARED)) as Record<string, unknown>;
  assert.deepEqual(
    [affinity, allocations, unallocated],
    ['host:10.0.1.11', [0, null, null, null], [2, 3, 1]],
  );
}

/** Docker's networks of Calico's driver go where nothing is attached to them; others stay. */
async function assertNetworksDeleted(
  lab: Lab,
  asking: Pick<DataAsking, 'snapshot' | 'options'>,
): Promise<void> {
  const { calico, engine } = hostsOf(lab)[0]!.machine;
  const names = () => engine.allNetworks().map(({ name }) => name);
  const before = names();
  for (const name of ['shop', 'test'])
    calico!.networks.push({ id: engine.id(), name, driver: 'calico', scope: 'global' });
  const request = { ...asking, cluster: clusterOf(lab), time: timeOf(lab) };
  const looked = await askData({ ...request, task: { do: 'look' } });
  assert.deepEqual(looked.networks.map(({ name }) => name).sort(), ['shop', 'test']);
  const left = await askData({ ...request, task: { do: 'delete networks' } });
  assert.deepEqual(left.networks, []);
  assert.deepEqual(names(), before);
}

async function assertClean(lab: Lab, before: ReturnType<typeof pictureOf>[]): Promise<void> {
  assert.equal(await clusterOf(lab).marathon.group('/calico'), undefined);
  for (const [index, host] of hostsOf(lab).entries())
    assert.deepEqual(differing(pictureOf(host), before[index]!), {}, host.address);
}

async function onHosts(agents: AgentSpec[], use: (lab: Lab) => Promise<void>): Promise<void> {
  const lab = await startLab({ grade: 'sandbox', dcos: '2.0', agents, speed: 4 });
  try {
    const before = hostsOf(lab).map(pictureOf);
    await use(lab);
    await assertClean(lab, before);
  } finally {
    await lab.stop();
  }
}

suite('on sandbox labs the hosts are as they were', { concurrency: true }, () => {
  test('the default options, over a daemon.json of its own; what Calico keeps in etcd goes too', () =>
    onHosts([asIs('10.0.1.11', { docker: { daemonJson: { debug: false } } })], async (lab) => {
      const { summary } = await install(lab, { sources: { set: [QUICK] } });
      assert.equal(summary.exit, 0, summary.what);
      await assertPruned(lab);
      const { snapshot, plan } = await prepareOff(lab);
      await assertNetworksDeleted(lab, { snapshot, options: plan.options });
      const { gone } = await uninstall(lab, {
        beforeDrop: async () => {
          // The proxy is off by now: it is asked where the proxy asked.
          const asking = { cluster: clusterOf(lab), snapshot, options: plan.options, time: timeOf(lab) };
          const left = await askData({ ...asking, task: { do: 'delete data' } });
          assert.deepEqual(left.nodes, []);
        },
      });
      assert.equal(gone, true);
      assert.equal(await key(lab, '/calico'), undefined);
    }));

  test('etcd at fixed addresses, over an earlier network; cut off in the middle and run again', () =>
    onHosts(
      [
        asIs('10.0.1.11', {
          files: {
            '/opt/mesosphere/etc/dcos/network/cni/calico.cni': '{"name": "calico", "type": "calico"}\n',
          },
        }),
        asIs('10.1.2.20'),
      ],
      async (lab) => {
        await install(lab, { sources: { set: [QUICK, ...FIXED] } });
        const cut = new AbortController();
        await assert.rejects(
          uninstall(lab, {
            signal: cut.signal,
            watch: (event) => event.type === 'wave began' && cut.abort(),
          }),
        );
        const { gone, prepared } = await uninstall(lab);
        assert.deepEqual([prepared.plan.kind, gone], ['go on', true]);
      },
    ));

  test('for the Universal Container Runtime alone: nothing is restarted; then one agent by itself', () =>
    onHosts([asIs('10.0.1.11'), asIs('10.0.1.12')], async (lab) => {
      const without = ['docker.enable=false', 'libnetwork.enable=false'];
      await install(lab, { sources: { set: [QUICK, ...without] } });
      const one = await uninstall(lab, { agents: ['10.0.1.12'] });
      assert.deepEqual([one.gone, one.prepared.plan.restarts], [true, []]);
      const { gone, prepared } = await uninstall(lab);
      assert.deepEqual([gone, prepared.plan.owed], [true, ['10.0.1.11']]);
    }));
});
