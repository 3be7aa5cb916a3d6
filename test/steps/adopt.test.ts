// What an earlier Calico left running is taken over, and what it carries is not interrupted.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultOptions } from '../../src/options/defaults.ts';
import { type Bench, type HostOptions, onHost } from './bench.ts';
import { optionsWith } from './options.ts';

const ETCD = { 'run-proxy': false, 'etcd-endpoints': 'http://10.0.0.11:2379' };
const DIRECT = optionsWith({ etcd: ETCD });
const STORE = { 'cluster-store': 'etcd://10.0.0.11:2379', 'cluster-advertise': '10.0.1.11:62376' };
const IMAGE = defaultOptions().node['override-node-image'];
const LATER = '2026-11-25T00:00:00.000Z';

const AS_WANTED = {
  name: 'calico-node',
  image: IMAGE,
  env: [
    'NODENAME=agent-one',
    'ETCD_ENDPOINTS=http://10.0.0.11:2379/',
    'CALICO_LIBNETWORK_ENABLED=false',
    'FELIX_IGNORELOOSERPF=true',
    'WAIT_FOR_DATASTORE=true',
  ],
  binds: ['/var/run/calico:/var/run/calico', '/lib/modules:/lib/modules'],
};
/** As the framework of the Universe package 0.4 starts it. */
const UNIVERSE = {
  name: 'calico-node',
  image: 'calico/node:v1.0.0',
  env: [
    'FELIX_IGNORELOOSERPF=true',
    'CALICO_LIBNETWORK_ENABLED=true',
    'IP=10.0.1.11',
    'HOSTNAME=ip-10-0-1-11',
    'ETCD_ENDPOINTS=http://10.0.0.11:2379',
    'ETCD_SCHEME=http',
  ],
  binds: [
    '/var/run/calico:/var/run/calico',
    '/run/docker/plugins:/run/docker/plugins',
    '/var/run/docker.sock:/var/run/docker.sock',
  ],
};
/** As Calico's page "as a service" has it. */
const UNIT = `[Unit]
Description=calico-node
After=docker.service
Requires=docker.service

[Service]
ExecStartPre=-/usr/bin/docker rm -f calico-node
ExecStart=/usr/bin/docker run --net=host --privileged --name=calico-node ${AS_WANTED.env.map((each) => `-e ${each}`).join(' ')} -v /var/run/calico:/var/run/calico ${IMAGE}
ExecStop=-/usr/bin/docker stop calico-node
Restart=always

[Install]
WantedBy=multi-user.target
`;

const host = (...containers: NonNullable<NonNullable<HostOptions['docker']>['containers']>): HostOptions => ({
  docker: { daemonJson: STORE, containers },
});
const calico = (bench: Bench) => bench.host.machine.engine.find('calico-node')!;
const unit = (bench: Bench, name: string) => bench.host.machine.systemd.unit(name);

async function keptRunning(bench: Bench, act: () => Promise<unknown>): Promise<void> {
  const { id, started } = calico(bench);
  await act();
  assert.deepEqual(
    { id: calico(bench).id, started: calico(bench).started, running: calico(bench).running },
    { id, started, running: true },
  );
}

test('a container as it is wanted goes on running: from now on our unit keeps it', async () => {
  await onHost(host(AS_WANTED), async (bench) => {
    await keptRunning(bench, async () => {
      const task = bench.run('node', { options: DIRECT });
      const waiting = await task.until('waiting for turn');
      assert.ok(
        (waiting.detail.would as string[]).includes('take over the container calico-node as it runs'),
      );
      assert.equal(calico(bench).options.restart, 'always');
      await bench.giveTurn();
      const ready = await task.until('ready');
      assert.equal(ready.detail.adopted, 'the container calico-node runs as it was found');
      await task.stop();
      await bench.endTurn();
      await bench.bring('node', { options: DIRECT });
    });
    assert.equal(calico(bench).options.restart, 'no');
    assert.equal(unit(bench, 'dcos-calico-node.service').active, 'active');
    // Its name stays, for CNI and libnetwork too.
    assert.equal(await bench.host.read('/var/lib/dcos-calico/node-name'), 'agent-one\n');
    assert.ok(bench.world.keys.has('/calico/felix/v1/host/agent-one/status'));
    // Docker goes and comes: the same container is started again.
    const { id } = calico(bench);
    await bench.host.machine.systemd.restart('docker.service');
    await bench.bring('node', { options: DIRECT });
    assert.equal(calico(bench).id, id);
    // Gone altogether, it is replaced by one of ours, without a turn.
    bench.host.machine.engine.remove(calico(bench));
    await bench.bring('node', { options: DIRECT });
    assert.notEqual(calico(bench).id, id);
  });
});

