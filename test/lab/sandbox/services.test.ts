// What Calico's own daemons do on a host: the etcd proxy, libnetwork, calico/node.
import assert from 'node:assert/strict';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { standIn } from '../../../src/lab/artifacts/stand-ins.ts';
import { type EtcdServer, startEtcd } from '../../../src/lab/etcd/server.ts';
import type { Host } from '../../../src/lab/sandbox/host.ts';
import { bus, onHost, until } from './on-host.ts';

let etcd: EtcdServer;
before(async () => {
  etcd = await startEtcd();
});
after(() => etcd.stop());

const FORCED = { SYSTEMCTL_FORCE_BUS: '1' };
const network = () => ({
  routes: { '10.0.0.11': etcd.url },
  srv: { '_etcd-server._tcp.etcd.mesos': ['10.0.0.11:2380'] },
});

async function proxyUnit(
  host: Host,
  flags: string,
  sh: (line: string) => Promise<{ code: number }>,
  version = '3.3.27',
): Promise<void> {
  const archive = standIn(
    `https://github.com/etcd-io/etcd/releases/download/v${version}/etcd-v${version}-linux-amd64.tar.gz`,
  )!;
  writeFileSync(host.path('/tmp/etcd.tar.gz'), archive.content);
  mkdirSync(host.path('/opt/dcos-calico/bin'), { recursive: true });
  const unpacked = await sh(
    "python3 -c \"import tarfile; tarfile.open('tmp/etcd.tar.gz').extractall('tmp')\" && mv tmp/etcd-v*-linux-amd64/etcd opt/dcos-calico/bin/etcd",
  );
  assert.equal(unpacked.code, 0);
  writeFileSync(
    host.path('/etc/systemd/system/proxy.service'),
    `[Service]\nExecStart=/opt/dcos-calico/bin/etcd --proxy=on --data-dir=/var/lib/proxy --listen-client-urls=http://127.0.0.1:2379 ${flags}\nRestart=always\nRestartSec=0\nStartLimitInterval=0\n[Install]\nWantedBy=multi-user.target\n`,
  );
}

test('etcd 3.4 finds no members by a record that has none for TLS beside it; by their addresses it does', () =>
  onHost({ network: network() }, async ({ host, sh }) => {
    const ask = () => sh('curl -fsS http://localhost:2379/health');
    await proxyUnit(host, '--discovery-srv=etcd.mesos', sh, '3.4.23');
    await sh(bus('StartUnit ss proxy.service replace'));
    await until(async () =>
      (await sh('journalctl -u proxy')).out.includes('error querying DNS SRV records for _etcd-server-ssl'),
    );
    await sh(bus('StopUnit ss proxy.service replace'));
    await proxyUnit(host, '--initial-cluster=etcd0=http://10.0.0.11:2380', sh, '3.4.23');
    await sh(bus('Reload'));
    await sh(bus('StartUnit ss proxy.service replace'));
    await until(async () => (await ask()).code === 0);
  }));

test('the proxy answers while its unit runs, remembers its members, and is back after a reboot', () =>
  onHost({ network: network() }, async ({ host, sh }) => {
    await proxyUnit(host, '"--discovery-srv=etcd.mesos"', sh);
    assert.match((await sh('opt/dcos-calico/bin/etcd --version')).out, /^etcd Version: 3\.3\.27\n/);
    const ask = () => sh('curl -fsS http://localhost:2379/health');
    assert.equal((await ask()).code, 7);
    assert.equal((await sh(bus('StartUnit ss proxy.service replace'))).code, 0);
    await until(async () => (await ask()).code === 0);
    assert.equal((await ask()).out, '{"health":"true"}');
    await until(async () => (await host.read('/var/lib/proxy/proxy/cluster')) !== undefined);
    assert.equal(await host.read('/var/lib/proxy/proxy/cluster'), '{"PeerURLs":["http://10.0.0.11:2380"]}');
    await sh('systemctl enable proxy', FORCED);
    // The record is gone: what it remembers is enough.
    host.machine.reach.set({ routes: network().routes });
    await host.reboot();
    assert.equal((await ask()).out, '{"health":"true"}');
    etcd.setTrouble('down');
    const dead = await sh("curl -sS -o /dev/null -w '%{http_code}' http://localhost:2379/health");
    assert.equal(dead.out, '502');
    assert.equal(
      (await sh('curl -sS http://localhost:2379/health')).out,
      '{"message":"httpproxy: zero endpoints currently available"}',
    );
    etcd.setTrouble(undefined);
  }));

