import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { Redaction } from '../../src/diagnostics/redact.ts';
import { tarOf } from '../../src/diagnostics/tar.ts';
import { archiveName, writeArchive } from '../../src/diagnostics/write.ts';
import type { UserError } from '../../src/errors.ts';
import { untar } from './untar.ts';

test('an archive holds each file under its name', () => {
  const name = fc.stringMatching(/^[a-z0-9]{1,30}(\/[a-z0-9.:-]{1,60}){0,3}$/);
  fc.assert(
    fc.property(
      fc.dictionary(name, fc.string({ unit: 'grapheme', maxLength: 2000 }), { maxKeys: 6 }),
      (files) => {
        const tar = tarOf(new Map(Object.entries(files)), 1_795_490_000);
        assert.equal(tar.length % 512, 0);
        assert.deepEqual([...untar(tar)], Object.entries(files));
      },
    ),
  );
});

test('secrets are taken out of any text, and the rest stays', () => {
  const redaction = new Redaction(['the-token-of-this-session']);
  const secrets: [string, string][] = [
    ['Authorization: token=abc.def', 'Authorization: ***'],
    ['curl -H "Authorization: Bearer abc123" http://x', '***'],
    ['eyJhbGciOiJIUzI1NiJ9.eyJ1aWQiOiJhbm5hIn0.c2lnbmF0dXJl', '***'],
    ['http://anna:hunter2@10.0.0.1:2379/v2', 'http://***@10.0.0.1:2379/v2'],
    ['https://mirror/a.tgz?X-Amz-Signature=1&sig=hunter2', 'sig=***'],
    ['-----BEGIN RSA PRIVATE KEY-----\nhunter2\n-----END RSA PRIVATE KEY-----', '***'],
    ['{"auths": {"quay.io": {"auth": "aHVudGVyMg=="}}}', '"auth": "***"'],
    ['password: hunter2', 'password: ***'],
    ['sent the-token-of-this-session', 'sent ***'],
  ];
  for (const [text, stays] of secrets) {
    const plain = redaction.text(`before ${text} after`);
    assert.ok(plain.includes(stays), plain);
    assert.doesNotMatch(plain, /hunter2|abc123|abc\.def|aHVudGVyMg|c2lnbmF0dXJl|of-this-session/);
    assert.match(plain, /^before /);
  }
  const kept = 'docker: failed: Docker already uses etcd://10.0.0.1:2379 as its store (/etc/docker/key.json)';
  assert.equal(redaction.text(kept), kept);
});

test('a value under a secret name is taken out, whatever it is; a path of a key is no key', () => {
  const json = new Redaction().json({
    env: {
      MYSQL_PASSWORD: 'hunter2',
      API_TOKEN: 'x',
      DCOS_CALICO_ETCD_KEY_FILE: '/etc/etcd/client-key.pem',
      URL: 'http://a:b@c/',
    },
    secrets: {},
  });
  assert.deepEqual(JSON.parse(json), {
    env: {
      MYSQL_PASSWORD: '***',
      API_TOKEN: '***',
      DCOS_CALICO_ETCD_KEY_FILE: '/etc/etcd/client-key.pem',
      URL: 'http://***@c/',
    },
    secrets: {},
  });
});

test('it is its owner’s alone, holds one directory, and replaces nothing', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'calico-archive-'));
  try {
    const now = Date.parse('2026-11-24T03:54:45.123Z');
    const path = join(folder, archiveName(now));
    assert.match(path, /dcos-calico-diagnostics-20261124T035445Z\.tar\.gz$/);
    await writeArchive(path, new Map([['manifest.json', '{}\n']]), now);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(
      [...untar(gunzipSync(readFileSync(path)))],
      [['dcos-calico-diagnostics-20261124T035445Z/manifest.json', '{}\n']],
    );
    await assert.rejects(writeArchive(path, new Map(), now), (error: UserError) => {
      assert.equal(error.problem.code, 'file-exists');
      assert.equal(error.problem.exit, 2);
      return true;
    });
    const nowhere = join(folder, 'none', 'a.tar.gz');
    await assert.rejects(writeArchive(nowhere, new Map(), now), { name: 'UserError' });
    assert.ok(!existsSync(nowhere));
  } finally {
    rmSync(folder, { recursive: true });
  }
});
