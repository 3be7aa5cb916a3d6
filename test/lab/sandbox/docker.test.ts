// Docker's engine as it was measured on 20.10.24 (facts §12), as its versions differ (§7), and its client.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { VirtualClock } from '../../../src/lab/clock.ts';
import { type EtcdServer, startEtcd } from '../../../src/lab/etcd/server.ts';
import { loadConfig } from '../../../src/lab/sandbox/docker/config.ts';
import type { HostSpec } from '../../../src/lab/sandbox/spec.ts';
import { bus, onHost, until } from './on-host.ts';

const FORCED = { SYSTEMCTL_FORCE_BUS: '1' };
const STORE = 'etcd://10.0.0.11:2379';
const reload = bus('KillUnit ssi docker.service main 1');
const stores = (on: { host: { machine: { engine: { shown: { store: string }; store: string } } } }) => [
  on.host.machine.engine.shown.store,
  on.host.machine.engine.store,
];

let etcd: EtcdServer;
const clock = new VirtualClock(Date.now());
before(async () => {
  etcd = await startEtcd({ clock });
});
after(() => etcd.stop());

const network = () => ({ routes: { '10.0.0.11': etcd.url } });
const withConfig = (daemonJson: unknown, more: Partial<HostSpec> = {}): Partial<HostSpec> => ({
  docker: { daemonJson },
  network: network(),
  ...more,
});

test('a reload takes a first store only together with what to advertise, and writes its key', () =>
  onHost({ network: network(), clock }, async (on) => {
    await on.host.write('/etc/docker/daemon.json', JSON.stringify({ 'cluster-store': STORE }));
    await on.sh(reload);
    assert.deepEqual(stores(on), ['', '']);
    const both = { 'cluster-store': STORE, 'cluster-advertise': '10.0.1.11:62376' };
    await on.host.write('/etc/docker/daemon.json', JSON.stringify(both));
    assert.equal((await on.sh(reload)).code, 0);
    assert.deepEqual(stores(on), [STORE, STORE]);
    assert.equal(
      (await on.sh("docker info --format '{{.ClusterStore}} {{.ClusterAdvertise}}'")).out,
      `${STORE} 10.0.1.11:62376\n`,
    );
    const key = '/docker/nodes/10.0.1.11:62376';
    const there = () => {
      try {
        return etcd.store.get(key).node;
      } catch {
        return undefined;
      }
    };
    await until(() => there() !== undefined);
    assert.deepEqual([there()!.value, there()!.ttl], ['10.0.1.11:62376', 60]);
    // It is written again every 20 s while the engine lives, and gone 60 s after.
    const index = there()!.modifiedIndex!;
    clock.advance(20_000);
    await until(() => there()!.modifiedIndex! > index);
    assert.equal(there()!.ttl, 60);
    await on.sh('systemctl stop docker', FORCED);
    clock.advance(60_000);
    assert.equal(there(), undefined);
  }));

test('an engine that has reached its store asks the members themselves from then on', () => {
  const both = { '10.0.0.12': etcd.url, '10.0.0.11': etcd.url };
  const daemonJson = { 'cluster-store': 'etcd://10.0.0.12:2379', 'cluster-advertise': '10.0.1.11:62377' };
  return onHost({ network: { routes: both }, clock, docker: { daemonJson } }, async (on) => {
    const key = '/docker/nodes/10.0.1.11:62377';
    const there = () => {
      try {
        return etcd.store.get(key).node?.modifiedIndex;
      } catch {
        return undefined;
      }
    };
    /** Lets time pass until it holds. */
    const pass = (holds: () => boolean) =>
      until(() => {
        clock.advance(500);
        return holds();
      });
    await until(() => there() !== undefined);
    const index = there()!;
    await pass(() => (there() ?? 0) > index);
    // etcd's own list has 10.0.0.11 alone. What the configuration names answers still.
    on.host.machine.reach.set({ routes: { '10.0.0.12': etcd.url } });
    await pass(() => there() === undefined);
    on.host.machine.reach.set({ routes: both });
    await pass(() => there() !== undefined);
  });
});

test('a changed store on a reload is shown but not used; taking it out is ignored', () =>
  onHost(
    withConfig({ 'cluster-store': 'zk://10.0.0.1:2181', 'cluster-advertise': '10.0.1.11:62376' }),
    async (on) => {
      await on.host.write(
        '/etc/docker/daemon.json',
        JSON.stringify({ 'cluster-store': STORE, 'cluster-advertise': '10.0.1.11:62376' }),
      );
      await on.sh(reload);
      assert.deepEqual(stores(on), [STORE, 'zk://10.0.0.1:2181']);
      assert.match(
        (await on.sh('journalctl -u docker.service')).out,
        /cannot accept new configuration because it modifies an existing datastore client/,
      );
      await on.host.write('/etc/docker/daemon.json', '{}');
      await on.sh(reload);
      assert.deepEqual(stores(on), [STORE, 'zk://10.0.0.1:2181']);
      assert.match((await on.sh('journalctl -u docker.service')).out, /discovery service not supported/);
      await on.sh('systemctl restart docker', FORCED);
      assert.deepEqual(stores(on), ['', '']);
    },
  ));

