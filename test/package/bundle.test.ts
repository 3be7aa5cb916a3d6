// The bundle for clusters without internet: what is in it, that it depends on its content alone, and what is said when a part is lacking.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { UNKNOWN } from '../../scripts/package/bundle/contents.ts';
import { type BundleRequest, Incomplete, makeBundle } from '../../scripts/package/bundle/make.ts';
import { archiveName, imageName, loadedName } from '../../scripts/package/bundle/registry.ts';
import { resolved, sourcesOf } from '../../scripts/package/bundle/sources.ts';
import { defaultOptions } from '../../src/options/defaults.ts';
import { loadOptions } from '../../src/options/load.ts';
import { addImage, type SourcesServer, startSources } from './bundle-sources.ts';

const PLACES = { mirror: 'http://10.0.0.9:8000', registry: '10.0.0.9:5000' };
const NODE = 'quay.io/calico/node:v2.6.12';

function folderOf(t: TestContext): string {
  const folder = mkdtempSync(join(tmpdir(), 'dcos-calico-bundle-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Everything that the default options name. */
async function sources(t: TestContext): Promise<{ server: SourcesServer; layers: string[] }> {
  const server = await startSources();
  t.after(() => server.stop());
  const { artifacts } = defaultOptions();
  for (const name of ['etcd', 'calico', 'calico-ipam', 'calicoctl'] as const)
    server.answers.set(new URL(artifacts[name].url).pathname, { body: `the file ${name}` });
  const layers = addImage(server.answers, 'calico/node', 'v2.6.12', 'node');
  addImage(server.answers, 'calico/libnetwork-plugin', 'v1.1.3', 'libnetwork');
  return { server, layers };
}

async function made(t: TestContext, server: SourcesServer, request: Partial<BundleRequest> = {}) {
  const out = folderOf(t);
  const said: string[] = [];
  const bundle = await makeBundle({
    options: defaultOptions(),
    sources: sourcesOf([`github.com=${server.url}`, `quay.io=${server.url}`]),
    places: PLACES,
    version: '1.2.3',
    out,
    say: (line) => said.push(line),
    ...request,
  });
  return { bundle, out, said, path: join(out, bundle.name) };
}

function unpacked(t: TestContext, path: string): string {
  const folder = folderOf(t);
  execFileSync('tar', ['-xf', path, '-C', folder]);
  return join(folder, readdirSync(folder)[0]!);
}

test('everything is in it, its sums are right, and the options that point there are good', async (t) => {
  const { server } = await sources(t);
  const { path, bundle, said } = await made(t, server);
  assert.equal(bundle.name, 'dcos-calico-1.2.3-bundle.tar');
  assert.equal(createHash('sha256').update(readFileSync(path)).digest('hex'), bundle.sha256);
  const folder = unpacked(t, path);
  assert.deepEqual(readdirSync(folder).sort(), [
    'README.txt',
    'SHA256SUMS',
    'calico.json',
    'files',
    'images',
  ]);
  assert.deepEqual(readdirSync(join(folder, 'files')).sort(), [
    'calico',
    'calico-ipam',
    'calicoctl',
    'etcd-v3.3.27-linux-amd64.tar.gz',
  ]);
  execFileSync('sha256sum', ['--check', '--strict', '--quiet', 'SHA256SUMS'], { cwd: folder });
  const { options, warnings } = await loadOptions({ file: join(folder, 'calico.json') });
  assert.deepEqual(warnings, []);
  assert.deepEqual(options.artifacts.mirrors, [PLACES.mirror]);
  assert.equal(options.node['override-node-image'], '10.0.0.9:5000/calico/node:v2.6.12');
  assert.equal(
    options.libnetwork['override-libnetwork-image'],
    '10.0.0.9:5000/calico/libnetwork-plugin:v1.1.3',
  );
  const sum = createHash('sha256').update('the file calico-ipam').digest('hex');
  assert.equal(options.artifacts['calico-ipam'].sha256, sum);
  assert.ok(said.some((line) => line.includes(`${sum} (measured: the options have no sum)`)));
});

test('an image is what docker load takes: its configuration, each layer once, its name', async (t) => {
  const { server, layers } = await sources(t);
  const folder = unpacked(t, (await made(t, server)).path);
  assert.deepEqual(readdirSync(join(folder, 'images')).sort(), [
    'calico-libnetwork-plugin-v1.1.3.tar',
    'calico-node-v2.6.12.tar',
  ]);
  const image = folderOf(t);
  execFileSync('tar', ['-xf', join(folder, 'images', archiveName(NODE)), '-C', image]);
  const [entry] = JSON.parse(readFileSync(join(image, 'manifest.json'), 'utf8'));
  assert.deepEqual(entry.RepoTags, [NODE]);
  assert.deepEqual(
    entry.Layers,
    layers.map((layer) => `${layer.slice('sha256:'.length)}.tar`),
  );
  assert.equal(
    readdirSync(image).length,
    2 + 2,
    'manifest, configuration, and two layers of which one stands in it twice',
  );
  const sha = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(image, name)))
      .digest('hex');
  for (const name of [entry.Config, ...entry.Layers]) assert.equal(sha(name), name.replace(/\.\w+$/, ''));
});

test('the same parts make the same bytes, whenever they are fetched', async (t) => {
  const { server } = await sources(t);
  const [first, second] = [await made(t, server), await made(t, server)];
  assert.deepEqual(readFileSync(first.path), readFileSync(second.path));
});

test('README.txt has the commands of this very bundle, and says what is to be put in where nobody said it', async (t) => {
  const { server } = await sources(t);
  const known = readFileSync(join(unpacked(t, (await made(t, server)).path), 'README.txt'), 'utf8');
  for (const line of [
    '  sha256sum --check SHA256SUMS',
    '  python3 -m http.server 8000 --directory files',
    '  docker load --input images/calico-node-v2.6.12.tar',
    `  docker tag ${NODE} 10.0.0.9:5000/calico/node:v2.6.12`,
    '  docker push 10.0.0.9:5000/calico/libnetwork-plugin:v1.1.3',
    '  dcos calico install --options calico.json --dry-run',
  ])
    assert.ok(known.split('\n').includes(line), line);
  assert.doesNotMatch(known, /example\.com/);
  const unknown = unpacked(t, (await made(t, server, { places: UNKNOWN })).path);
  assert.match(
    readFileSync(join(unknown, 'README.txt'), 'utf8'),
    /in the place of http:\/\/mirror\.example\.com:8000,/,
  );
  assert.deepEqual((await loadOptions({ file: join(unknown, 'calico.json') })).warnings, []);
});

test('what cannot be fetched is said, all of it at once, and no archive is made', async (t) => {
  const { server } = await sources(t);
  const { artifacts } = defaultOptions();
  const path = (name: 'etcd' | 'calico' | 'calico-ipam' | 'calicoctl') =>
    new URL(artifacts[name].url).pathname;
  server.answers.delete(path('etcd'));
  server.answers.set(path('calico'), { body: '<html>', type: 'text/html; charset=utf-8' });
  server.answers.set(path('calico-ipam'), { body: '' });
  server.answers.delete('/v2/calico/libnetwork-plugin/manifests/v1.1.3');
  const blob = [...server.answers.keys()].find((key) => key.startsWith('/v2/calico/node/blobs/'))!;
  server.answers.set(blob, { body: 'something else' });
  const options = defaultOptions();
  options.artifacts.calicoctl.sha256 = 'a'.repeat(64);
  const out = folderOf(t);
  const sources_ = sourcesOf([`github.com=${server.url}`, `quay.io=${server.url}`]);
  const making = makeBundle({
    options,
    sources: sources_,
    places: PLACES,
    version: '1',
    out,
    say: () => undefined,
  });
  await assert.rejects(making, (error: Incomplete) => {
    assert.ok(error instanceof Incomplete);
    const said = error.reasons.join('\n');
    for (const part of [
      /etcd-v3\.3\.27-linux-amd64\.tar\.gz: .*it answered 404 Not Found$/m,
      /v1\.11\.8\/calico: .*it answered with a web page$/m,
      /calico-ipam: .*it is empty$/m,
      /calicoctl: .*its SHA-256 is [0-9a-f]{64}, not a{64}$/m,
      /^quay\.io\/calico\/node:v2\.6\.12: .*its SHA-256 is/m,
      /^quay\.io\/calico\/libnetwork-plugin:v1\.1\.3: .*it answered 404 Not Found$/m,
    ])
      assert.match(said, part);
    assert.equal(error.reasons.length, 6);
    return true;
  });
  assert.deepEqual(readdirSync(out), []);
});

test('an old manifest, one for other processors, and a registry for members only are named as such', async (t) => {
  const { server } = await sources(t);
  const manifest = '/v2/calico/node/manifests/v2.6.12';
  const reasons = async (body: object) => {
    server.answers.set(manifest, { body: JSON.stringify(body) });
    const error = await made(t, server).then(
      () => assert.fail('it was made'),
      (failure: Incomplete) => failure,
    );
    return error.reasons.join('\n');
  };
  assert.match(await reasons({ schemaVersion: 1 }), /it is a manifest of version 1, and 2 is needed/);
  const arm = { digest: `sha256:${'0'.repeat(64)}`, platform: { os: 'linux', architecture: 'arm64' } };
  assert.match(await reasons({ schemaVersion: 2, manifests: [arm] }), /there is none for linux on amd64/);
  server.answers.set(manifest, { status: 401, body: '' });
  const error = await made(t, server).catch((failure: Incomplete) => failure);
  assert.match((error as Incomplete).reasons.join('\n'), /it wants a login, and there is none for everybody/);
});

test('names of images as Docker reads them', () => {
  const DIGEST = `sha256:${'e'.repeat(64)}`;
  for (const [image, registry, repository, reference, tag, loaded] of [
    [NODE, 'quay.io', 'calico/node', 'v2.6.12', 'v2.6.12', NODE],
    ['calico/node', 'registry-1.docker.io', 'calico/node', 'latest', 'latest', 'calico/node:latest'],
    ['busybox:1', 'registry-1.docker.io', 'library/busybox', '1', '1', 'busybox:1'],
    ['localhost/a:2', 'localhost', 'a', '2', '2', 'localhost/a:2'],
    [`r.org:5000/a/b@${DIGEST}`, 'r.org:5000', 'a/b', DIGEST, 'bundle', 'r.org:5000/a/b:bundle'],
    [`r.org/a:3@${DIGEST}`, 'r.org', 'a', DIGEST, '3', 'r.org/a:3'],
  ] as const) {
    assert.deepEqual(imageName(image), { registry, repository, reference, tag });
    assert.equal(loadedName(image), loaded);
  }
});

test('another place to fetch from is said by host', () => {
  const sources = sourcesOf(['github.com=http://10.0.0.9:8000/mirror/']);
  assert.equal(resolved('https://github.com/a/b', sources), 'http://10.0.0.9:8000/mirror/a/b');
  assert.equal(resolved('https://quay.io/v2/', sources), 'https://quay.io/v2/');
  assert.throws(() => sourcesOf(['github.com']), /is not HOST=URL/);
});

test('npm run package -- --bundle-only: exit codes, the sums of the folder, what is said', async (t) => {
  const { server } = await sources(t);
  const out = folderOf(t);
  writeFileSync(join(out, 'SHA256SUMS'), `${'b'.repeat(64)}  gone.zip\n`);
  // The server is of this process, which must not be held up meanwhile.
  const run = (...flags: string[]) =>
    new Promise<{ code: number | null; stdout: string; stderr: string }>((done) => {
      const child = spawn(process.execPath, ['scripts/package.mjs', '--bundle-only', ...flags], {
        cwd: join(import.meta.dirname, '../..'),
        env: { ...process.env, OUT: out, BUNDLE_SOURCES: `quay.io=${server.url}` },
      });
      const said = { stdout: '', stderr: '' };
      for (const stream of ['stdout', 'stderr'] as const)
        child[stream].on('data', (part) => {
          said[stream] += part;
        });
      child.on('close', (code) => done({ code, ...said }));
    });
  const github = ['--source', `github.com=${server.url}`];
  const lacking = await run('--source', 'github.com=http://127.0.0.1:9');
  assert.equal(lacking.code, 1);
  assert.match(lacking.stderr, /^No bundle was made\. Not fetched:$/m);
  assert.equal(lacking.stderr.match(/^ {2}https:\/\/github\.com\//gm)?.length, 4, lacking.stderr);
  const ran = await run(...github, '--mirror', PLACES.mirror, '--registry', PLACES.registry);
  assert.equal(ran.code, 0, ran.stderr);
  const [name] = readdirSync(out).filter((file) => file.endsWith('.tar'));
  assert.match(ran.stdout, new RegExp(`^${name} {2}[\\d.]+ MiB$`, 'm'));
  const sum = createHash('sha256')
    .update(readFileSync(join(out, name!)))
    .digest('hex');
  assert.equal(readFileSync(join(out, 'SHA256SUMS'), 'utf8'), `${sum}  ${name}\n`);
});
