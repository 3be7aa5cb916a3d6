import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { assertSame, type Bench, type HostOptions, onHost } from './bench.ts';
import { optionsWith } from './options.ts';
import { FILES, sha256 } from './world.ts';

const NETWORKS = '/opt/mesosphere/etc/dcos/network/cni';
const PLUGINS = '/opt/mesosphere/active/cni';

test('both plugins, then the network; temporary files never in the directory that Mesos reads', async () => {
  await onHost({}, async (bench) => {
    const before = bench.picture();
    const task = bench.run('cni');
    await task.until('waiting for turn');
    assertSame(bench.picture(), before);
    const seen = new Set<string>();
    const { watch } = await import('node:fs');
    const watcher = watch(bench.host.path(NETWORKS), (_, name) => seen.add(String(name)));
    await bench.giveTurn();
    const ready = await task.until('ready');
    watcher.close();
    for (const name of ['calico', 'calico-ipam']) {
      assert.deepEqual(readFileSync(bench.host.path(`${PLUGINS}/${name}`)), FILES[name]);
      assert.equal(statSync(bench.host.path(`${PLUGINS}/${name}`)).mode & 0o777, 0o755);
    }
    assert.deepEqual(JSON.parse((await bench.host.read(`${NETWORKS}/calico.cni`))!), {
      name: 'calico',
      cniVersion: '0.1.0',
      type: 'calico',
      nodename: '10.0.1.11',
      etcd_endpoints: 'http://localhost:2379',
      ipam: { type: 'calico-ipam' },
    });
    assert.deepEqual([...seen], ['calico.cni']);
    assert.deepEqual(readdirSync(bench.host.path(NETWORKS)).sort(), ['calico.cni', 'dummy.cni']);
    const { artifacts } = ready.detail as { artifacts: Record<string, { sha256: string; checked: string }> };
    assert.equal(artifacts.calico!.sha256, sha256(FILES.calico!));
    assert.match(artifacts.calico!.checked, /^not: the options have no sum$/);
  });
});

test('a second run changes nothing', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn();
    await bench.bring('cni');
    const after = bench.picture();
    const asked = bench.world.asked.length;
    await bench.bring('cni');
    assertSame(bench.picture(), after);
    assert.equal(bench.world.asked.length, asked);
  });
});

test('a DC/OS upgrade takes both files away: the unit puts them back, and the step does without a turn', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn();
    await bench.bring('cni');
    await bench.endTurn();
    const after = bench.picture();
    const lose = () => {
      for (const name of ['calico', 'calico-ipam']) rmSync(bench.host.path(`${PLUGINS}/${name}`));
      rmSync(bench.host.path(`${NETWORKS}/calico.cni`));
    };
    lose();
    await bench.host.machine.systemd.restart('dcos-mesos-slave.service');
    assertSame({ ...bench.picture(), 'model: units': '' }, { ...after, 'model: units': '' });
    lose();
    await bench.bring('cni');
    assertSame({ ...bench.picture(), 'model: units': '' }, { ...after, 'model: units': '' });
    chmodSync(bench.host.path(`${PLUGINS}/calico`), 0o644);
    await bench.bring('cni');
    assert.equal(statSync(bench.host.path(`${PLUGINS}/calico`)).mode & 0o777, 0o755);
  });
});

test('what was changed by hand is drift, and waits for its turn', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn();
    await bench.bring('cni');
    await bench.endTurn();
    writeFileSync(
      bench.host.path(`${NETWORKS}/calico.cni`),
      '{"name": "calico", "type": "calico", "mtu": 1400}\n',
    );
    const task = bench.run('cni');
    const status = await task.until('drifted');
    assert.match(status.reason, /calico\.cni/);
    assert.deepEqual(status.needs, ['turn']);
    await bench.giveTurn();
    await task.until('ready');
  });
});

test('earlier files are kept and come back when the step goes', async () => {
  const earlier = '{"name": "calico", "type": "calico", "etcd_authority": "10.0.0.1:2379"}\n';
  await onHost({ files: { [`${NETWORKS}/calico.cni`]: earlier } }, async (bench) => {
    writeFileSync(bench.host.path(`${PLUGINS}/calico`), 'an earlier plugin', { mode: 0o755 });
    const before = bench.picture();
    await bench.giveTurn();
    await bench.bring('cni');
    assert.notEqual(await bench.host.read(`${NETWORKS}/calico.cni`), earlier);
    await bench.bring('cni', { mode: 'absent' });
    assertSame(bench.picture(), before);
  });
});

test('off again leaves the host as it was', async () => {
  await onHost({}, async (bench) => {
    const before = bench.picture();
    await bench.giveTurn();
    await bench.bring('cni');
    await bench.endTurn();
    const task = bench.run('cni', { mode: 'absent', version: '2026-11-25T00:00:00.000Z' });
    await task.until('waiting for turn');
    await bench.giveTurn();
    await task.until('ready');
    assertSame(bench.picture(), before);
  });
});