test('a changed option replaces what was taken over, in its turn; off again takes it off', async () => {
  await onHost(host(AS_WANTED), async (bench) => {
    await bench.giveTurn();
    await bench.bring('node', { options: DIRECT });
    await bench.endTurn();
    const { id } = calico(bench);
    const changed = optionsWith({ etcd: ETCD, node: { 'mem-limit': 512 } });
    const task = bench.run('node', { options: changed, version: LATER });
    await task.until('waiting for turn');
    assert.equal(calico(bench).id, id);
    await bench.giveTurn();
    await task.until('ready');
    assert.notEqual(calico(bench).id, id);
    assert.equal(calico(bench).options.memory, 512 * 1024 * 1024);
    await task.stop();
    await bench.bring('node', { options: changed, mode: 'absent', version: '2026-11-26T00:00:00.000Z' });
    assert.equal(calico(bench), undefined);
  });
  await onHost(host(AS_WANTED), async (bench) => {
    await bench.giveTurn();
    await bench.bring('node', { options: DIRECT });
    await bench.bring('node', { options: DIRECT, mode: 'absent', version: LATER });
    assert.equal(calico(bench), undefined);
    assert.equal(await bench.host.read('/etc/systemd/system/dcos-calico-node.service'), undefined);
    assert.ok(![...bench.world.keys.keys()].some((key) => key.includes('/host/agent-one')));
  });
});

test("the Universe package's: its libnetwork goes on until the node is replaced, in its turn; the name stays", async () => {
  await onHost(host(UNIVERSE), async (bench) => {
    await bench.giveTurn();
    const libnetwork = bench.run('libnetwork', { options: DIRECT });
    assert.match(
      (await libnetwork.until('waiting for step')).reason,
      /^waits for calico\/node to be taken over/,
    );
    const { id } = calico(bench);
    await bench.endTurn();
    const node = bench.run('node', { options: DIRECT });
    const waiting = await node.until('waiting for turn');
    assert.deepEqual(waiting.detail.would, [
      'replace the container calico-node of an earlier Calico (calico/node:v1.0.0)',
      'write the unit dcos-calico-node.service',
      'have dcos-calico-node.service started at boot',
    ]);
    assert.equal(calico(bench).id, id);
    await bench.giveTurn();
    await node.until('ready');
    await libnetwork.until('ready');
    assert.equal(calico(bench).options.image, IMAGE);
    assert.equal(calico(bench).options.restart, 'no');
    for (const name of ['calico-node', 'calico-libnetwork'])
      assert.ok(bench.host.machine.engine.find(name)!.options.env.includes('NODENAME=ip-10-0-1-11'), name);
  });
});

test('a unit set up by hand is taken out of service, and what it ran goes on', async () => {
  const options = { ...host(), files: { '/etc/systemd/system/calico-node.service': UNIT } };
  await onHost(options, async (bench) => {
    assert.equal(unit(bench, 'calico-node.service').active, 'active');
    await keptRunning(bench, async () => {
      await bench.giveTurn();
      await bench.bring('node', { options: DIRECT });
    });
    assert.notEqual(unit(bench, 'calico-node.service').active, 'active');
    assert.equal(bench.host.machine.systemd.store.state('calico-node.service'), 'disabled');
    assert.equal(await bench.host.read('/etc/systemd/system/calico-node.service'), UNIT);
    assert.equal(
      await bench.host.read('/run/systemd/system/calico-node.service.d/dcos-calico.conf'),
      undefined,
    );
    await keptRunning(bench, () => bench.bring('node', { options: DIRECT }));
    await bench.host.reboot();
    await bench.giveTurn();
    await bench.bring('node', { options: DIRECT });
    assert.equal(unit(bench, 'dcos-calico-node.service').active, 'active');
  });
});

test('a unit set up by hand whose container is another is stopped, and ours takes its place', async () => {
  const old = UNIT.replace(IMAGE, 'calico/node:v2.6.0');
  await onHost({ ...host(), files: { '/etc/systemd/system/calico-node.service': old } }, async (bench) => {
    await bench.giveTurn();
    await bench.bring('node', { options: DIRECT });
    assert.equal(calico(bench).options.image, IMAGE);
    assert.equal(unit(bench, 'calico-node.service').active, 'inactive');
  });
});

test('CNI, libnetwork and node agree on the name that an earlier Calico gave this agent', async () => {
  await onHost(host(AS_WANTED), async (bench) => {
    await bench.giveTurn();
    await bench.bring('cni', { options: DIRECT });
    const file = JSON.parse((await bench.host.read('/opt/mesosphere/etc/dcos/network/cni/calico.cni'))!);
    assert.equal(file.nodename, 'agent-one');
  });
});
