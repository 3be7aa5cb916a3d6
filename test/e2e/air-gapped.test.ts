// An install without internet: agents that reach nothing but etcd, a web server with the files of the bundle, and a registry with its
// images, by the options that the bundle has.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, test } from 'node:test';
import { makeBundle } from '../../scripts/package/bundle/make.ts';
import { sourcesOf } from '../../scripts/package/bundle/sources.ts';
import { startLab } from '../../src/lab/lab.ts';
import { startSandbox } from '../../src/lab/sandbox/place.ts';
import { SandboxRunner } from '../../src/lab/sandbox/runner.ts';
import { defaultOptions } from '../../src/options/defaults.ts';
import { addImage, startSources } from '../package/bundle-sources.ts';
import { buildBundle } from '../status/bundle.ts';

const program = buildBundle();
const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-air-gapped-'));
const stops: (() => unknown)[] = [
  () => program.remove(),
  () => rmSync(folder, { recursive: true, force: true }),
];
after(async () => {
  for (const stop of stops.reverse()) await stop();
});

/** The web server of README.txt, and what it was asked for. */
async function serve(directory: string): Promise<{ url: string; asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const name = basename(request.url!);
    asked.push(name);
    response.end(readFileSync(join(directory, name)));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  stops.push(() => new Promise<void>((closed) => server.close(() => closed())));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

test('the bundle is all that an install needs', async () => {
  const place = await startSandbox();
  stops.push(() => place.stop());
  const registry = await startSources();
  stops.push(() => registry.stop());
  addImage(registry.answers, 'calico/node', 'v2.6.12', 'node');
  addImage(registry.answers, 'calico/libnetwork-plugin', 'v1.1.3', 'libnetwork');
  const { name } = await makeBundle({
    options: defaultOptions(),
    sources: sourcesOf([`github.com=${place.artifacts.url}`, `quay.io=${registry.url}`]),
    places: { mirror: 'http://10.0.0.9:8000', registry: '10.0.0.9:5000' },
    version: '1.2.3',
    out: folder,
    say: () => undefined,
  });
  execFileSync('tar', ['-xf', join(folder, name), '-C', folder]);
  const inside = join(folder, name.replace(/\.tar$/, ''));
  const mirror = await serve(join(inside, 'files'));

  const routes: Record<string, string> = { '10.0.0.9:8000': mirror.url };
  for (const { host, ip } of place.members) {
    routes[ip] = place.etcd.url;
    routes[host.replace(/\.$/, '')] = place.etcd.url;
  }
  const srv = { '_etcd-server._tcp.etcd.mesos': place.members.map(({ ip, port }) => `${ip}:${port}`) };
  const runner = new SandboxRunner({ dir: join(folder, 'hosts'), network: { routes, srv } });
  const images = ['10.0.0.9:5000/calico/node:v2.6.12', '10.0.0.9:5000/calico/libnetwork-plugin:v1.1.3'];
  const lab = await startLab({
    runner,
    dcos: '2.0',
    agents: [{ host: '10.0.1.11', public: false, machine: { docker: { registry: images } } }],
    srv: { '_etcd-server._tcp.etcd.mesos': place.members },
  });
  stops.push(() => lab.stop());

  const run = (...args: string[]) => program.run(lab.url, args, undefined, lab.token);
  const without = await run('install', '--yes', '--set', 'rollout.settle-seconds=1');
  assert.equal(without.code, 1, 'without the bundle there is nothing to install from');
  const installed = await run(
    'install',
    '--yes',
    '--options',
    join(inside, 'calico.json'),
    '--set',
    'rollout.settle-seconds=1',
  );
  assert.equal(installed.code, 0, installed.stdout + installed.stderr);
  assert.deepEqual([...new Set(mirror.asked)].sort(), [
    'calico',
    'calico-ipam',
    'etcd-v3.3.27-linux-amd64.tar.gz',
  ]);
});
