// The sandbox grade as a whole: a task on a host reaches the lab's etcd and its downloads, and nothing else.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { standIn } from '../../../src/lab/artifacts/stand-ins.ts';
import { startSandbox } from '../../../src/lab/sandbox/place.ts';

const CMD = `
PATH=$DCOS_CALICO_ROOT/usr/bin
curl -fsS -o calico https://github.com/projectcalico/cni-plugin/releases/download/v1.11.8/calico
curl -fsS http://leader.mesos:8123/v1/services/_etcd-server._tcp.etcd.mesos >srv
curl -fsS http://10.0.0.12:2380/members >members
curl -fsS -X PUT http://10.0.0.13:2379/v2/keys/seen -d value=yes >/dev/null
curl -sS http://example.com/ 2>elsewhere
exit $?
`;

test('a task reaches what it needs, and the directory goes with the sandbox', async () => {
  const place = await startSandbox();
  const dir = dirname(place.hostRoot('10.0.1.11'));
  try {
    await place.runner.addAgent({
      id: 'S1',
      host: '10.0.1.11',
      public: false,
      machine: { docker: { version: '19.03.15' } },
      faults: { curl: { '/seen': { fail: 28, times: 0 } } },
    });
    const ended = Promise.withResolvers<number | null>();
    const task = place.runner.start(
      {
        id: 't.1',
        appId: '/t',
        frameworkId: 'F',
        agentId: 'S1',
        cmd: CMD,
        env: {},
        user: 'root',
        role: '*',
        cpus: 0.1,
        mem: 32,
        disk: 0,
        ports: [],
        killGraceSeconds: 3,
      },
      ({ code }) => ended.resolve(code),
    );
    assert.equal(await ended.promise, 6);
    const text = async (name: string) => Buffer.from((await task.read(name)) ?? []).toString();
    assert.equal(await text('calico'), standIn('https://x/calico')!.content.toString());
    assert.equal(JSON.parse(await text('srv')).length, 3);
    assert.deepEqual(JSON.parse(await text('members'))[0].peerURLs, ['http://10.0.0.11:2380']);
    assert.equal(place.etcd.store.get('/seen').node.value, 'yes');
    assert.match(await text('elsewhere'), /Could not resolve host: example\.com/);
    assert.equal(place.runner.host('S1').machine.engine.version, '19.03.15');
  } finally {
    await place.stop();
  }
  assert.equal(existsSync(dir), false);
});