test('a reload takes every other pending edit that can be reloaded', () =>
  onHost({}, async ({ host, sh }) => {
    await host.write(
      '/etc/docker/daemon.json',
      JSON.stringify({ labels: ['rack=1'], debug: true, bip: '172.30.0.1/16' }),
    );
    assert.equal((await sh('systemctl reload docker', FORCED)).code, 0);
    assert.equal((await sh("docker info --format '{{json .Labels}} {{.Debug}}'")).out, '["rack=1"] true\n');
    assert.equal(host.machine.engine.config.bip, undefined);
  }));

test('a reload of a broken or contradicting file changes nothing; a start with it fails', async () => {
  await onHost(
    { docker: { flags: ['--label=a=b', '--cluster-store=zk://z:2181'] } },
    async ({ host, sh }) => {
      await host.write(
        '/etc/docker/daemon.json',
        JSON.stringify({ 'cluster-store': STORE, 'cluster-advertise': 'a:1' }),
      );
      assert.equal((await sh('systemctl reload docker', FORCED)).code, 0);
      assert.equal(host.machine.engine.shown.store, 'zk://z:2181');
      const conflict =
        /the following directives are specified both as a flag and in the configuration file: cluster-store: \(from flag: zk:\/\/z:2181, from file: etcd:\/\/10\.0\.0\.11:2379\)/;
      assert.match((await sh('journalctl -u docker.service')).out, conflict);
      const restart = await sh('systemctl restart docker', FORCED);
      assert.equal(restart.code, 1);
      assert.match((await sh('systemctl is-active docker', FORCED)).out, /^(failed|activating)\n$/);
      assert.equal((await sh('docker ps')).code, 1);
      assert.equal(
        (await sh('docker ps')).err,
        'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?\n',
      );
      // `Restart=always`: with the file mended it comes back.
      await host.write('/etc/docker/daemon.json', '{}');
      assert.equal((await sh('systemctl start docker', FORCED)).code, 0);
    },
  );
});

test('what dockerd says of its configuration', () => {
  const dir = mkdtempSync(join(tmpdir(), 'docker-'));
  const file = join(dir, 'daemon.json');
  const { writeFileSync } = process.getBuiltinModule('node:fs');
  const load = (content: string, version: string, args: string[] = []) => {
    writeFileSync(file, content);
    return () => loadConfig(file, '/etc/docker/daemon.json', args, version);
  };
  const head = /^Error: unable to configure the Docker daemon with file \/etc\/docker\/daemon\.json: /;
  assert.throws(load('{"debug": true,}', '20.10.24'), head);
  for (const [content, message] of [
    ['{"debug": true,}', "invalid character '}' looking for beginning of object key string"],
    ['{"debug"', 'unexpected EOF'],
    ['{debug: true}', "invalid character 'd' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a": 1 "b": 2}', `invalid character '"' after object key:value pair`],
    ['{"a": tru}', "invalid character '}' in literal true (expecting 'e')"],
    ['{"a": [1 2]}', "invalid character '2' after array element"],
    ['{"a": "\n"}', "invalid character '\\n' in string literal"],
    ['hello', "invalid character 'h' looking for beginning of value"],
  ] as const) {
    assert.throws(
      load(content, '20.10.24'),
      (error: Error) => error.message.endsWith(`daemon.json: ${message}`),
      content,
    );
  }
  assert.throws(
    load('{"nonsense": 1}', '20.10.24'),
    /the following directives don't match any configuration option: nonsense$/,
  );
  const ours = JSON.stringify({ 'cluster-store': STORE, 'cluster-advertise': 'a:1' });
  assert.throws(
    load(ours, '23.0.6'),
    /don't match any configuration option: cluster-store, cluster-advertise$/,
  );
  assert.equal(load(ours, '1.13.1')().config['cluster-store'], STORE);
  assert.deepEqual(load('', '20.10.24')().file, {});
  rmSync(dir, { recursive: true });
});

test('Docker 23 has no store to show', () =>
  onHost({ docker: { version: '23.0.6' } }, async ({ sh }) => {
    assert.equal((await sh("docker version --format '{{.Server.Version}}'")).out, '23.0.6\n');
    const info = await sh("docker info --format '{{json .}}'");
    assert.equal('ClusterStore' in JSON.parse(info.out), false);
    assert.equal((await sh("docker info --format '{{.ClusterStore}}'")).code, 64);
  }));

test('a newer dockerd on the disk is what the next start runs', () =>
  onHost(
    {
      docker: {
        version: '20.10.24',
        versionOnDisk: '24.0.7',
        daemonJson: { 'cluster-store': STORE, 'cluster-advertise': 'a:1' },
      },
    },
    async ({ host, sh }) => {
      assert.equal(host.machine.engine.version, '20.10.24');
      assert.match((await sh('dockerd --version')).out, /^Docker version 24\.0\.7,/);
      assert.equal((await sh('systemctl restart docker', FORCED)).code, 1);
      assert.equal(host.machine.engine.running, false);
    },
  ));