test('the network of an earlier Calico goes on under its name: ours is there before theirs goes, and theirs comes back', async () => {
  const theirs = '{"name": "calico", "type": "calico", "etcd_endpoints": "http://10.0.0.11:2379"}\n';
  await onHost({ files: { [`${NETWORKS}/10-calico.conf`]: theirs } }, async (bench) => {
    const before = bench.picture();
    const task = bench.run('cni');
    const waiting = await task.until('waiting for turn');
    assert.ok(
      (waiting.detail.would as string[]).includes(
        `take the place of ${NETWORKS}/10-calico.conf, which an earlier Calico left`,
      ),
    );
    await bench.giveTurn();
    await task.until('ready');
    assert.deepEqual(readdirSync(bench.host.path(NETWORKS)).sort(), ['calico.cni', 'dummy.cni']);
    await task.stop();
    await bench.bring('cni', { mode: 'absent', version: '2026-11-25T00:00:00.000Z' });
    assertSame(bench.picture(), before);
    assert.equal(await bench.host.read(`${NETWORKS}/10-calico.conf`), theirs);
  });
});

interface Stop {
  name: string;
  host?: HostOptions;
  prepare?(bench: Bench): void;
  options?: ReturnType<typeof optionsWith>;
  state?: string;
  reason: RegExp;
}

const STOPS: Stop[] = [
  {
    name: 'another file with the same network',
    host: { files: { [`${NETWORKS}/calico.conf`]: '{"name": "calico", "type": "bridge"}' } },
    reason: /network\/cni\/calico\.conf has a network of the same name, and not of Calico/,
  },
  {
    name: 'a file of that name that is no Calico network',
    host: { files: { [`${NETWORKS}/calico.cni`]: '{"name": "mine", "type": "bridge"}' } },
    reason: /calico\.cni is there, and is not a network of Calico/,
  },
  {
    name: 'no such directory',
    options: optionsWith({ cni: { 'cni-config-dir': '/nowhere' } }),
    reason: /the directory \/nowhere is not there/,
  },
  {
    name: 'a file with another sum',
    options: optionsWith({
      artifacts: { calico: { url: 'https://github.com/x/calico', sha256: 'a'.repeat(64) } },
    }),
    reason:
      /calico cannot be fetched: https:\/\/github\.com\/x\/calico: its SHA-256 is [0-9a-f]{64}, not a{64}/,
  },
  {
    name: 'a server that has it not',
    prepare: (bench) => bench.world.instead.set('calico', (response) => response.writeHead(404).end()),
    reason: /calico cannot be fetched: https:\/\/github\.com\/.*error: 404/,
  },
  {
    name: 'an answer that breaks off',
    prepare: (bench) =>
      bench.world.instead.set('calico', (response) => {
        response.writeHead(200, { 'Content-Length': 1000 });
        response.write('half', () => response.destroy());
      }),
    reason: /cannot be fetched: .*(transfer closed|remaining)/,
  },
  {
    name: 'an empty file',
    prepare: (bench) => bench.world.instead.set('calico', (response) => response.writeHead(200).end()),
    reason: /cannot be fetched: .*it is empty/,
  },
  {
    name: 'a file that says it is too large',
    prepare: (bench) =>
      bench.world.instead.set('calico', (response) => {
        response.writeHead(200, { 'Content-Length': 400 * 1024 * 1024 });
        response.write('x', () => {});
      }),
    reason: /cannot be fetched: .*(file size|larger)/i,
  },
];

for (const { name, host, prepare, options, state, reason } of STOPS) {
  test(`stops, and leaves both directories as they are: ${name}`, async () => {
    await onHost(host ?? {}, async (bench) => {
      prepare?.(bench);
      await bench.giveTurn();
      const look = () => [NETWORKS, PLUGINS].map((each) => readdirSync(bench.host.path(each)).sort());
      const before = look();
      assert.match((await bench.run('cni', { options }).until(state ?? 'failed')).reason, reason);
      assert.deepEqual(look(), before);
    });
  });
}

test('mirrors come first, in their order, and the artifact own URL last', async () => {
  await onHost({}, async (bench) => {
    await bench.giveTurn();
    const options = optionsWith({
      artifacts: { mirrors: ['http://gone.example/a/', 'http://mirror.example/b'] },
    });
    await bench.bring('cni', { options });
    assert.deepEqual(
      bench.world.asked.filter((each) => each.endsWith('/calico')),
      ['GET /b/calico'],
    );
    const urls = bench.host.calls.filter(({ name }) => name === 'curl').map(({ args }) => args.at(-1));
    assert.deepEqual(urls.slice(0, 2), ['http://gone.example/a/calico', 'http://mirror.example/b/calico']);
  });
});