test('a proxy that finds no record, a taken port, or no program fails, and says why in the journal', () =>
  onHost({ network: { routes: network().routes }, portsInUse: { 2379: 'etcd' } }, async ({ host, sh }) => {
    await proxyUnit(host, '--discovery-srv=etcd.mesos', sh);
    const { systemd } = host.machine;
    await sh('systemctl start proxy', FORCED);
    await until(() => systemd.unit('proxy.service').restarts > 1);
    assert.match(
      (await sh('journalctl -u proxy')).out,
      /lookup _etcd-server\._tcp\.etcd\.mesos .*no such host/,
    );
    host.machine.reach.set(network());
    await until(async () => /bind: address already in use/.test((await sh('journalctl -u proxy -n 5')).out));
    host.machine.reach.ports.delete(2379);
    await until(() => systemd.unit('proxy.service').active === 'active');
    writeFileSync(host.path('/opt/dcos-calico/bin/etcd'), '<html>');
    await sh('systemctl restart proxy', FORCED);
    await until(() => systemd.unit('proxy.service').exitCode === 203);
  }));

const RUN_NODE =
  'docker run -d --name calico-node --net=host --privileged -e NODENAME=10.0.1.11 -e ETCD_ENDPOINTS=http://10.0.0.11:2379 -e IP=10.0.1.11 -v /var/run/calico:/var/run/calico -v /run/docker/plugins:/run/docker/plugins';

test('calico/node reports, peers, and leaves its marks in the kernel', () =>
  onHost({ network: network() }, async ({ host, sh }) => {
    etcd.store.set('/calico/bgp/v1/host/10.0.1.12/ip_addr_v4', { value: '10.0.1.12' });
    etcd.store.set('/calico/bgp/v1/host/10.0.1.13/ip_addr_v4', { value: '10.0.1.13' });
    etcd.store.set('/calico/felix/v1/host/10.0.1.12/status', { value: '{}', ttl: 90 });
    await sh(
      `${RUN_NODE} -e FELIX_IGNORELOOSERPF=true -e CALICO_LIBNETWORK_ENABLED=false -e CALICO_IPV4POOL_IPIP=always quay.io/calico/node:v2.6.12`,
    );
    const status = 'curl -fsS http://10.0.0.11:2379/v2/keys/calico/felix/v1/host/10.0.1.11/status';
    await until(async () => (await sh(status)).code === 0);
    const { node } = JSON.parse((await sh(status)).out);
    assert.deepEqual(
      [node.ttl, Object.keys(JSON.parse(node.value))],
      [90, ['time', 'uptime', 'first_update']],
    );
    const birds = (await sh('docker exec calico-node birdcl -s /var/run/calico/bird.ctl show protocols')).out;
    assert.match(birds, /^Mesh_10_0_1_12 BGP +master +up +[\d:]+ +Established *$/m);
    assert.match(birds, /^Mesh_10_0_1_13 BGP +master +start +[\d:]+ +Connect *$/m);
    assert.ok(statSync(host.path('/run/calico/bird.ctl')).isSocket());
    assert.match((await sh('iptables -w -t filter -S')).out, /^-A FORWARD .*-j cali-FORWARD$/m);
    assert.match((await sh('ipset list -n')).out, /^cali4-/m);
    assert.match((await sh('ip route show proto bird')).out, /^blackhole 192\.168\.11\.0\/26 proto bird/);
    assert.match((await sh('ip -4 addr show dev tunl0')).out, /inet 192\.168\.11\.0\/32/);
    assert.match((await sh('ss -ltn')).out, /:179 /);
    assert.equal((await sh('[ -S run/docker/plugins/calico.sock ]')).code, 1);
    await sh('docker rm -f calico-node');
    assert.match((await sh('ipset list -n')).out, /^cali4-/m);
    assert.equal((await sh('[ -S run/calico/bird.ctl ]')).code, 1);
  }));

