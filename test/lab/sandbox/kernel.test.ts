// iptables, ipset, ip, modprobe and the like on a host, as a clean-up uses them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { onHost } from './on-host.ts';

test('chains go only when nothing refers to them and they are empty', () =>
  onHost({}, async ({ sh }) => {
    const setUp =
      'iptables -w -N cali-a && iptables -N cali-b && iptables -A cali-a -j cali-b && iptables -I FORWARD 1 -m comment --comment "cali:x y" -j cali-a';
    assert.deepEqual(await sh(setUp), { code: 0, out: '', err: '' });
    assert.match(
      (await sh('iptables -S FORWARD')).out,
      /^-P FORWARD ACCEPT\n-A FORWARD -m comment --comment "cali:x y" -j cali-a\n$/,
    );
    assert.match((await sh('iptables -X cali-a')).err, /Too many links/);
    assert.equal((await sh('iptables -D FORWARD -m comment --comment "cali:x y" -j cali-a')).code, 0);
    assert.equal((await sh('iptables -D FORWARD -m comment --comment "cali:x y" -j cali-a')).code, 1);
    assert.match((await sh('iptables -X cali-a')).err, /Directory not empty/);
    assert.equal((await sh('iptables -F cali-a && iptables -X cali-a && iptables -X cali-b')).code, 0);
    assert.match((await sh('iptables -F cali-a')).err, /No chain\/target\/match by that name/);
    assert.doesNotMatch((await sh('iptables-save')).out, /cali/);
    assert.equal((await sh('iptables -t nothing -S')).code, 3);
    assert.equal((await sh('ip6tables -w -t raw -S')).code, 0);
  }));

test('sets, routes, links and modules', () =>
  onHost({ kernelModules: ['ipip', 'ip_set'] }, async ({ host, sh }) => {
    assert.equal(
      (await sh('ipset create s hash:ip && iptables -A INPUT -m set --match-set s src -j DROP')).code,
      0,
    );
    assert.match((await sh('ipset destroy s')).err, /in use by a kernel component/);
    assert.equal((await sh('iptables -F INPUT; ipset destroy s')).code, 0);
    assert.equal((await sh('ipset destroy s')).code, 1);
    host.machine.kernel.routes.push({
      destination: '192.168.5.0/26',
      via: '10.0.1.12',
      dev: 'eth0',
      proto: 'bird',
    });
    assert.equal(
      (await sh('ip route show proto bird')).out,
      '192.168.5.0/26 via 10.0.1.12 dev eth0 proto bird \n',
    );
    assert.equal((await sh('ip route del 192.168.5.0/26')).code, 0);
    assert.equal((await sh('ip route del 192.168.5.0/26')).code, 2);
    assert.equal((await sh('ip -4 addr show dev tunl0')).code, 1);
    assert.equal((await sh('modprobe ipip && ip addr add 192.168.5.0/32 dev tunl0')).code, 0);
    assert.equal((await sh('ip addr del 192.168.5.0/32 dev tunl0')).code, 0);
    assert.equal((await sh('ip addr del 192.168.5.0/32 dev tunl0')).code, 2);
    assert.match((await sh('modprobe -n xt_set')).err, /^modprobe: FATAL: Module xt_set not found/);
    assert.match((await sh('lsmod')).out, /^ipip /m);
  }));

test('a task sees only itself, and the host’s name, kernel and disk', () =>
  onHost({ freeKilobytes: 1024 }, async ({ sh }) => {
    assert.equal((await sh('pidof dockerd')).code, 1);
    assert.equal((await sh('ps')).out.split('\n').length, 3);
    assert.deepEqual(
      [(await sh('uname -sr')).out, (await sh('hostname')).out],
      ['Linux 3.10.0-1160.el7.x86_64\n', '10.0.1.11\n'],
    );
    assert.match((await sh('df -kP /var/lib')).out, / 1024 +\d+% \/\n$/);
    assert.equal((await sh('sysctl -n net.ipv4.conf.all.rp_filter')).out, '2\n');
    assert.equal((await sh('getent hosts nowhere.example')).code, 2);
  }));
