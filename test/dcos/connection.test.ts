import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { connectionFromEnvironment } from '../../src/dcos/connection.ts';
import { UserError } from '../../src/errors.ts';

const URL = 'https://master.example.com';
const code = (env: Record<string, string>): string => {
  try {
    connectionFromEnvironment(env);
  } catch (error) {
    assert.ok(error instanceof UserError);
    assert.equal(error.problem.exit, 2);
    assert.ok(error.problem.remedy!.some((line) => line.includes('dcos ')));
    return error.problem.code;
  }
  return 'none';
};

test('all that dcos gives its plugins', () => {
  const caPath = join(import.meta.dirname, 'tls/authority.pem');
  const connection = connectionFromEnvironment({
    DCOS_URL: `${URL}/`,
    DCOS_ACS_TOKEN: ' abc ',
    DCOS_TLS_CA_PATH: caPath,
    DCOS_CLI_VERSION: '1.2.0',
    DCOS_VERBOSITY: '2',
    DCOS_CALICO_MARATHON: 'infra/marathon',
    'DCOS_CALICO_SOME-KEY': 'x',
    DCOS_CALICO_OTHER_KEY: 'y',
    PATH: '/bin',
  });
  assert.equal(connection.token, 'abc');
  assert.deepEqual(
    { ...connection },
    {
      url: URL,
      tls: { verify: true, caPath },
      cliVersion: '1.2.0',
      verbosity: 2,
      settings: { marathon: 'infra/marathon', 'some-key': 'x', 'other-key': 'y' },
      proxy: {},
    },
  );
});

test('the least: an address', () => {
  const connection = connectionFromEnvironment({ DCOS_URL: 'http://127.0.0.1:8080', DCOS_ACS_TOKEN: '' });
  assert.equal(connection.token, undefined);
  assert.deepEqual(
    { ...connection },
    {
      url: 'http://127.0.0.1:8080',
      tls: { verify: true },
      verbosity: 0,
      settings: {},
      proxy: {},
    },
  );
});

test('verification is off only where dcos says so', () => {
  const verify = (DCOS_TLS_INSECURE: string) =>
    connectionFromEnvironment({ DCOS_URL: URL, DCOS_TLS_INSECURE }).tls.verify;
  assert.deepEqual(['1', 'true', '', '0', 'false'].map(verify), [false, false, true, true, true]);
});

test('what cannot be used', () => {
  assert.equal(code({}), 'no-cluster');
  assert.equal(code({ DCOS_URL: '  ' }), 'no-cluster');
  assert.equal(code({ DCOS_URL: 'master' }), 'bad-cluster-url');
  assert.equal(code({ DCOS_URL: 'ftp://master' }), 'bad-cluster-url');
  for (const token of ['a b', 'a\nb', 'ü'])
    assert.equal(code({ DCOS_URL: URL, DCOS_ACS_TOKEN: token }), 'bad-token');
  assert.equal(code({ DCOS_URL: URL, DCOS_TLS_CA_PATH: '/no/such/file' }), 'no-ca-file');
});

test('a password in the address is neither kept nor shown', () => {
  assert.equal(
    connectionFromEnvironment({ DCOS_URL: 'https://me:secret@master/x//?token=1#y' }).url,
    'https://master/x',
  );
  assert.throws(
    () => connectionFromEnvironment({ DCOS_URL: 'ftp://me:secret@master' }),
    (error) => error instanceof Error && !error.message.includes('secret'),
  );
});

test('proxies, in the names that curl knows', () => {
  const { proxy } = connectionFromEnvironment({
    DCOS_URL: URL,
    https_proxy: 'http://p:1',
    HTTP_PROXY: 'http://q:2',
    NO_PROXY: 'a',
  });
  assert.deepEqual(proxy, { http: 'http://q:2', https: 'http://p:1', no: 'a' });
});