test('Felix does not run where rp_filter is loose and it was not told to ignore it', () =>
  onHost({ network: network(), address: '10.0.1.20' }, async ({ host, sh }) => {
    await sh(`${RUN_NODE.replaceAll('10.0.1.11', '10.0.1.20')} quay.io/calico/node:v2.6.12`);
    await until(async () => /RPF check is set to 'loose'/.test((await sh('docker logs calico-node')).out));
    assert.equal(host.machine.engine.find('calico-node')!.running, true);
    assert.throws(() => etcd.store.get('/calico/felix/v1/host/10.0.1.20/status'), /Key not found/);
  }));

test('without its datastore calico/node ends, or waits if it was told to', () =>
  onHost({}, async ({ host, sh }) => {
    await sh(`${RUN_NODE} quay.io/calico/node:v2.6.12`);
    await until(() => host.machine.engine.find('calico-node')!.running === false);
    assert.match((await sh('docker logs calico-node')).out, /Unable to access datastore/);
    await sh(`docker rm calico-node; ${RUN_NODE} -e WAIT_FOR_DATASTORE=true quay.io/calico/node:v2.6.12`);
    await until(async () => /will retry/.test((await sh('docker logs calico-node')).out));
    assert.equal(host.machine.engine.find('calico-node')!.running, true);
  }));

test('the libnetwork plugin answers at its socket while its container runs and sees the directory', () =>
  onHost({ network: network() }, async ({ host, sh }) => {
    const activate =
      'curl -fsS -X POST --unix-socket "$DCOS_CALICO_ROOT/run/docker/plugins/calico.sock" http://localhost/Plugin.Activate';
    const run = 'docker run -d --name plugin --net=host --privileged -e ETCD_ENDPOINTS=http://10.0.0.11:2379';
    await sh(`${run} quay.io/calico/libnetwork-plugin:v1.1.3`);
    assert.equal((await sh(activate)).code, 7);
    await sh(
      `docker rm -f plugin; ${run} -v /run/docker/plugins:/run/docker/plugins quay.io/calico/libnetwork-plugin:v1.1.3`,
    );
    assert.deepEqual(await sh(activate), { code: 0, out: '{"Implements": ["NetworkDriver"]}\n', err: '' });
    await until(() => {
      try {
        return statSync(join(host.root, 'run/docker/plugins/calico.sock')).isSocket();
      } catch {
        return false;
      }
    });
    // A network of Calico needs the plugin and the engine's store.
    const create = await sh('docker network create --driver calico --ipam-driver calico-ipam net1');
    assert.match(create.err, /datastore for scope "global" is not initialized/);
    await sh('docker stop plugin');
    assert.equal((await sh(activate)).code, 7);
    assert.equal((await sh('[ -e run/docker/plugins/calico.sock ]')).code, 1);
  }));

test('a unit that runs a container: restarted when the container ends, stopped with it', () =>
  onHost({ network: network() }, async ({ host, sh }) => {
    writeFileSync(
      host.path('/etc/systemd/system/c.service'),
      '[Service]\nExecStartPre=-/usr/bin/docker rm -f c\nExecStart=/usr/bin/docker "run" "--name" "c" "--label" "cost=$$5 100%%" "app:1"\nExecStop=-/usr/bin/docker stop -t 10 c\nRestart=always\nRestartSec=0\nStartLimitInterval=0\n',
    );
    await sh('systemctl start c', FORCED);
    const container = () => host.machine.engine.find('c');
    await until(() => container()?.running === true);
    assert.equal(container()!.options.labels.cost, '$5 100%');
    const { id } = container()!;
    await sh('docker kill c');
    await until(() => container()?.running === true && container()!.id !== id);
    await sh('systemctl stop c', FORCED);
    assert.equal(container()!.running, false);
    // As `docker run` ends with the container's code, systemd calls it a failure.
    assert.equal((await sh('systemctl is-active c', FORCED)).out, 'failed\n');
  }));