test('a server at its limit is asked again, later, before anything has failed', async () => {
  await onHost({}, async (bench) => {
    let refused = 0;
    bench.world.instead.set('calico', (response) => {
      if (++refused === 2) bench.world.instead.delete('calico');
      response.writeHead(503).end();
    });
    await bench.giveTurn();
    const running = bench.run('cni');
    const status = await running.until(({ state }) => state === 'ready' || state === 'failed');
    assert.equal(status.state, 'ready', status.reason);
    assert.equal(refused, 2);
  });
});

test('an agent whose flags look elsewhere needs a restart, which is not done here', async () => {
  await onHost({}, async (bench) => {
    mkdirSync(bench.host.path('/opt/cni'));
    await bench.giveTurn();
    const options = optionsWith({ cni: { 'cni-plugins-dir': '/opt/cni' } });
    const status = await bench.run('cni', { options }).until('restart pending');
    assert.match(status.reason, /looks for plugins in .*, not in \/opt\/cni/);
    assert.deepEqual(status.needs, ['restart agent', 'plan']);
  });
});

test('flags set by the operator count', async () => {
  await onHost(
    { files: { '/var/lib/dcos/mesos-slave-common': 'MESOS_NETWORK_CNI_PLUGINS_DIR="/opt/cni:/opt/more"\n' } },
    async (bench) => {
      mkdirSync(bench.host.path('/opt/cni'));
      await bench.giveTurn();
      await bench.bring('cni', { options: optionsWith({ cni: { 'cni-plugins-dir': '/opt/cni/' } }) });
    },
  );
});

test('another directory: the files go over to it, and the former one is as it was; off again both are', async () => {
  const flags = `MESOS_NETWORK_CNI_PLUGINS_DIR="/opt/cni:${PLUGINS}"\n`;
  const files = {
    '/var/lib/dcos/mesos-slave-common': flags,
    '/opt/cni/calico': 'earliest\n',
    '/opt/cni/bridge': 'theirs\n',
  };
  await onHost({ files }, async (bench) => {
    writeFileSync(bench.host.path(`${PLUGINS}/calico`), 'earlier\n');
    const before = bench.picture();
    await bench.giveTurn();
    await bench.bring('cni', { options: optionsWith({ cni: { 'cni-plugins-dir': PLUGINS } }) });
    const options = optionsWith({ cni: { 'cni-plugins-dir': '/opt/cni/' } });
    await bench.bring('cni', { options, version: '2026-11-25T00:00:00.000Z' });
    assert.equal(await bench.host.read(`${PLUGINS}/calico`), 'earlier\n');
    assert.equal(await bench.host.read(`${PLUGINS}/calico-ipam`), undefined);
    assert.deepEqual(readFileSync(bench.host.path('/opt/cni/calico')), FILES.calico);
    assert.ok(await bench.host.read(`${NETWORKS}/calico.cni`), 'the network stays where it is');
    await bench.bring('cni', { mode: 'absent', version: '2026-11-26T00:00:00.000Z' });
    assertSame(bench.picture(), before);
  });
});

test('files that are lost while another directory waits for its flags: what was there before goes to no other directory', async () => {
  const files = { '/opt/cni/calico': 'earliest\n' };
  await onHost({ files }, async (bench) => {
    const before = bench.picture();
    await bench.giveTurn();
    await bench.bring('cni');
    const options = optionsWith({ cni: { 'cni-plugins-dir': '/opt/cni' } });
    const moved = bench.run('cni', { options, version: '2026-11-25T00:00:00.000Z' });
    await moved.until('restart pending');
    await moved.stop();
    rmSync(bench.host.path('/opt/cni/calico-ipam'));
    const again = bench.run('cni', { options, version: '2026-11-25T00:00:00.000Z' });
    await again.until('restart pending');
    await again.stop();
    assert.deepEqual(readFileSync(bench.host.path('/opt/cni/calico-ipam')), FILES['calico-ipam']);
    await bench.bring('cni', { mode: 'absent', version: '2026-11-26T00:00:00.000Z' });
    assertSame(bench.picture(), before);
  });
});

test("a network of somebody's own in calico.conf, where DC/OS's Calico is off, is not DC/OS's", async () => {
  await onHost({ dcos: '2.2' }, async (bench) => {
    mkdirSync(bench.host.path('/opt/mesosphere/active/calico'));
    const file = bench.host.path('/opt/mesosphere/etc/dcos/network/cni/calico.conf');
    writeFileSync(file, '{"name": "other", "type": "calico"}\n');
    await bench.giveTurn();
    await bench.bring('cni');
  });
});

test('native Calico: the step stands down', async () => {
  await onHost({ dcos: '2.1', nativeCalico: true }, async (bench) => {
    await bench.giveTurn();
    const before = bench.picture();
    assert.match(
      (await bench.run('cni').until('failed')).reason,
      /^DC\/OS runs its own Calico on this agent/,
    );
    assertSame(bench.picture(), before);
    await bench.bring('cni', { mode: 'absent', version: '2026-11-25T00:00:00.000Z' });
    assertSame(bench.picture(), before);
  });
});