test('docker info by version, and without an engine', async () => {
  await onHost(
    {
      docker: {
        version: '1.13.1',
        daemonJson: { 'cluster-store': STORE, 'cluster-advertise': '10.0.1.11:62376' },
      },
    },
    async ({ sh }) => {
      assert.match(
        (await sh('docker info')).out,
        /^Cluster Store: etcd:\/\/10\.0\.0\.11:2379\nCluster Advertise: 10\.0\.1\.11:62376$/m,
      );
    },
  );
  await onHost({ docker: { state: 'stopped' } }, async ({ sh }) => {
    const info = await sh("docker info --format '{{json .}}'");
    assert.equal(info.code, 1);
    assert.deepEqual(JSON.parse(info.out).ServerErrors, [
      'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    ]);
    assert.equal((await sh("docker version --format '{{.Server.Version}}'")).code, 1);
    assert.equal((await sh('docker run --rm busybox')).code, 125);
  });
});

test('containers: run, inspect, ps, stop, rm, and their names', () =>
  onHost({}, async ({ sh }) => {
    const run =
      'docker run -d --name web --net=host --label a=b --memory 256m --cpu-shares 204 -e K=V -v /var/run/x:/x nginx:1.25 serve';
    const first = await sh(run);
    assert.match(first.out, /^[0-9a-f]{64}\n$/);
    assert.match(first.err, /^Unable to find image 'nginx:1\.25' locally\n1\.25: Pulling from nginx\n/);
    const again = await sh(run);
    assert.equal(again.code, 125);
    assert.match(
      again.err,
      /Conflict\. The container name "\/web" is already in use by container "[0-9a-f]{64}"/,
    );
    const [object] = JSON.parse((await sh('docker inspect web')).out);
    assert.deepEqual(
      [
        object.State.Status,
        object.HostConfig.Memory,
        object.HostConfig.CpuShares,
        object.Config.Labels,
        object.Config.Env,
        object.HostConfig.Binds,
      ],
      ['running', 268435456, 204, { a: 'b' }, ['K=V'], ['/var/run/x:/x']],
    );
    assert.equal(
      (await sh("docker ps --filter name=web --format '{{.Names}} {{.Image}}'")).out,
      'web nginx:1.25\n',
    );
    assert.equal(
      (await sh('docker inspect -f \'{{.State.Running}} {{index .Config.Labels "a"}}\' web')).out,
      'true b\n',
    );
    const rm = await sh('docker rm web');
    assert.equal(rm.code, 1);
    assert.match(rm.err, /^Error response from daemon: You cannot remove a running container/);
    assert.equal((await sh('docker stop -t 1 web')).out, 'web\n');
    assert.equal((await sh('docker ps -q')).out, '');
    assert.equal((await sh('docker ps -aq')).out.length, 13);
    assert.equal((await sh('docker rm web')).out, 'web\n');
    assert.deepEqual(await sh('docker inspect --type container web'), {
      code: 1,
      out: '[]\n',
      err: 'Error: No such container: web\n',
    });
  }));

test('images: pull, inspect, remove, a registry that does not have it', () =>
  onHost({ docker: { registry: ['calico/node:v2.6.12'], images: ['busybox'] } }, async ({ sh }) => {
    assert.equal((await sh('docker image inspect calico/node:v2.6.12')).code, 1);
    const pull = await sh('docker --config /etc/registry pull calico/node:v2.6.12');
    assert.match(pull.out, /Status: Downloaded newer image for calico\/node:v2\.6\.12/);
    assert.equal((await sh('docker image inspect calico/node:v2.6.12')).code, 0);
    const none = await sh('docker pull calico/node:v9');
    assert.deepEqual(
      [none.code, none.err],
      [
        1,
        'Error response from daemon: manifest for calico/node:v9 not found: manifest unknown: manifest unknown\n',
      ],
    );
    assert.match(
      (await sh('docker images')).out,
      /^REPOSITORY +TAG +IMAGE ID +CREATED +SIZE\nbusybox +latest/,
    );
  }));

test('a restart of Docker ends every container; those that restart by themselves come back', () =>
  onHost({ docker: { containers: [{ name: 'task', image: 'app:1' }] } }, async ({ host, sh }) => {
    await sh('docker run -d --name gone app:1');
    const before = host.machine.engine.find('task')!.started;
    await until(() => Date.now() > before);
    await sh('systemctl restart docker', FORCED);
    assert.equal(host.machine.engine.find('gone')!.running, false);
    assert.equal(host.machine.engine.find('gone')!.exitCode, 137);
    assert.equal(host.machine.engine.find('task')!.running, true);
    assert.ok(host.machine.engine.find('task')!.started > before);
  }));
