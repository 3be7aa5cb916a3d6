// Every kind of fault, from data.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FaultPlan, faultsProblem } from '../../../src/lab/sandbox/faults.ts';
import { bus, onHost } from './on-host.ts';

test('a command fails, is slow, hangs, answers nonsense, or does its work and says that it failed', () =>
  onHost(
    {
      faults: {
        docker: {
          pull: { fail: 1, stderr: 'no space left on device\n', times: 1 },
          create: { after: true, fail: 1 },
          info: { stdout: 'garbage', times: 1 },
        },
        curl: { '/slow': { slow: 50 }, '/hang': { hang: true } },
        busctl: { Reload: { fail: 1, skip: 1 } },
      },
    },
    async ({ host, sh }) => {
      assert.deepEqual(await sh('docker pull a:1'), { code: 1, out: '', err: 'no space left on device\n' });
      assert.equal((await sh('docker pull a:1')).code, 0);
      assert.equal((await sh('docker create --name x a:1')).code, 1);
      assert.ok(host.machine.engine.find('x'));
      assert.deepEqual(await sh('docker info'), { code: 0, out: 'garbage', err: '' });
      assert.match((await sh('docker info')).out, /Server Version/);
      const start = Date.now();
      assert.equal((await sh('curl -s http://localhost/slow')).code, 7);
      assert.ok(Date.now() - start >= 50);
      assert.equal((await sh('curl -s http://localhost/hang & sleep 0.2; kill $!; wait $!')).code, 143);
      assert.deepEqual([(await sh(bus('Reload'))).code, (await sh(bus('Reload'))).code], [0, 1]);
      host.setFaults({ docker: { '*': { fail: 3 } } });
      assert.equal((await sh('docker ps')).code, 3);
      assert.equal((await sh(bus('Reload'))).code, 0);
    },
  ));

test('daemons misbehave: a reload that has no effect, or kills dockerd', () =>
  onHost({ faults: { docker: { reload: 'ignored' } } }, async ({ host, sh }) => {
    await host.write('/etc/docker/daemon.json', '{"debug": true}');
    const hangUp = bus('KillUnit ssi docker.service main 1');
    await sh(hangUp);
    assert.equal(host.machine.engine.config.debug, undefined);
    host.setFaults({ docker: { reload: 'crash' } });
    await sh(hangUp);
    assert.equal(host.machine.engine.running, false);
    host.setFaults({ dockerd: { start: { fail: 1, stderr: 'out of memory' } } });
    assert.equal((await sh('systemctl start docker', { SYSTEMCTL_FORCE_BUS: '1' })).code, 1);
  }));

test('a full or read-only disk, for commands and for Python', () =>
  onHost({ faults: { disk: { '/etc/docker': 'read-only', '/var/lib/x': 'full' } } }, async ({ host, sh }) => {
    const full = await sh('mkdir -p "$DCOS_CALICO_ROOT/var/lib/x/y"');
    assert.deepEqual([full.code, /No space left on device/.test(full.err)], [1, true]);
    assert.equal((await sh('touch "$DCOS_CALICO_ROOT/var/lib/xy"')).code, 0);
    const python = (code: string) => sh(`python3 -c "import os; R=os.environ['DCOS_CALICO_ROOT']; ${code}"`);
    assert.match(
      (await python("open(R+'/etc/docker/daemon.json','w')")).err,
      /\[Errno 30\] Read-only file system/,
    );
    assert.match(
      (await python("os.rename(R+'/var/lib/xy', R+'/etc/docker/z')")).err,
      /Read-only file system/,
    );
    assert.equal((await python("open(R+'/etc/os-release').read()")).code, 0);
    host.setFaults({});
    assert.equal((await sh('mkdir -p "$DCOS_CALICO_ROOT/var/lib/x/y"')).code, 0);
  }));

test('chance comes from the seed alone', () => {
  const draws = (values: number[]) => {
    let at = 0;
    const plan = new FaultPlan({ a: { b: { fail: 1, chance: 0.5 } } }, () => values[at++]!);
    return values.map(() => plan.draw('a', ['b']) !== undefined);
  };
  assert.deepEqual(draws([0.1, 0.9, 0.4, 0.5]), [true, false, true, false]);
});

test('data that is no fault is refused with what is wrong', () => {
  assert.equal(faultsProblem({ docker: { reload: 'ignored', run: { fail: 1, times: 2 } } }), undefined);
  assert.match(faultsProblem([])!, /object by command/);
  assert.match(faultsProblem({ docker: 'x' })!, /of docker are an object by word/);
  assert.match(faultsProblem({ docker: { run: 7 } })!, /docker, run is neither/);
  assert.match(faultsProblem({ docker: { run: { fails: 1 } } })!, /has fails, which is none of fail, stdout/);
  assert.match(faultsProblem({ docker: { run: { fail: '1' } } })!, /fail is to be a number/);
  assert.match(faultsProblem({ docker: { run: { constructor: 1 } } })!, /has constructor/);
});
