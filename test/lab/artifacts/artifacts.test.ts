// Stand-ins of the artifacts: the forms of the real ones, the same bytes everywhere, from any mirror.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type ArtifactServer, startArtifacts } from '../../../src/lab/artifacts/server.ts';
import { standIn } from '../../../src/lab/artifacts/stand-ins.ts';
import { tar } from '../../../src/lab/artifacts/tar.ts';

const ETCD = 'https://github.com/etcd-io/etcd/releases/download/v3.3.27/etcd-v3.3.27-linux-amd64.tar.gz';
let server: ArtifactServer;
before(async () => {
  server = await startArtifacts();
});
after(() => server.stop());

test('tar reads the archive, and the program in it says its version', () => {
  const dir = mkdtempSync(join(tmpdir(), 'artifact-'));
  try {
    writeFileSync(join(dir, 'etcd.tar.gz'), standIn(ETCD)!.content);
    execFileSync('tar', ['-xzf', 'etcd.tar.gz'], { cwd: dir });
    const program = join(dir, 'etcd-v3.3.27-linux-amd64/etcd');
    assert.equal(statSync(program).mode & 0o777, 0o755);
    assert.match(execFileSync(program, ['--version'], { encoding: 'utf8' }), /^etcd Version: 3\.3\.27\n/);
    writeFileSync(
      join(dir, 'long.tar'),
      tar([
        { path: 'a', content: Buffer.alloc(512, 'x'), mode: 0o644 },
        { path: 'b', content: Buffer.from(''), mode: 0o600 },
      ]),
    );
    assert.equal(execFileSync('tar', ['-tf', 'long.tar'], { cwd: dir, encoding: 'utf8' }), 'a\nb\n');
  } finally {
    rmSync(dir, { recursive: true });
  }
});

test('a checksum is that of the bytes, the same on every machine and from every mirror', () => {
  assert.equal(standIn(ETCD)!.sha256, standIn(`http://mirror.example/files/${standIn(ETCD)!.file}`)!.sha256);
  // Written down: other bytes would be another artifact to every options file that pins it.
  assert.equal(
    standIn('https://x/calico')!.sha256,
    '3728a795f536e835b0f4d3543b03e67ff1247b8e91aa81e43557229fa9fd9ce1',
  );
  assert.notEqual(standIn('https://x/calico')!.sha256, standIn('https://x/calico-ipam')!.sha256);
  assert.equal(standIn('https://x/unknown'), undefined);
});

test('the server: known files, its own, what is missing, and each fault', async () => {
  const get = async (path: string) => {
    const response = await fetch(server.url + path);
    return { status: response.status, body: Buffer.from(await response.arrayBuffer()) };
  };
  const calico = standIn('https://x/calico')!.content;
  assert.deepEqual(await get('/any/where/calico?x=1'), { status: 200, body: calico });
  assert.equal((await get('/nothing')).status, 404);
  const sum = server.add('/mine/file', Buffer.from('own'));
  assert.equal(sum.length, 64);
  assert.equal((await get('/mine/file')).body.toString(), 'own');
  server.setFaults([
    { path: '/calico', kind: 'status', status: 404, times: 1 },
    { path: '/calico', kind: 'wrong', times: 1 },
    { path: '/calico', kind: 'short', times: 1 },
  ]);
  assert.equal((await get('/calico')).status, 404);
  const wrong = await get('/calico');
  assert.deepEqual([wrong.body.length, wrong.body.equals(calico)], [calico.length, false]);
  await assert.rejects(get('/calico'));
  assert.deepEqual((await get('/calico')).body, calico);
  assert.equal(server.requests.length, 7);
});
