// A login by a service account's key, held against a server that checks the signature.
import assert from 'node:assert/strict';
import { generateKeyPairSync, verify } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { connectionFromEnvironment } from '../../src/dcos/connection.ts';
import { tokenOf } from '../../src/dcos/service-account.ts';
import type { UserError } from '../../src/errors.ts';

const NOW = Date.parse('2026-11-24T03:00:00Z');
const { publicKey, privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});
const credential = (change: object = {}) =>
  JSON.stringify({
    scheme: 'RS256',
    uid: 'calico-cover',
    private_key: privateKey,
    login_endpoint: 'https://elsewhere.example/acs/api/v1/auth/login',
    ...change,
  });

test('the token is that of the cluster, for a signed word that ends soon', async () => {
  const asked: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (part) => (body += part));
    request.on('end', () => {
      asked.push({ path: request.url, authorization: request.headers.authorization, ...JSON.parse(body) });
      response.setHeader('content-type', 'application/json');
      response.end('{"token": "t0ken"}');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    assert.equal(await tokenOf(credential(), connectionFromEnvironment({ DCOS_URL: url }), NOW), 't0ken');
    const [{ path, authorization, uid, token }] = asked as [Record<string, string>];
    assert.deepEqual([path, authorization, uid], ['/acs/api/v1/auth/login', undefined, 'calico-cover']);
    const [head, claims, signature] = token!.split('.');
    const signed = Buffer.from(`${head}.${claims}`);
    assert.ok(verify('RSA-SHA256', signed, publicKey, Buffer.from(signature!, 'base64url')));
    const read = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
    assert.deepEqual(read(head!), { alg: 'RS256', typ: 'JWT' });
    assert.deepEqual(read(claims!), { uid: 'calico-cover', exp: NOW / 1000 + 300 });
  } finally {
    server.close();
  }
});

test('a credential that is none is said, and nothing of it shown', async () => {
  const connection = connectionFromEnvironment({ DCOS_URL: 'http://127.0.0.1:1' });
  for (const text of [
    '',
    '{"uid": "s3cret"}',
    credential({ scheme: 's3cret' }),
    credential({ private_key: 's3cret' }),
  ])
    await assert.rejects(tokenOf(text, connection, NOW), ({ problem }: UserError) => {
      assert.equal(problem.code, 'bad-service-account');
      assert.ok(!JSON.stringify(problem).includes('s3cret'));
      return true;
    });
});
