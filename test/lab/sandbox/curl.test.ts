// curl on a host: where it reaches, its exit codes, and what it does with a download that goes wrong.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { type ArtifactServer, startArtifacts } from '../../../src/lab/artifacts/server.ts';
import { standIn } from '../../../src/lab/artifacts/stand-ins.ts';
import { type EtcdServer, startEtcd } from '../../../src/lab/etcd/server.ts';
import { onHost } from './on-host.ts';

let artifacts: ArtifactServer;
let etcd: EtcdServer;
before(async () => {
  artifacts = await startArtifacts();
  etcd = await startEtcd();
});
after(() => Promise.all([artifacts.stop(), etcd.stop()]));

const network = () => ({
  routes: { 'github.com': artifacts.url, '10.0.0.11:2379': etcd.url },
  srv: { '_etcd-server._tcp.etcd.mesos': ['10.0.0.11:2380'] },
});
const CALICO = 'https://github.com/projectcalico/cni-plugin/releases/download/v1.11.8/calico';

test('exit codes and messages', () =>
  onHost({ network: network() }, async ({ sh }) => {
    const cases: [string, number, RegExp][] = [
      ['curl -sS http://nowhere.example/', 6, /^curl: \(6\) Could not resolve host: nowhere\.example\n$/],
      ['curl -sS http://10.9.9.9:2379/', 7, /^curl: \(7\) Failed to connect to 10\.9\.9\.9 port 2379/],
      ['curl -sS http://localhost:2379/version', 7, /^curl: \(7\) Failed to connect to localhost port 2379/],
      ['curl -fsS https://github.com/nothing', 22, /^curl: \(22\) The requested URL returned error: 404\n$/],
      [`curl -sS --max-filesize 10 ${CALICO}`, 63, /^curl: \(63\) /],
      [`curl -sS -o /no/such/dir/x ${CALICO}`, 23, /^curl: \(23\) /],
      ['curl -sS --cacert /etc/none.pem https://github.com/', 77, /^curl: \(77\) /],
      ['curl -sS --unix-socket /run/docker/plugins/calico.sock http://x/Plugin.Activate', 7, /^curl: \(7\) /],
      ['curl -sS ftp://github.com/', 1, /^curl: \(1\) /],
      ['curl -sS', 2, /^curl: \(2\) /],
      ['curl -s http://nowhere.example/', 6, /^$/],
    ];
    for (const [line, code, err] of cases) {
      const got = await sh(line);
      assert.equal(got.code, code, line);
      assert.match(got.err, err, line);
    }
    assert.equal((await sh("curl -s -o x -w '%{http_code}' http://nowhere.example/")).out, '000');
    assert.equal(
      (await sh("curl -s -o x -w '%{http_code} %{size_download}' https://github.com/nothing")).out,
      '404 9',
    );
  }));

test('methods, forms, headers and standard input reach the server', () =>
  onHost({ network: network() }, async ({ sh }) => {
    const keys = 'http://10.0.0.11:2379/v2/keys';
    const put = await sh(`curl -sS -X PUT ${keys}/a/b --data-urlencode 'value=one & two' -d ttl=60`);
    assert.deepEqual(JSON.parse(put.out).node.value, 'one & two');
    assert.equal(
      JSON.parse((await sh(`printf three | curl -sS -X PUT ${keys}/c --data-urlencode value@-`)).out).node
        .value,
      'three',
    );
    const shown = await sh(
      `curl -q -sS -i --noproxy '*' --connect-timeout 5 --max-time 10 --url '${keys}/a?quorum=true'`,
    );
    assert.match(
      shown.out,
      /^HTTP\/1\.1 200 OK\r\n[\s\S]*x-etcd-cluster-id: 48276a8f75b6a87\r\n[\s\S]*\r\n\r\n\{"action":"get"/,
    );
    assert.equal(JSON.parse((await sh(`curl -sS -G -d recursive=true ${keys}/a`)).out).node.nodes.length, 1);
    assert.equal(
      (await sh(`curl -sS -X DELETE '${keys}/a?recursive=true' -o /dev/null -w '%{http_code}'`)).out,
      '200',
    );
    // Mesos-DNS, as it answers on a master.
    const srv = JSON.parse(
      (await sh('curl -sS http://leader.mesos:8123/v1/services/_etcd-server._tcp.etcd.mesos')).out,
    );
    assert.deepEqual([srv.length, srv[0].ip, srv[0].port], [1, '10.0.0.11', '2380']);
    const none = JSON.parse((await sh('curl -sS http://leader.mesos:8123/v1/services/_x._tcp.y.mesos')).out);
    assert.deepEqual(none, [{ service: '', host: '', ip: '', port: '' }]);
  }));

test('downloads: whole, wrong, short, slow, never', () =>
  onHost({ network: network() }, async ({ host, sh }) => {
    const wanted = standIn(CALICO)!;
    const get = (more = '') => sh(`curl -fsSL ${more} -o got ${CALICO}`);
    const got = () => readFileSync(host.path('/got'));
    assert.equal((await get()).code, 0);
    assert.deepEqual(got(), wanted.content);
    assert.deepEqual(artifacts.requests.at(-1), {
      host: 'github.com',
      path: '/projectcalico/cni-plugin/releases/download/v1.11.8/calico',
    });
    artifacts.setFaults([{ path: '/calico', kind: 'wrong', times: 1 }]);
    assert.equal((await get()).code, 0);
    assert.notDeepEqual(got(), wanted.content);
    assert.equal(got().length, wanted.content.length);
    artifacts.setFaults([{ path: '/calico', kind: 'short' }]);
    const short = await get();
    assert.equal(short.code, 18);
    assert.equal(got().length, wanted.content.length >> 1);
    artifacts.setFaults([{ path: '/calico', kind: 'status', status: 503 }]);
    assert.equal((await get()).code, 22);
    artifacts.setFaults([{ path: '/calico', kind: 'slow', ms: 50 }]);
    assert.equal((await get('-m 0.2')).code, 28);
    artifacts.setFaults([{ path: '/calico', kind: 'hang' }]);
    const hung = await get('-m 0.1');
    assert.equal(hung.code, 28);
    assert.match(hung.err, /Operation timed out/);
    artifacts.setFaults([{ path: '*', kind: 'login' }]);
    assert.equal((await get()).code, 0);
    assert.match(got().toString(), /^<html>/);
    artifacts.setFaults([]);
  }));

test('a killed curl leaves half a file', () =>
  onHost({ network: network() }, async ({ host, sh }) => {
    artifacts.setFaults([{ path: '/calico', kind: 'slow', ms: 20 }]);
    await sh(`curl -sS -o part ${CALICO} & until [ -s part ]; do :; done; kill -9 $!`);
    artifacts.setFaults([]);
    const size = readFileSync(host.path('/part')).length;
    assert.ok(size > 0 && size < standIn(CALICO)!.content.length);
  }));

test('the host’s curl breaks with the libraries of DC/OS 1.9', () =>
  onHost({ dcos: '1.9' }, async ({ sh }) => {
    const broken = await sh('curl -s http://x/', { LD_LIBRARY_PATH: '/opt/mesosphere/lib' });
    assert.equal(broken.code, 1);
    assert.match(broken.err, /CURL_OPENSSL_3' not found/);
  }));
